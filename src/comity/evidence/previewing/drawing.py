# SPDX-License-Identifier: Apache-2.0
"""The node's side of drawing: starts the child, feeds it what it asks for, takes its pixels.

Whatever the child does, this ends in time: every wait has a deadline, every length a limit, and
the child is killed and waited for at the end. Nothing is written to a disk.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, BinaryIO

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.evidence.previewing.frames import (
    HEAD,
    LENGTH,
    LONGEST_READ,
    Drawer,
    Job,
    Layer,
    Said,
    Why,
)
from comity.evidence.previewing.png import PngWriter

RENDITION_DPI = 150
"""How finely whole pages are drawn for copies and statements."""
PREVIEW_EDGE = 1200
"""The longer side of a preview, in pixels."""
COMMAND = (sys.executable, "-I", "-m", "comity.evidence.previewing.child")
"""How the child is started: without the environment, the folder or the user's own packages."""

PLACES = threading.BoundedSemaphore(2)
"""So many children at once, of one process of the node: each may take its share of memory."""

DRAWERS: dict[str, Drawer] = {
    "application/pdf": Drawer.PDF,
    "image/png": Drawer.PICTURE,
    "image/jpeg": Drawer.PICTURE,
    "image/tiff": Drawer.PICTURE,
    "image/gif": Drawer.PICTURE,
    "image/webp": Drawer.PICTURE,
    "image/bmp": Drawer.PICTURE,
}
"""Types of content, as intake found them → what draws them. Others have no pages."""


class Obstacle(StrEnum):
    """Why a file, or the rest of its pages, was not drawn."""

    MALFORMED = "malformed"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too-large"
    TOO_SLOW = "too-slow"
    CRASHED = "crashed"
    BROKE_OUT = "broke-out"
    UNCONFINED = "unconfined"


OBSTACLE_WORDS: dict[Obstacle, str] = {
    Obstacle.MALFORMED: N_("it is damaged or not what it claims to be"),
    Obstacle.ENCRYPTED: N_("it is locked with a password"),
    Obstacle.TOO_LARGE: N_("it is too large, or a page of it is"),
    Obstacle.TOO_SLOW: N_("drawing it took too long"),
    Obstacle.CRASHED: N_("drawing it failed"),
    Obstacle.BROKE_OUT: N_(
        "drawing it was stopped, because the file made its reader do what no page needs"
    ),
    Obstacle.UNCONFINED: N_("this machine cannot confine the process that draws"),
}
LASTING = frozenset(
    {Obstacle.MALFORMED, Obstacle.ENCRYPTED, Obstacle.TOO_LARGE, Obstacle.BROKE_OUT}
)
"""Obstacles that lie in the file, so that trying again is of no use."""
REFUSALS: dict[int, Obstacle] = {
    Why.MALFORMED: Obstacle.MALFORMED,
    Why.ENCRYPTED: Obstacle.ENCRYPTED,
    Why.TOO_LARGE: Obstacle.TOO_LARGE,
}
"""What the child says → what that is to us."""


