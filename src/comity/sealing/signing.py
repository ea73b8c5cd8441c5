# SPDX-License-Identifier: Apache-2.0
"""Ed25519 signatures, alone or in a DSSE envelope that carries what it signs.

An envelope (secure-systems-lab/dsse, version 1) signs its payload together with the payload's
type, so a signature over one kind of message never passes for one over another.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError, VerificationError
from comity.sealing.keys import SigningKey, VerificationKey


class SignatureBrokenError(VerificationError):
    """No trusted key made the signature over these bytes."""

    code = "signature-broken"
    message = N_("The signature does not fit: {obstacle}.")
    remedy = N_("Check which key the signer uses now, and fetch what was signed again.")


class EnvelopeUnreadableError(InvalidInputError):
    """A text is not a DSSE envelope."""

    code = "envelope-unreadable"
    message = N_("This is not a DSSE envelope: {obstacle}.")
    remedy = N_("Check that the right file was named and that it arrived whole.")


def sign(content: bytes, key: SigningKey) -> bytes:
    """The detached signature, 64 bytes."""
    return key.sign(content)


def verify(content: bytes, signature: bytes, key: VerificationKey) -> None:
    """Raise `SignatureBrokenError` unless the key signed exactly these bytes."""
    if not key.fits(signature, content):
        raise SignatureBrokenError(obstacle=f"key {key.key_id} did not sign these bytes")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of an envelope. The key id is a hint and proves nothing."""

    key_id: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload with its type and signatures; trust only what `open_envelope` returns."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]

    def as_dict(self) -> dict[str, Any]:
        """The envelope as the JSON object of the DSSE specification."""
        signatures = [{"keyid": s.key_id, "sig": _base64(s.signature)} for s in self.signatures]
        return {
            "payload": _base64(self.payload),
            "payloadType": self.payload_type,
            "signatures": signatures,
        }


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """The bytes that an envelope's signatures cover."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def make_envelope(payload: bytes, payload_type: str, keys: Iterable[SigningKey]) -> Envelope:
    """The payload in an envelope, signed by each key."""
    to_sign = pre_authentication_encoding(payload_type, payload)
    signatures = tuple(Signature(key.public.key_id, key.sign(to_sign)) for key in keys)
    return Envelope(payload_type, payload, signatures)


def open_envelope(
    envelope: Envelope, payload_type: str, keys: Iterable[VerificationKey], *, at_least: int = 1
) -> bytes:
    """The payload, once enough different trusted keys prove to have signed it as this type."""
    if envelope.payload_type != payload_type:
        obstacle = f"expected type {payload_type}, found {envelope.payload_type}"
        raise SignatureBrokenError(obstacle=obstacle)
    signed = pre_authentication_encoding(envelope.payload_type, envelope.payload)
    fitting = {
        key.fingerprint
        for key in keys
        if any(key.fits(signature.signature, signed) for signature in envelope.signatures)
    }
    if len(fitting) < max(at_least, 1):
        obstacle = f"{len(fitting)} trusted keys signed the envelope, {max(at_least, 1)} expected"
        raise SignatureBrokenError(obstacle=obstacle)
    return envelope.payload


def read_envelope(members: Mapping[str, Any]) -> Envelope:
    """The envelope of a JSON object, nothing of it verified."""
    try:
        return Envelope(
            payload_type=_text(members["payloadType"]),
            payload=_bytes(members["payload"]),
            signatures=tuple(
                Signature(_text(s.get("keyid", "")), _bytes(s["sig"]))
                for s in members["signatures"]
            ),
        )
    except KeyError as error:
        raise EnvelopeUnreadableError(obstacle=f"{error} is missing") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise EnvelopeUnreadableError(obstacle="a member has another type") from error


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected text")
    return value


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error as error:
        raise ValueError("expected base64") from error
