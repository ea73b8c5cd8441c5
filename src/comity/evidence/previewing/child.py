# SPDX-License-Identifier: Apache-2.0
"""The confined process: draws the pages of one file and ends.

Run as `python -I -m comity.evidence.previewing.child` with two pipes and nothing else. It loads
what draws, gives up everything (`confinement`), and only then reads the first byte of the file.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import BinaryIO, cast

from comity.evidence.previewing.confinement import confine
from comity.evidence.previewing.frames import (
    HEAD,
    JOB,
    LENGTH,
    LONGEST_READ,
    Drawer,
    Job,
    Said,
    Why,
    exactly,
)
from comity.evidence.previewing.pixels import CannotDrawError, Drawing, Pixels

BUFFER = 1 << 16


class Content(io.RawIOBase):
    """The file, which lies with the node: each read is a question to it."""

    def __init__(self, size: int, to_node: BinaryIO, from_node: BinaryIO) -> None:
        self._size, self._to, self._from, self._at = size, to_node, from_node, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Where to read next."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """Where it reads next."""
        return self._at

    def readinto(self, buffer: object) -> int:
        """Ask the node for what fits."""
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        wanted = min(len(target), LONGEST_READ, max(0, self._size - self._at))
        if not wanted:
            return 0
        self._to.write(HEAD.pack(Said.READ, self._at, wanted, 0, 0))
        (length,) = LENGTH.unpack(exactly(self._from, LENGTH.size))
        target[:length] = exactly(self._from, length)
        self._at += length
        return int(length)


def main() -> int:
    """Draw what the node says; the node learns the rest from the pipe."""
    to_node = cast("BinaryIO", os.fdopen(1, "wb", buffering=0))
    from_node = cast("BinaryIO", os.fdopen(0, "rb", buffering=0))
    job = Job.read(exactly(from_node, JOB.size))
    drawing = _drawing(job.drawer)
    layers = confine(most_memory=job.most_memory, most_seconds=job.most_seconds)
    _say(to_node, Said.READY, layers)
    content = io.BufferedReader(Content(job.size, to_node, from_node), BUFFER)
    try:
        pages = drawing(cast("BinaryIO", content), job)
        _tell(to_node, pages)
        _say(to_node, Said.ENDED)
    except CannotDrawError as error:
        _say(to_node, Said.REFUSED, error.why)
    except MemoryError:
        _say(to_node, Said.REFUSED, Why.TOO_LARGE)
    except Exception:  # whatever a broken file does to its reader is one finding
        _say(to_node, Said.REFUSED, Why.MALFORMED)
    return 0


def _drawing(drawer: Drawer) -> Drawing:
    """What draws such files; loaded while files can still be opened, and only what is needed."""
    if drawer is Drawer.PDF:
        from comity.evidence.previewing.pdf_fonts import load_fonts
        from comity.evidence.previewing.pdf_pages import draw_pdf

        load_fonts()
        return draw_pdf
    from comity.evidence.previewing.picture_pages import draw_picture, load_formats

    load_formats()
    return draw_picture


def _tell(to_node: BinaryIO, pages: Iterator[int | Pixels]) -> None:
    for page in pages:
        if isinstance(page, int):
            _say(to_node, Said.COUNT, page)
            continue
        _say(to_node, Said.PAGE, page.number, page.width, page.height, page.channels)
        left = memoryview(page.data)
        while left:
            left = left[to_node.write(left) or 0 :]


def _say(to_node: BinaryIO, said: Said, *numbers: int) -> None:
    to_node.write(HEAD.pack(said, *(*numbers, 0, 0, 0, 0)[:4]))


if __name__ == "__main__":
    os._exit(main())  # at once: what a library does at its end needs calls that are gone
