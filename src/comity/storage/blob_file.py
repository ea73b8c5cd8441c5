# SPDX-License-Identifier: Apache-2.0
"""One file of a store: a header that only this node's storage key opens, then sealed segments.

magic (16) | header, sealed (101) | segment | segment | …
header: content key (32) | size (8) | SHA-256 of the plain content (32; zeros while it arrives)
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from comity.catalogues import N_, Phrase
from comity.sealing.encryption import Readable
from comity.sealing.segments import (
    CONTENT_KEY_LENGTH,
    SEALED_SEGMENT_LENGTH,
    SEGMENT_LENGTH,
    TAG_LENGTH,
    SealBrokenError,
    Segments,
    sealed_size,
    segment_size,
    segments_of,
)
from comity.sealing.short_secrets import OVERHEAD, SecretUnreadableError, seal_bytes, unseal_bytes
from comity.storage import disk
from comity.storage.blob_store import BlobDamagedError
from comity.storage.hashing import Buffer, Buffers

MAGIC = b"COMITY-BLOB/1\n\0\0"
_PURPOSE = "blob header"
_SIZE_BYTES, _DIGEST_BYTES = 8, 32
_HEADER = CONTENT_KEY_LENGTH + _SIZE_BYTES + _DIGEST_BYTES
FIRST_SEGMENT = len(MAGIC) + _HEADER + OVERHEAD
"""Where the segments begin."""
_TOGETHER = 16
"""Segments after which the disk is set to work."""
UNKNOWN = bytes(_DIGEST_BYTES)


@dataclass(frozen=True, slots=True)
class BlobHeader:
    """What is known of one content."""

    content_key: bytes = field(repr=False)
    size: int
    digest: bytes = UNKNOWN

    @property
    def segments(self) -> int:
        """How many segments the content has."""
        return segments_of(self.size)

    @property
    def length(self) -> int:
        """Bytes of the whole file."""
        return FIRST_SEGMENT + sealed_size(self.size)

    def final(self, number: int) -> bool:
        """Whether this segment is the last."""
        return number == self.segments - 1

    def plain_length(self, number: int) -> int:
        """Plain bytes of this segment."""
        return segment_size(number, self.size)

    def with_digest(self, digest: str) -> BlobHeader:
        """The header of the same content once its digest is known."""
        return replace(self, digest=bytes.fromhex(digest))


def offset_of(number: int) -> int:
    """Where a segment begins in the file."""
    return FIRST_SEGMENT + number * SEALED_SEGMENT_LENGTH


def write_segment(file: int, number: int, sealed: memoryview) -> None:
    """Write one sealed segment where it belongs."""
    disk.write_at(file, sealed, offset_of(number))
    if number % _TOGETHER == _TOGETHER - 1:
        first = offset_of(number - _TOGETHER + 1)
        disk.begin_writing(file, first, offset_of(number + 1) - first)


def write_header(file: int, header: BlobHeader, storage_key: bytes) -> None:
    """Write the header at the file's beginning."""
    plain = header.content_key + header.size.to_bytes(_SIZE_BYTES, "big") + header.digest
    disk.write_at(file, MAGIC + seal_bytes(plain, key=storage_key, purpose=_PURPOSE), 0)


def read_header(file: int, storage_key: bytes) -> BlobHeader:
    """The header; raise `BlobDamagedError` unless this node sealed it."""
    content = bytearray(FIRST_SEGMENT)
    disk.read_at(file, memoryview(content), 0)
    if not content.startswith(MAGIC):
        raise BlobDamagedError(obstacle=N_("it does not begin as stored content does"))
    try:
        plain = unseal_bytes(bytes(content[len(MAGIC) :]), key=storage_key, purpose=_PURPOSE)
    except SecretUnreadableError as error:
        obstacle = N_("its header was altered, or sealed by another node's storage key")
        raise BlobDamagedError(obstacle=obstacle) from error
    key, rest = plain[:CONTENT_KEY_LENGTH], plain[CONTENT_KEY_LENGTH:]
    return BlobHeader(key, int.from_bytes(rest[:_SIZE_BYTES], "big"), rest[_SIZE_BYTES:])


class PlainContent(io.RawIOBase):
    """The plain content of a file, opened segment by segment; closes the file with itself."""

    def __init__(self, file: int, header: BlobHeader) -> None:
        super().__init__()
        self._file, self._header = file, header
        self._segments = Segments(header.content_key)
        self._at = 0
        self._sealed = memoryview(bytearray(SEALED_SEGMENT_LENGTH))
        self._opened = memoryview(bytearray(SEGMENT_LENGTH))
        self._number = -1
        """Of the segment that stands in `_opened`."""

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go on reading elsewhere."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._header.size}[whence]
        if start + offset < 0:
            raise ValueError("there is nothing before the first byte")
        self._at = start + offset
        return self._at

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        """Some of the following bytes, verified; none at the end.

        Raises:
            BlobDamagedError: the segment is not what was put there.
        """
        number, start = divmod(self._at, SEGMENT_LENGTH)
        length = self._header.plain_length(number)
        if not self._header.size:
            self._open(0, self._opened[:0])
        if start >= length:
            return 0
        target = memoryview(into).cast("B")
        if not start and len(target) >= length and number != self._number:
            self._open(number, target[:length])
            given = length
        else:
            if number != self._number:
                self._number = -1
                self._open(number, self._opened[:length])
                self._number = number
            given = min(len(target), length - start)
            target[:given] = self._opened[start : start + given]
        self._at += given
        return given

    def segments(self, buffers: Buffers) -> Iterator[tuple[Buffer, int]]:
        """Every segment in turn, verified, in one of these buffers; and its length."""
        for number in range(self._header.segments):
            buffer, length = buffers.next(), self._header.plain_length(number)
            self._open(number, buffer.view[:length])
            yield buffer, length

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            os.close(self._file)
        super().close()

    def _open(self, number: int, into: memoryview) -> None:
        sealed = self._sealed[: len(into) + TAG_LENGTH]
        read = disk.read_at(self._file, sealed, offset_of(number))
        try:
            final = self._header.final(number)
            self._segments.open_into(number, sealed[:read], into, final=final)
        except SealBrokenError as error:
            raise BlobDamagedError(
                obstacle=Phrase(N_("segment {number} was altered"), number=number)
            ) from error


def fill(source: Readable, into: memoryview) -> int:
    """Fill the buffer from a source that may give short reads; fewer bytes only at its end."""
    read_into = getattr(source, "readinto", None)
    filled = 0
    while filled < len(into):
        if read_into is not None:
            read = read_into(into[filled:]) or 0
        else:
            piece = source.read(len(into) - filled)
            read = len(piece)
            into[filled : filled + read] = piece
        if not read:
            break
        filled += read
    return filled
