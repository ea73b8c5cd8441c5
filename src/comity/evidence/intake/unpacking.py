# SPDX-License-Identifier: Apache-2.0
"""Unpacking within a budget: never more than is left of it, never more than is asked for."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from comity.evidence.intake.reading import Subject

PIECE = 1 << 16
LZMA_MEMORY = 64 << 20


class Unpacker(Protocol):
    """What unpacks one stream, piece by piece."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most so many bytes more."""
        ...


@dataclass(slots=True)
class Unpacked:
    """What came of unpacking."""

    content: bytes = b""
    """Its beginning, or all of it where `whole`."""
    size: int = 0
    """How much was unpacked, kept or not."""
    whole: bool = False
    damaged: bool = False
    out_of_budget: bool = False
    read: int = 0
    """How many packed bytes it took."""


class _Deflated:
    """zlib's decompressor, which keeps what it has not taken elsewhere than the others do."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


UNPACKERS: dict[str, Callable[[], _Deflated | bz2.BZ2Decompressor | lzma.LZMADecompressor]] = {
    "deflate": lambda: _Deflated(-15),
    "zlib": lambda: _Deflated(15),
    "application/gzip": lambda: _Deflated(31),
    "application/x-bzip2": bz2.BZ2Decompressor,
    "application/x-xz": lambda: lzma.LZMADecompressor(memlimit=LZMA_MEMORY),
}
"""What unpacks which stream."""
DAMAGED = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)


def unpack(
    subject: Subject, how: str, start: int, packed: int, *, most: int, keep: int
) -> Unpacked:
    """Unpack a stream of `packed` bytes that lies at `start`: at most `most`, keeping `keep`."""
    result, kept = Unpacked(), bytearray()
    unpacker, end = UNPACKERS[how](), start + packed
    try:
        while not unpacker.eof and result.size < most:
            if subject.budget.unpacked <= 0:
                result.out_of_budget = True
                break
            piece = _next_piece(subject, unpacker.needs_input, start + result.read, end)
            result.read += len(piece)
            starved = unpacker.needs_input and not piece
            longest = max(1, min(1 << 20, most - result.size, subject.budget.unpacked))
            plain = unpacker.decompress(piece, longest)
            result.size += len(plain)
            subject.budget.unpacked -= len(plain)
            kept += plain[: max(0, keep - len(kept))]
            if starved and not plain:
                break
        result.whole = bool(unpacker.eof)
        result.damaged = not (result.whole or result.out_of_budget or result.size >= most)
    except DAMAGED:
        result.damaged = True
    result.content = bytes(kept)
    return result


def take_stored(subject: Subject, start: int, size: int, *, keep: int) -> Unpacked:
    """The same of bytes that lie unpacked: only those that are kept are read."""
    wanted = min(size, keep, max(0, subject.budget.unpacked))
    content = subject.at(start, wanted)
    subject.budget.unpacked -= len(content)
    return Unpacked(
        content=content,
        size=size,
        whole=True,
        damaged=len(content) < wanted,
        out_of_budget=wanted < min(size, keep),
    )


def _next_piece(subject: Subject, needed: bool, at: int, end: int) -> bytes:  # noqa: FBT001
    return subject.at(at, min(PIECE, end - at)) if needed else b""
