# SPDX-License-Identifier: Apache-2.0
"""The TLS certificates of nodes: self-signed, P-256, and trusted by their SHA-256 alone.

Two nodes agree on each other's certificate by their cards; no authority stands between them. So
what counts here is that a certificate is the very one that was announced, that its own text holds
together, and that the instant lies in its validity.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.sealing.keys import KEY_ID_LENGTH


class CertificateUnreadableError(InvalidInputError):
    """A text is not one X.509 certificate in PEM."""

    code = "certificate-unreadable"
    message = N_("This is not one certificate in PEM: {obstacle}.")
    remedy = N_("Export the certificate alone, as PEM, without its key and without a chain.")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it was read; nothing of it is trusted for that."""

    pem: bytes
    names: tuple[str, ...]
    """Host names and addresses that it speaks for."""
    valid_from: datetime
    valid_until: datetime
    pin: str
    """SHA-256 of the DER, in hexadecimal."""

    @property
    def key_id(self) -> str:
        """The short name under which a card lists it."""
        return self.pin[:KEY_ID_LENGTH]

    @property
    def der(self) -> bytes:
        """The certificate's bytes."""
        return _parsed(self.pem).public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True, slots=True)
class MadeCertificate:
    """A new certificate with its private key."""

    certificate: Certificate
    private_pem: bytes = field(repr=False)


def make_certificate(
    *, common_name: str, names: tuple[str, ...], valid_from: datetime, valid_until: datetime
) -> MadeCertificate:
    """A self-signed certificate for both ends of TLS, with a new P-256 key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
            ),
            critical=False,
        )
    )
    if names:
        alternatives = x509.SubjectAlternativeName([_general(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    made = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return MadeCertificate(read_certificate(made.public_bytes(serialization.Encoding.PEM)), private)


def read_certificate(pem: bytes) -> Certificate:
    """What the one certificate of this text says; raises `CertificateUnreadableError`."""
    if pem.count(b"-----BEGIN ") != 1:
        found = pem.count(b"-----BEGIN ")
        raise CertificateUnreadableError(obstacle=f"expected 1 PEM block, found {found}")
    parsed = _parsed(pem)
    return Certificate(
        pem=parsed.public_bytes(serialization.Encoding.PEM),
        names=_names(parsed),
        valid_from=parsed.not_valid_before_utc,
        valid_until=parsed.not_valid_after_utc,
        pin=certificate_pin(parsed.public_bytes(serialization.Encoding.DER)),
    )


def read_der_certificate(der: bytes) -> Certificate:
    """What a certificate says that came in a TLS handshake."""
    try:
        parsed = x509.load_der_x509_certificate(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateUnreadableError(obstacle="its bytes are no certificate") from error
    return read_certificate(parsed.public_bytes(serialization.Encoding.PEM))


def certificate_pin(der: bytes) -> str:
    """SHA-256 of a certificate's DER, in hexadecimal: what a partner's connection is held to."""
    return hashlib.sha256(der).hexdigest()


def _parsed(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateUnreadableError(obstacle="it does not parse") from error


def _names(parsed: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    except ValueError as error:
        raise CertificateUnreadableError(obstacle="its extensions do not parse") from error
    hosts = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    return (*hosts, *(str(address) for address in addresses))


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
