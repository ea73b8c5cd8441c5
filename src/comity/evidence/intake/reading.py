# SPDX-License-Identifier: Apache-2.0
"""A file as it is examined: its head, its tail, and pieces of known length in between."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from comity.evidence.intake.limits import Limits

OVERLAP = 1 << 10


@dataclass(slots=True)
class Budget:
    """What is left of an examination's limits, shared by all archives within each other."""

    members: int
    unpacked: int

    @classmethod
    def of(cls, limits: Limits) -> Budget:
        """All of it."""
        return cls(limits.most_members, limits.most_unpacked)


@dataclass(slots=True)
class Subject:
    """The file under examination."""

    stream: BinaryIO
    limits: Limits
    budget: Budget
    depth: int = 0
    """In how many archives it lies."""
    size: int = 0
    head: bytes = b""
    tail: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, stream: BinaryIO, limits: Limits, budget: Budget, depth: int = 0) -> Subject:
        """Its first and last bytes read."""
        subject = cls(stream, limits, budget, depth)
        subject.size = stream.seek(0, os.SEEK_END)
        subject.head = subject.at(0, limits.head)
        subject.tail = subject.at(max(0, subject.size - limits.tail), limits.tail)
        return subject

    @classmethod
    def within(cls, content: bytes, outer: Subject) -> Subject:
        """A file that lay in another one."""
        return cls.of(io.BytesIO(content), outer.limits, outer.budget, outer.depth + 1)

    def at(self, offset: int, length: int) -> bytes:
        """Bytes from there on, fewer at the end; none where there is nothing."""
        if offset < 0 or offset >= self.size or length <= 0:
            return b""
        self.stream.seek(offset)
        parts = bytearray()
        while len(parts) < length:
            part = self.stream.read(length - len(parts))
            if not part:
                break
            parts += part
        return bytes(parts)

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """The file from its start, as far as it is searched: where each piece begins, and it.

        Each begins with the last `OVERLAP` bytes of the one before, so that no mark is cut.
        """
        at, end = 0, min(self.size, self.limits.searched)
        while at < end:
            piece = self.head if not at else self.at(at, min(self.limits.head, end - at))
            yield at, piece
            if at + len(piece) >= end or len(piece) <= OVERLAP:
                return
            at += len(piece) - OVERLAP

    @property
    def searched_whole(self) -> bool:
        """Whether `pieces` are all of it."""
        return self.size <= self.limits.searched

    @property
    def whole(self) -> bool:
        """Whether the head is all of it."""
        return self.size <= len(self.head)
