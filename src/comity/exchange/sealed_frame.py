# SPDX-License-Identifier: Apache-2.0
"""A signed document sealed for one recipient, with the keys of its parts.

A fresh document key encrypts the document (AES-256-GCM); that key and the content keys of the
parts travel wrapped by HPKE (RFC 9180) for the recipient. The header is readable by whoever
carries the frame and bound to both. It proves no sender: the document inside is signed.

    magic (16) | length of header (4) | of wrapped keys (4) | of document (4)
    | header (canonical JSON) | wrapped keys | sealed document
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from comity.catalogues import N_
from comity.errors import InvalidInputError, VerificationError
from comity.exchange import members as form
from comity.exchange import wire
from comity.exchange.members import Members, read_object
from comity.sealing.canonical_json import canonical
from comity.sealing.keys import DecryptionKey, EncryptionKey
from comity.sealing.wrapping import (
    DEFAULT_SUITE,
    SUITES,
    WrappingBrokenError,
    open_document,
    seal_document,
    unwrap,
    wrap,
)

MAGIC = b"COMITY-FRAME\r\n\x1a\n"
"""Its line ends show a transfer that took the frame for text."""
PRELUDE_LENGTH = len(MAGIC) + 3 * 4
INFO = b"COMITY-FRAME-KEYS/1\n"
"""What HPKE's info begins with; the header's bytes follow."""
_TAG_LENGTH = 16


class FrameUnreadableError(InvalidInputError):
    """Bytes are not a sealed frame, or not all of one."""

    code = "frame-unreadable"
    message = N_("This is not a sealed frame: {obstacle}.")
    remedy = N_("Check that the right file was named and that it arrived whole.")


class SuiteUnknownError(InvalidInputError):
    """A frame is sealed by a suite that this release does not have."""

    code = "suite-unknown"
    message = N_("The frame is sealed by a suite that this node does not have: it has {known}.")
    remedy = N_("Ask the sender to seal by a suite that this node's release has.")


class KeyUnknownError(VerificationError):
    """A frame is sealed for a key that is not there."""

    code = "encryption-key-unknown"
    message = N_("The frame is sealed for key {found}, which this node does not have.")
    remedy = N_("Give the sender this node's current card: it holds the keys to seal for.")


class FrameBrokenError(VerificationError):
    """A frame was altered, or is not sealed for the key that it names."""

    code = "frame-broken"
    message = N_("The frame does not open with key {key}: {obstacle}.")
    remedy = N_("Fetch the frame again; it was altered or sealed for another key.")


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """What a frame says of itself to whoever carries it. Only opening proves it."""

    wire: int
    suite: str
    message: str
    """Id of the envelope that is sealed, or that the sealed evidence is about."""
    sender: str
    recipient: str
    key_id: str
    """The recipient's key."""
    payload_type: str
    """Of the document."""
    parts: int
    """How many keys of parts travel with it."""
    further: Mapping[str, Any] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The header's canonical bytes."""
        return canonical(
            {
                **self.further,
                "wire": self.wire,
                "suite": self.suite,
                "message": self.message,
                "sender": self.sender,
                "recipient": self.recipient,
                "key": self.key_id,
                "type": self.payload_type,
                "parts": self.parts,
            }
        )


@dataclass(frozen=True, slots=True)
class OpenedFrame:
    """What was sealed. Nothing is proven of who sealed it."""

    header: FrameHeader
    document: bytes
    part_keys: tuple[bytes, ...] = field(repr=False)


