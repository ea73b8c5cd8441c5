# SPDX-License-Identifier: Apache-2.0
"""What the confined child and the node say to each other over two pipes.

Each side sends heads of one fixed length; every number in a head is checked by whoever reads it
before it is acted on. The node's side trusts nothing here but the lengths that it allows.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Protocol

JOB = struct.Struct(">QBIIIIIII")
HEAD = struct.Struct(">BQIII")
LENGTH = struct.Struct(">I")
LONGEST_READ = 1 << 20
"""The most that the child may ask for at once."""


class Drawer(IntEnum):
    """What can draw a file."""

    PDF = 1
    PICTURE = 2
    TEXT = 3


class Said(IntEnum):
    """What the child says."""

    READY = 1
    """Confined: the first number says how (`Layer`). Nothing of the content was read before."""
    READ = 2
    """Give me bytes from this offset, that many."""
    COUNT = 3
    """The file has so many pages; the second number says how many of them will come."""
    PAGE = 4
    """A page: number, width, height, bytes a pixel; its pixels follow, row by row."""
    ENDED = 5
    REFUSED = 6
    """It cannot be drawn: the first number says why (`Why`)."""


class Why(IntEnum):
    """Why the child draws nothing more."""

    MALFORMED = 1
    ENCRYPTED = 2
    TOO_LARGE = 3


class Layer(IntFlag):
    """What holds the child."""

    LIMITS = 1
    """No files, no children, a share of memory and of time."""
    CALLS = 2
    """The kernel answers no call but those that drawing needs."""
    NETWORK = 4
    """A network namespace with nothing in it."""
    FOLDER = 8
    """It sees no folder of the machine."""
    USER = 16
    """It is nobody."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be drawn, and how large."""

    size: int
    drawer: Drawer
    dpi: int
    longest_edge: int
    """In pixels; 0 for as long as the dpi makes it."""
    most_pixels: int
    first: int
    last: int
    most_memory: int
    """In MiB."""
    most_seconds: int

    def written(self) -> bytes:
        """As the child reads it."""
        return JOB.pack(
            self.size,
            self.drawer,
            self.dpi,
            self.longest_edge,
            self.most_pixels,
            self.first,
            self.last,
            self.most_memory,
            self.most_seconds,
        )

    @classmethod
    def read(cls, raw: bytes) -> Job:
        """What the node wrote."""
        size, drawer, *numbers = JOB.unpack(raw)
        return cls(size, Drawer(drawer), *numbers)


class Reads(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes:
        """At most that many."""
        ...


def exactly(source: Reads, size: int) -> bytes:
    """That many bytes, or EOFError."""
    parts = bytearray()
    while len(parts) < size:
        part = source.read(size - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
