# SPDX-License-Identifier: Apache-2.0
"""Sealing a stream of any length for one recipient, in constant memory.

A fresh content key is wrapped for the recipient by HPKE (RFC 9180: X25519, HKDF-SHA256,
AES-256-GCM); the content follows in `segments`, bound to the digest of all that precedes
them. It proves no sender: sign what must have one.

    magic (16) | key id (8) | length of wrapped key (2) | wrapped key | segment | segment | …
"""

from __future__ import annotations

import hashlib
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from comity.catalogues import N_
from comity.errors import VerificationError
from comity.sealing.keys import DecryptionKey, EncryptionKey
from comity.sealing.segments import (
    CONTENT_KEY_LENGTH,
    SEALED_SEGMENT_LENGTH,
    SEGMENT_LENGTH,
    Segments,
    make_content_key,
)

MAGIC = b"COMITY-SEALED/1\n"
_KEY_ID_BYTES = 8
_HEADER_START = len(MAGIC) + _KEY_ID_BYTES + 2
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Readable(Protocol):
    """What bytes are read from: a file, a pipe, a socket's file."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Writable(Protocol):
    """What bytes are written to."""

    def write(self, content: bytes, /) -> object:
        """Take all of these bytes."""


class NotSealedError(VerificationError):
    """The stream does not begin as a sealed one does."""

    code = "not-sealed"
    message = N_("The stream is not one that Comity sealed: {obstacle}.")
    remedy = N_("Check that the right file was named and that it arrived whole.")


class SealedForAnotherError(VerificationError):
    """The stream was sealed for a different key."""

    code = "sealed-for-another"
    message = N_("The stream was sealed for key {expected}, and the key given is {found}.")
    remedy = N_("Fetch the private key whose fingerprint begins with {expected}.")


def encrypt_stream(source: Readable, sink: Writable, recipient_public_key: EncryptionKey) -> int:
    """Seal all of the source for the recipient; the number of plain bytes read."""
    content_key = make_content_key()
    header = _make_header(content_key, recipient_public_key)
    sink.write(header)
    segments = Segments(content_key, hashlib.sha256(header).digest())
    total, number = 0, 0
    segment = _read_full(source, SEGMENT_LENGTH)
    while True:
        following = _read_full(source, SEGMENT_LENGTH) if len(segment) == SEGMENT_LENGTH else b""
        final = not following
        sink.write(segments.seal(number, segment, final=final))
        total, number = total + len(segment), number + 1
        if final:
            return total
        segment = following


def decrypt_stream(source: Readable, sink: Writable, private_key: DecryptionKey) -> int:
    """Open all of a sealed source; the number of plain bytes written.

    Every segment is verified before it is written, but only a return proves that none is
    missing at the end: on an error the caller discards what the sink received.
    """
    header, content_key = _open_header(source, private_key)
    segments = Segments(content_key, hashlib.sha256(header).digest())
    total, number = 0, 0
    sealed = _read_full(source, SEALED_SEGMENT_LENGTH)
    while True:
        whole = len(sealed) == SEALED_SEGMENT_LENGTH
        following = _read_full(source, SEALED_SEGMENT_LENGTH) if whole else b""
        final = not following
        segment = segments.open(number, sealed, final=final)
        sink.write(segment)
        total, number = total + len(segment), number + 1
        if final:
            return total
        sealed = following


def recipient_of(source: Readable) -> str:
    """The key id that a sealed stream names as its recipient; reads the header's start only."""
    return _read_start(source)[len(MAGIC) : len(MAGIC) + _KEY_ID_BYTES].hex()


def _make_header(content_key: bytes, recipient: EncryptionKey) -> bytes:
    start = MAGIC + bytes.fromhex(recipient.key_id)
    wrapped = _SUITE.encrypt(content_key, recipient.library_key, info=start)
    return start + len(wrapped).to_bytes(2, "big") + wrapped


def _open_header(source: Readable, private_key: DecryptionKey) -> tuple[bytes, bytes]:
    start = _read_start(source)
    named, ours = start[len(MAGIC) : -2].hex(), private_key.public.key_id
    if named != ours:
        raise SealedForAnotherError(expected=named, found=ours)
    length = int.from_bytes(start[-2:], "big")
    wrapped = _read_full(source, length)
    try:
        content_key = _SUITE.decrypt(wrapped, private_key.library_key, info=start[:-2])
    except (InvalidTag, ValueError) as error:
        raise NotSealedError(obstacle="its content key does not open") from error
    if len(content_key) != CONTENT_KEY_LENGTH:
        raise NotSealedError(obstacle="its content key has another length than 32 bytes")
    return start + wrapped, content_key


def _read_start(source: Readable) -> bytes:
    start = _read_full(source, _HEADER_START)
    if len(start) < _HEADER_START or not start.startswith(MAGIC):
        raise NotSealedError(obstacle="its first bytes are not those of a sealed stream")
    return start


def _read_full(source: Readable, length: int) -> bytes:
    """Exactly `length` bytes, fewer only at the end: pipes give short reads."""
    pieces, missing = [], length
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
