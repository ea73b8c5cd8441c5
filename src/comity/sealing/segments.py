# SPDX-License-Identifier: Apache-2.0
"""Content of any length as segments of 1 MiB, each sealed by itself with AES-256-GCM.

A segment's nonce holds its number and whether it is the last (the STREAM construction), so
segments cannot be reordered, repeated or cut off unseen, and each can be verified alone: what
was interrupted goes on at the next segment. A content key seals one content and no other.

    nonce: number (11 bytes, big endian) | 1 for the last segment, else 0
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from comity.catalogues import N_
from comity.errors import VerificationError

SEGMENT_LENGTH = 1024 * 1024
TAG_LENGTH = 16
SEALED_SEGMENT_LENGTH = SEGMENT_LENGTH + TAG_LENGTH
CONTENT_KEY_LENGTH = 32
PART = b"COMITY-PART/1"
"""What the segments of stored content, and so of a message's parts, are bound to."""

Buffer = bytes | bytearray | memoryview


class SealBrokenError(VerificationError):
    """A sealed stream was altered, cut short or lengthened."""

    code = "seal-broken"
    message = N_("The sealed stream does not open at segment {segment}: {obstacle}.")
    remedy = N_("Use another copy of the file, and discard what was opened of this one.")


def make_content_key() -> bytes:
    """A new key for one content."""
    return AESGCM.generate_key(bit_length=8 * CONTENT_KEY_LENGTH)


def segments_of(size: int) -> int:
    """How many segments content of this size has: nothing at all is one empty segment."""
    return max(1, -(-size // SEGMENT_LENGTH))


def sealed_size(size: int) -> int:
    """The bytes of all segments of content of this size."""
    return size + segments_of(size) * TAG_LENGTH


def segment_size(number: int, size: int) -> int:
    """The plain bytes of one segment (counted from 0) of content of this size."""
    return max(0, min(SEGMENT_LENGTH, size - number * SEGMENT_LENGTH))


class Segments:
    """Seals and opens the segments of one content, in any order; for threads to share."""

    __slots__ = ("_bound_to", "_cipher")

    def __init__(self, content_key: bytes, bound_to: bytes = PART) -> None:
        self._cipher = AESGCM(content_key)
        self._bound_to = bound_to

    def seal(self, number: int, segment: Buffer, *, final: bool) -> bytes:
        """The sealed segment."""
        return self._cipher.encrypt(_nonce(number, final=final), segment, self._bound_to)

    def seal_into(
        self, number: int, segment: Buffer, sealed: bytearray | memoryview, *, final: bool
    ) -> None:
        """Seal into a buffer that is longer than the segment by exactly the tag."""
        nonce = _nonce(number, final=final)
        self._cipher.encrypt_into(nonce, segment, self._bound_to, sealed)

    def open(self, number: int, sealed: Buffer, *, final: bool) -> bytes:
        """The plain segment; raise `SealBrokenError` unless it is this one of this content."""
        try:
            segment = self._cipher.decrypt(_nonce(number, final=final), sealed, self._bound_to)
        except (InvalidTag, ValueError) as error:
            raise _broken(number, final=final) from error
        _refuse_appended(number, len(segment))
        return segment

    def open_into(
        self, number: int, sealed: Buffer, segment: bytearray | memoryview, *, final: bool
    ) -> None:
        """Open into a buffer that is shorter than the sealed segment by exactly the tag."""
        nonce = _nonce(number, final=final)
        try:
            self._cipher.decrypt_into(nonce, sealed, self._bound_to, segment)
        except (InvalidTag, ValueError) as error:
            raise _broken(number, final=final) from error
        _refuse_appended(number, len(segment))


def _nonce(number: int, *, final: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([final])


def _broken(number: int, *, final: bool) -> SealBrokenError:
    obstacle = "altered, out of order, or cut off" if final else "altered or out of order"
    return SealBrokenError(segment=number, obstacle=obstacle)


def _refuse_appended(number: int, length: int) -> None:
    """A full segment is followed by nothing or by something, never by an empty one."""
    if number and not length:
        raise SealBrokenError(segment=number, obstacle="an empty segment was appended")
