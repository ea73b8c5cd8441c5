# SPDX-License-Identifier: Apache-2.0
"""A file as it is examined: its head, its tail, and pieces of known length in between."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from typing import BinaryIO

from comity.evidence.intake.limits import Limits


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

    @property
    def whole(self) -> bool:
        """Whether the head is all of it."""
        return self.size <= len(self.head)
