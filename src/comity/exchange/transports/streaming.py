# SPDX-License-Identifier: Apache-2.0
"""How many parts come or go at the same time, in all and of each partner, and one that goes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

PIECE = 256 * 1024


class Streams:
    """Counts what is streamed; for threads to share."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()

    def enter(self, partner: str) -> Streaming | None:
        """One more of this partner's; None where that would be too many."""
        with self._lock:
            if self._running.total() >= self._most or self._running[partner] >= self._most_of_one:
                return None
            self._running[partner] += 1
            return Streaming(self, partner)

    def leave(self, partner: str) -> None:
        """One less."""
        with self._lock:
            self._running[partner] -= 1


class Streaming:
    """One that runs, until it is left; leaving twice counts once."""

    def __init__(self, streams: Streams, partner: str) -> None:
        self._streams: Streams | None = streams
        self._partner = partner

    def __enter__(self) -> Streaming:
        return self

    def __exit__(self, *_: object) -> None:
        streams, self._streams = self._streams, None
        if streams is not None:
            streams.leave(self._partner)


class Given:
    """A part on its way out, piece by piece, for WSGI, which closes it whatever happens."""

    def __init__(self, sealed: BinaryIO, length: int, streaming: Streaming) -> None:
        self.length = length
        self._sealed, self._streaming = sealed, streaming

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        while left > 0 and (piece := self._sealed.read(min(PIECE, left))):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        """Close the file, and make room for another."""
        with self._streaming:
            self._sealed.close()


def left_in(stream: BinaryIO) -> int:
    """How many bytes are left from where the stream stands."""
    here = stream.tell()
    end = stream.seek(0, 2)
    stream.seek(here)
    return end - here
