# SPDX-License-Identifier: Apache-2.0
"""The one spelling of a signed document on the wire: DSSE as canonical JSON, within its limits.

`signed` makes it, `read_signed` reads it without trust, `verify_signed` returns the payload only
when trusted keys made it. Which keys those are, and at what instant, is the caller's question.
"""

from __future__ import annotations

from collections.abc import Iterable

from comity.exchange import wire
from comity.exchange.members import read_object
from comity.exchange.wire import DocumentUnknownError, WireFormError
from comity.sealing.canonical_json import canonical
from comity.sealing.keys import SigningKey, VerificationKey
from comity.sealing.signing import (
    Envelope,
    SignatureBrokenError,
    make_envelope,
    pre_authentication_encoding,
    read_envelope,
)


def signed(payload: bytes, payload_type: str, keys: Iterable[SigningKey]) -> bytes:
    """The document: the payload signed by each key."""
    return canonical(make_envelope(payload, payload_type, keys).as_dict())


def read_signed(document: bytes, payload_type: str) -> Envelope:
    """The payload with its signatures, nothing of them verified."""
    members = read_object(document, "signed document", wire.DOCUMENT_BYTES)
    names = ("payload", "payloadType", "signatures")
    given = {name: members.anything(name) for name in names}
    envelope = read_envelope(given)
    count = len(envelope.signatures)
    wire.require_at_most(count, wire.SIGNATURES, document="signed document", member="signatures")
    if envelope.payload_type != payload_type:
        raise DocumentUnknownError(found="another kind", expected=payload_type)
    if envelope.as_dict() != given:  # base64 has several spellings of the same bytes
        raise WireFormError(
            document="signed document",
            member="payload or a signature",
            found="another spelling",
            expected="the one spelling of DSSE",
        )
    return envelope


def verify_signed(
    document: bytes, payload_type: str, keys: Iterable[VerificationKey], *, at_least: int = 1
) -> bytes:
    """The payload, once enough different trusted keys, named by their ids, made its signatures."""
    return verify_read(read_signed(document, payload_type), keys, at_least=at_least)


def verify_read(envelope: Envelope, keys: Iterable[VerificationKey], *, at_least: int = 1) -> bytes:
    """The payload of a document that was read already, verified as `verify_signed` does."""
    trusted = {key.key_id: key for key in keys}
    to_verify = pre_authentication_encoding(envelope.payload_type, envelope.payload)
    fitting = {
        signature.key_id
        for signature in envelope.signatures
        if signature.key_id in trusted
        and trusted[signature.key_id].fits(signature.signature, to_verify)
    }
    if len(fitting) < max(at_least, 1):
        obstacle = f"{len(fitting)} trusted keys signed it, {max(at_least, 1)} expected"
        raise SignatureBrokenError(obstacle=obstacle)
    return envelope.payload
