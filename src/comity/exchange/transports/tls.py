# SPDX-License-Identifier: Apache-2.0
"""TLS between nodes: 1.3 only, a certificate on both sides, and none trusted but the pinned ones.

No authority vouches for anybody: the certificates on a partner's card are themselves the only
anchors, and a connection's certificate is looked up by its SHA-256. The contexts are made anew
whenever a certificate of ours or a partner's changes; connections that exist are judged by every
request again (`partner_of_certificate`).
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.exchange.partner import CardKey, KeyUse, Partner, PartnerState


class TlsKeyError(InvalidInputError):
    """The node's own certificate and key cannot be used."""

    code = "tls-key-unusable"
    message = N_("The node's TLS certificate and key cannot be used: {obstacle}.")
    remedy = N_("Make new ones with `comity partner rotate-keys`.")


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """Where this node's certificate and its key lie."""

    certificate: Path
    key: Path
    passphrase: bytes | None = None


def certificate_digest(certificate: str) -> str:
    """SHA-256 (hexadecimal) of the DER form of a certificate in PEM."""
    return hashlib.sha256(_der(certificate)).hexdigest()


def pins(keys: Iterable[CardKey], *, at: datetime) -> frozenset[str]:
    """The digests of the certificates among the keys that may be shown at this instant."""
    return frozenset(certificate_digest(key.public) for key in _certificates(keys, at))


def partner_of_certificate(
    partners: Sequence[Partner], digest: str, *, at: datetime
) -> Partner | None:
    """Whose certificate this is, judged now: a revoked one is nobody's."""
    return next((each for each in partners if digest in pins(each.keys, at=at)), None)


def server_context(
    own: OwnCertificate, partners: Iterable[Partner], *, at: datetime
) -> ssl.SSLContext:
    """For the listener: nobody gets past the handshake without a certificate of a partner."""
    keys = [key for each in partners if each.state in _HEARD for key in each.keys]
    context = _context(ssl.PROTOCOL_TLS_SERVER, own, _certificates(keys, at))
    context.num_tickets = 0  # no session is resumed: every connection shows its certificate
    return context


def client_context(own: OwnCertificate, keys: Iterable[CardKey], *, at: datetime) -> ssl.SSLContext:
    """For connections to the partner with these keys."""
    return _context(ssl.PROTOCOL_TLS_CLIENT, own, _certificates(keys, at))


_HEARD = frozenset({PartnerState.ACTIVE, PartnerState.SUSPENDED})
"""A suspended partner is answered, that it may know."""


def _context(role: int, own: OwnCertificate, anchors: Sequence[CardKey]) -> ssl.SSLContext:
    context = ssl.SSLContext(role)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False  # the certificate itself is pinned, whatever it is called
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    passphrase = own.passphrase or b""  # never ask at a terminal
    try:
        context.load_cert_chain(own.certificate, own.key, passphrase)
    except OSError as error:  # what OpenSSL says is one too
        raise TlsKeyError(obstacle=type(error).__name__) from error
    for anchor in anchors:
        context.load_verify_locations(cadata=_der(anchor.public))
    return context


def _certificates(keys: Iterable[CardKey], at: datetime) -> list[CardKey]:
    return [key for key in keys if key.use is KeyUse.TLS and key.fits(at)]


@lru_cache(maxsize=1024)
def _der(certificate: str) -> bytes:
    try:
        return ssl.PEM_cert_to_DER_cert(certificate.strip())
    except ValueError as error:
        raise TlsKeyError(obstacle="a certificate on a card is not PEM") from error