class Readable(Protocol):
    """What frames are read from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


def seal(
    document: bytes,
    *,
    message: str,
    sender: str,
    recipient: str,
    payload_type: str,
    part_keys: Sequence[bytes] = (),
    to: EncryptionKey,
    version: int = wire.CURRENT,
    suite: str = DEFAULT_SUITE,
) -> bytes:
    """The frame that only the holder of the key opens."""
    header = FrameHeader(
        wire=version,
        suite=suite,
        message=message,
        sender=sender,
        recipient=recipient,
        key_id=to.key_id,
        payload_type=payload_type,
        parts=len(part_keys),
    ).encoded()
    document_key = secrets.token_bytes(wire.KEY_BYTES)
    keys = b"".join((document_key, *part_keys))
    wrapped = wrap(keys, to, bound_to=INFO + header, suite=suite)
    sealed = seal_document(document, document_key, bound_to=header)
    lengths = (len(header), len(wrapped), len(sealed))
    _require_lengths(*lengths)
    prelude = MAGIC + b"".join(length.to_bytes(4, "big") for length in lengths)
    return b"".join((prelude, header, wrapped, sealed))


def frame_length(prelude: bytes) -> int:
    """How long the frame is that begins with these 28 bytes; refuses what is too long."""
    return PRELUDE_LENGTH + sum(_lengths(prelude))


def read_frame(source: Readable) -> bytes:
    """The one frame that the source holds; at most its limits are read, whatever it announces."""
    prelude = _read_full(source, PRELUDE_LENGTH)
    length = frame_length(prelude)
    frame = prelude + _read_full(source, length - PRELUDE_LENGTH)
    if len(frame) < length or source.read(1):
        raise FrameUnreadableError(obstacle="it is longer or shorter than it says")
    return frame


def read_header(frame: bytes) -> FrameHeader:
    """What the frame says of itself, nothing of it proven."""
    length = _lengths(frame)[0]
    encoded = frame[PRELUDE_LENGTH : PRELUDE_LENGTH + length]
    members = read_object(encoded, "frame header", wire.FRAME_HEADER_BYTES)
    version = wire.require_version(members.anything("wire"))
    return FrameHeader(
        wire=version,
        suite=_read_suite(members),
        message=members.text("message", form.IDENTIFIER),
        sender=members.text("sender", form.ADMINISTRATION, most=wire.ADMINISTRATION),
        recipient=members.text("recipient", form.ADMINISTRATION, most=wire.ADMINISTRATION),
        key_id=members.text("key", form.KEY_ID),
        payload_type=members.text("type", form.MEDIA_TYPE, most=wire.MEDIA_TYPE),
        parts=members.number("parts", most=wire.PARTS),
        further=members.rest(),
    )


def open_frame(frame: bytes, keys: Mapping[str, DecryptionKey]) -> OpenedFrame:
    """What was sealed for one of these keys, which are named by their key ids."""
    lengths = _lengths(frame)
    if len(frame) != PRELUDE_LENGTH + sum(lengths):
        raise FrameUnreadableError(obstacle="it is longer or shorter than it says")
    header = read_header(frame)
    key = keys.get(header.key_id)
    if key is None:
        raise KeyUnknownError(found=header.key_id)
    keys_at = PRELUDE_LENGTH + lengths[0]
    document_at = keys_at + lengths[1]
    encoded, wrapped = frame[PRELUDE_LENGTH:keys_at], frame[keys_at:document_at]
    try:
        unwrapped = unwrap(wrapped, key, bound_to=INFO + encoded, suite=header.suite)
        opened = _split(unwrapped, header)
        document = open_document(frame[document_at:], opened[0], bound_to=encoded)
    except WrappingBrokenError as error:
        obstacle = "it was altered or sealed for another"
        raise FrameBrokenError(key=header.key_id, obstacle=obstacle) from error
    return OpenedFrame(header, document, opened[1:])


def _split(keys: bytes, header: FrameHeader) -> tuple[bytes, ...]:
    """The document key and the key of each part."""
    if len(keys) != wire.KEY_BYTES * (1 + header.parts):
        obstacle = "it holds keys for another number of parts than its header says"
        raise FrameBrokenError(key=header.key_id, obstacle=obstacle)
    starts = range(0, len(keys), wire.KEY_BYTES)
    return tuple(keys[start : start + wire.KEY_BYTES] for start in starts)


def _read_suite(members: Members) -> str:
    suite = members.text("suite", form.CODE, most=wire.CODE)
    if suite not in SUITES:
        raise SuiteUnknownError(known=", ".join(SUITES))
    return suite


def _lengths(frame: bytes) -> tuple[int, int, int]:
    """The lengths that a frame announces, each within its limit."""
    if len(frame) < PRELUDE_LENGTH or not frame.startswith(MAGIC):
        raise FrameUnreadableError(obstacle="its first bytes are not those of a frame")
    at = len(MAGIC)
    header, keys, document = (
        int.from_bytes(frame[start : start + 4], "big") for start in (at, at + 4, at + 8)
    )
    _require_lengths(header, keys, document)
    return header, keys, document


def _require_lengths(header: int, keys: int, document: int) -> None:
    for member, length, most in (
        ("header (bytes)", header, wire.FRAME_HEADER_BYTES),
        ("key list (bytes)", keys, wire.KEY_LIST_BYTES),
        ("document (bytes)", document, wire.DOCUMENT_BYTES + _TAG_LENGTH),
    ):
        wire.require_at_most(length, most, document="frame", member=member)


def _read_full(source: Readable, length: int) -> bytes:
    pieces, missing = [], length
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
