# SPDX-License-Identifier: Apache-2.0
"""Content on its way in: a file of a store that grows by verified segments and survives cuts.

What the file holds is the truth; how far it is known to be verified and hashed is kept in
memory, and made up for by reading the file where that is gone. Whoever appends holds the file
alone for that one segment, so that a sender that comes again need not wait for its own dead
connection: both bring the same segments, and each counts once.
"""

from __future__ import annotations

import os
from pathlib import Path

from comity.sealing.encryption import Readable
from comity.sealing.segments import TAG_LENGTH, SealBrokenError, Segments
from comity.storage import disk
from comity.storage.blob_file import (
    BlobHeader,
    fill,
    offset_of,
    read_header,
    write_header,
    write_segment,
)
from comity.storage.blob_store import ArrivalDiffersError, ArrivalIncompleteError
from comity.storage.hashing import Buffer, Buffers, Digest


class Arrival:
    """One content that is arriving."""

    def __init__(self, path: Path, header: BlobHeader) -> None:
        self.path, self.header = path, header
        self._segments = Segments(header.content_key)
        self._digest = Digest()
        self._count = 0
        """Segments that are in the file, verified, and given to the digest."""
        self._durable = 0
        """Those of them that a power cut leaves."""

    def count(self) -> int:
        """How many segments are there from the first on."""
        with disk.closing(disk.open_file(self.path, writing=True)) as file, disk.alone(file):
            self._catch_up(file)
            return self._count

    def take(self, from_segment: int, stream: Readable) -> int:
        """Append what the stream brings, as far as it comes; how many segments are there then."""
        with disk.closing(disk.open_file(self.path, writing=True)) as file:
            with disk.alone(file):
                self._catch_up(file)
            if from_segment > self._count:
                return self._count
            buffers = Buffers(self._longest)
            try:
                self._append_all(file, from_segment, stream, buffers)
            finally:
                buffers.wait()
                self._sync(file)
            return self._count

    def finish(self, storage_key: bytes, digest: str, size: int) -> None:
        """Make the file that of a blob; raise unless it holds the content announced."""
        with disk.closing(disk.open_file(self.path, writing=True)) as file, disk.alone(file):
            self._catch_up(file)
            if self._count < self.header.segments:
                raise ArrivalIncompleteError(expected=self.header.segments, found=self._count)
            if self.header.size != size:
                raise ArrivalDiffersError(what="size")
            if self._digest.hexdigest() != digest:
                raise ArrivalDiffersError(what="digest")
            write_header(file, self.header.with_digest(digest), storage_key)
            disk.sync(file)

    def _append_all(self, file: int, from_segment: int, stream: Readable, buffers: Buffers) -> None:
        sealed = memoryview(bytearray(self._longest + TAG_LENGTH))
        for number in range(from_segment, self.header.segments):
            length = self.header.plain_length(number) + TAG_LENGTH
            if fill(stream, sealed[:length]) < length:
                return
            if number >= self._count:
                self._append(file, number, sealed[:length], buffers.next())

    def _append(self, file: int, number: int, sealed: memoryview, buffer: Buffer) -> None:
        with disk.alone(file):
            self._catch_up(file)
            if number != self._count:  # somebody else appended it meanwhile
                return
            self._open(number, sealed, buffer)
            try:
                write_segment(file, number, sealed)
            except BaseException:
                disk.cut(file, offset_of(number))
                raise
            self._digest.update(buffer, len(sealed) - TAG_LENGTH)
            self._count += 1

    def _catch_up(self, file: int) -> None:
        """Verify and hash what the file holds beyond what is known; drop what does not fit."""
        length = os.fstat(file).st_size
        if length == self._end(self._count):
            return
        if length < self._end(self._count):  # begun again by another process
            self._start_over()
        sealed, buffers = memoryview(bytearray(self._longest + TAG_LENGTH)), Buffers(self._longest)
        while self._count < self.header.segments and length >= self._end(self._count + 1):
            if not self._recognise(file, sealed, buffers.next()):
                break
        buffers.wait()
        disk.cut(file, self._end(self._count))

    def _recognise(self, file: int, sealed: memoryview, buffer: Buffer) -> bool:
        """Verify and hash the next segment in the file; whether it is what it should be."""
        plain = self.header.plain_length(self._count)
        disk.read_at(file, sealed[: plain + TAG_LENGTH], offset_of(self._count))
        try:
            self._open(self._count, sealed[: plain + TAG_LENGTH], buffer)
        except SealBrokenError:  # a power cut kept the length and not what was written
            return False
        self._digest.update(buffer, plain)
        self._count += 1
        return True

    def _open(self, number: int, sealed: memoryview, buffer: Buffer) -> None:
        into = buffer.view[: len(sealed) - TAG_LENGTH]
        self._segments.open_into(number, sealed, into, final=self.header.final(number))

    @property
    def _longest(self) -> int:
        return self.header.plain_length(0)

    def _start_over(self) -> None:
        self._count, self._durable, self._digest = 0, 0, Digest()

    def _end(self, count: int) -> int:
        """The file's length when it holds so many segments."""
        return min(offset_of(count), self.header.length) if count else offset_of(0)

    def _sync(self, file: int) -> None:
        """Make all durable, or begin again: after a failed sync nobody knows what is kept."""
        written = self._count
        if self._durable == written:
            return
        try:
            disk.sync(file)
        except BaseException:
            with disk.alone(file):
                disk.cut(file, offset_of(0))
                self._start_over()
            raise
        self._durable = max(self._durable, written)


def known(path: Path, storage_key: bytes) -> Arrival:
    """The arrival of which this is the file."""
    with disk.closing(disk.open_file(path)) as file:
        return Arrival(path, read_header(file, storage_key))
