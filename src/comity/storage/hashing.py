# SPDX-License-Identifier: Apache-2.0
"""SHA-256 in a thread beside the one that reads and writes: the library lets both run at once."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

SMALL = 128 * 1024
"""Handing over costs more than hashing so much."""
DEPTH = 4
"""Buffers in turn: one is read into, one sealed and written, the others wait to be hashed."""


class Buffer:
    """Memory for a segment, free again once its content was hashed."""

    __slots__ = ("hashed", "view")

    def __init__(self, length: int) -> None:
        self.view = memoryview(bytearray(length))
        self.hashed: Future[None] | None = None

    def wait(self) -> None:
        """Until it is free."""
        if self.hashed is not None:
            self.hashed.result()
            self.hashed = None


class Buffers:
    """A few buffers in turn, each handed out when it is free."""

    def __init__(self, length: int) -> None:
        self._all = [Buffer(length) for _ in range(DEPTH)]
        self._turns: Iterator[Buffer] = itertools.cycle(self._all)

    def next(self) -> Buffer:
        """The next buffer, free to be written into."""
        buffer = next(self._turns)
        buffer.wait()
        return buffer

    def wait(self) -> None:
        """Until all are free."""
        for buffer in self._all:
            buffer.wait()


class Digest:
    """The digest of what was given, in the order in which it was given."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._last: Future[None] | None = None

    def update(self, buffer: Buffer, length: int) -> None:
        """Add what stands in the buffer, which is free again when that was hashed."""
        content = buffer.view[:length]
        if self._last is not None and self._last.done():
            self._last = None
        if self._last is None and length <= SMALL:
            self._hash.update(content)
            return
        self._last = buffer.hashed = _beside(os.getpid()).submit(self._hash.update, content)

    def hexdigest(self) -> str:
        """The digest of all that was given, in hexadecimal."""
        if self._last is not None:
            self._last.result()
        return self._hash.hexdigest()


@cache
def _beside(_process: int) -> ThreadPoolExecutor:
    """The one thread of this process that hashes: in order, for everybody."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="hashing")