class NotDrawnError(InvalidInputError):
    """The content gave no pages, or no more; those given before it are whole."""

    code = "pages-not-drawn"
    message = N_("The file could not be drawn as pages: {obstacle}.")
    remedy = N_("Work with the file itself, downloaded and opened with care elsewhere.")

    def __init__(self, why: Obstacle) -> None:
        super().__init__(obstacle=OBSTACLE_WORDS[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class DrawingLimits:
    """How much a drawing may take."""

    most_seconds: int = 60
    """Of the processor, and of waiting for the child, for all pages together."""
    most_memory: int = 768
    """Of the child's address space, in MiB."""
    most_pages: int = 2_000
    most_pixels: int = 20_000_000
    """Of one page: larger ones are drawn less finely."""
    longest_image: int = 64 << 20
    """Bytes of one page's picture."""


USUAL_DRAWING = DrawingLimits()


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as a picture."""

    number: int
    """From 1 on."""
    pages: int
    """How many the file has."""
    width: int
    height: int
    png: bytes


def is_drawable(media_type: str) -> bool:
    """Whether content of this type can have pages."""
    return media_type in DRAWERS


def draw_pages(
    content: BinaryIO,
    media_type: str,
    *,
    dpi: int = RENDITION_DPI,
    limits: DrawingLimits = USUAL_DRAWING,
) -> Iterator[bytes]:
    """Every page as PNG, in order; none where the type has no pages. `content` must seek.

    Raises:
        NotDrawnError: now or after some pages.
    """
    if is_drawable(media_type):
        for page in draw(content, media_type, dpi=dpi, limits=limits):
            yield page.png


def draw(
    content: BinaryIO,
    media_type: str,
    *,
    dpi: int = RENDITION_DPI,
    longest_edge: int = 0,
    first: int = 1,
    last: int = 0,
    limits: DrawingLimits = USUAL_DRAWING,
) -> Iterator[DrawnPage]:
    """The pages from `first` to `last` (0: all); what is drawn in a confined child process.

    Raises:
        NotDrawnError: it cannot be drawn, or only the pages before.
    """
    if media_type not in DRAWERS:
        raise NotDrawnError(Obstacle.MALFORMED)
    job = Job(
        size=content.seek(0, os.SEEK_END),
        drawer=DRAWERS[media_type],
        dpi=dpi,
        longest_edge=longest_edge,
        most_pixels=limits.most_pixels,
        first=first,
        last=min(last or limits.most_pages, limits.most_pages),
        most_memory=limits.most_memory,
        most_seconds=limits.most_seconds,
    )
    with _a_place(limits), _Child(limits) as child:
        child.send(job.written())
        yield from _Session(child, content, job, limits).pages()


@contextlib.contextmanager
def _a_place(limits: DrawingLimits) -> Iterator[None]:
    """One of the few places for children at once; whoever waits too long for one is told."""
    if not PLACES.acquire(timeout=limits.most_seconds):
        raise NotDrawnError(Obstacle.TOO_SLOW)
    try:
        yield
    finally:
        PLACES.release()


class _Session:
    """One conversation with a child about one file."""

    def __init__(self, child: _Child, content: BinaryIO, job: Job, limits: DrawingLimits) -> None:
        self._child, self._content, self._job, self._limits = child, content, job, limits
        self._next, self._pages, self._confined = job.first, 0, False

    def pages(self) -> Iterator[DrawnPage]:
        """What it draws until it ends."""
        while True:
            said, *numbers = HEAD.unpack(self._child.receive(HEAD.size))
            if said == Said.READY:
                self._check_confinement(Layer(numbers[0] & 31))
            elif not self._confined:
                raise NotDrawnError(Obstacle.CRASHED)
            elif said == Said.READ:
                self._give(numbers[0], numbers[1])
            elif said == Said.COUNT:
                self._pages = numbers[0]
            elif said == Said.PAGE:
                yield self._page(*numbers)
            elif said == Said.ENDED and self._next > min(self._job.last, self._pages):
                return
            elif said == Said.REFUSED and numbers[0] in REFUSALS:
                raise NotDrawnError(REFUSALS[numbers[0]])
            else:
                raise NotDrawnError(Obstacle.CRASHED)

    def _check_confinement(self, layers: Layer) -> None:
        """Nothing is given to a child that could reach the network or the machine's files."""
        if not (Layer.LIMITS in layers and Layer.CALLS in layers):
            raise NotDrawnError(Obstacle.UNCONFINED)
        self._confined = True

    def _give(self, offset: int, length: int) -> None:
        if length > LONGEST_READ or offset > self._job.size:
            raise NotDrawnError(Obstacle.CRASHED)
        self._content.seek(offset)
        data = self._content.read(length)
        self._child.send(LENGTH.pack(len(data)) + data)

    def _page(self, number: int, width: int, height: int, channels: int) -> DrawnPage:
        fits = width > 0 and height > 0 and width * height <= self._limits.most_pixels
        in_turn = number == self._next <= min(self._job.last, self._pages)
        if not (fits and in_turn and channels in (1, 3)):
            raise NotDrawnError(Obstacle.CRASHED)
        writer = PngWriter(width=width, height=height, channels=channels)
        left = width * height * channels
        while left:
            pixels = self._child.receive(min(left, LONGEST_READ))
            left -= len(pixels)
            writer.write(pixels)
            if writer.size > self._limits.longest_image:
                raise NotDrawnError(Obstacle.TOO_LARGE)
        self._next += 1
        png = writer.finished()
        return DrawnPage(number, self._pages, width, height, png)


class _Child:
    """The confined process, from its start to its certain end."""

    def __init__(self, limits: DrawingLimits) -> None:
        self._patience = float(limits.most_seconds)
        """Seconds that are left for waiting; what the caller does between pages is not counted."""
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            close_fds=True,
            bufsize=0,
        )
        self._to, self._from = _pipe(self._process.stdin), _pipe(self._process.stdout)
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()

    def send(self, data: bytes) -> None:
        """Give it all of this, or say why not."""
        left = memoryview(data)
        while left:
            self._wait(self._to, selectors.EVENT_WRITE)
            try:
                left = left[os.write(self._to, left) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._died() from None

    def receive(self, size: int) -> bytes:
        """That many bytes of what it says, or why they do not come."""
        parts = bytearray()
        while len(parts) < size:
            self._wait(self._from, selectors.EVENT_READ)
            try:
                part = os.read(self._from, size - len(parts))
            except BlockingIOError:
                continue
            if not part:
                raise self._died()
            parts += part
        return bytes(parts)

    def _wait(self, pipe: int, event: int) -> None:
        began = time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, event)
            ready = self._patience > 0 and selector.select(self._patience)
            self._patience -= time.monotonic() - began
            if not ready:
                raise NotDrawnError(Obstacle.TOO_SLOW)

    def _died(self) -> NotDrawnError:
        return NotDrawnError(ENDS.get(-self._process.wait(), Obstacle.CRASHED))


ENDS: dict[int, Obstacle] = {
    signal.SIGSYS: Obstacle.BROKE_OUT,
    signal.SIGXCPU: Obstacle.TOO_SLOW,
    signal.SIGALRM: Obstacle.TOO_SLOW,
    signal.SIGKILL: Obstacle.TOO_SLOW,
}
"""The signal that ended the child → what stood in the way."""


def _pipe(stream: IO[bytes] | None) -> int:
    assert stream is not None
    return stream.fileno()
