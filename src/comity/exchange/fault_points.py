# SPDX-License-Identifier: Apache-2.0
"""Named places where a test may kill this process: before and after every commit and every send.

`reach` costs one comparison unless COMITY_TEST_FAULT is set: `point` or `point:nth` kills the
process with SIGKILL the nth time it comes there; `@file` reads the same from a file, which is
removed before the process dies, so that the process that follows lives. No node sets it.
"""

from __future__ import annotations

import os
import signal
import threading
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

VARIABLE = "COMITY_TEST_FAULT"


class Point(StrEnum):
    """Every place where an end must lose nothing and double nothing."""

    # The sender's node
    POSTING = "posting"
    """The message stands in the ledger, its transaction is not committed."""
    POSTED = "posted"
    """Committed; whoever posted does not know."""
    LEASED = "leased"
    SEALED = "sealed"
    """Frames are ready to be handed over."""
    DELIVERED = "delivered"
    """The partner answered; nothing of its answer is kept."""
    SETTLING = "settling"
    """The outcomes are written, not committed."""
    SETTLED = "settled"
    PART_ASKED = "part-asked"
    """A part is about to be sent."""
    PART_SENT = "part-sent"
    """The partner answered to a part; nothing of its answer is kept."""
    TELLING = "telling"
    """Evidences are about to be told."""
    TOLD = "told"
    """The partner confirmed them; that is not kept yet."""
    TOLD_SETTLED = "told-settled"
    FETCHED = "fetched"
    """Frames were fetched from a partner; nothing is received yet."""
    FILE_WRITTEN = "file-written"
    """A file lies in the folder; the ledger does not know."""
    FILE_READ = "file-read"
    """A file's content was taken in; the file is still there."""
    # The recipient's node
    RECEIVING = "receiving"
    """The messages and their receipts are written, not committed."""
    RECEIVED = "received"
    """Committed; nothing is answered."""
    SEGMENT_TAKEN = "segment-taken"
    """A segment of a part was read; its part is not whole."""
    PART_KEPT = "part-kept"
    """The part's blob is whole on the disk; the ledger does not know."""
    PART_TAKING = "part-taking"
    """The ledger knows of the part, not committed."""
    PART_TAKEN = "part-taken"
    """Committed; nothing is answered."""
    HEARING = "hearing"
    """Evidences of theirs are written, not committed."""
    HEARD = "heard"
    """Committed; nothing is answered."""
    # Both
    TIMING = "timing"
    """Time-outs have made evidences, not committed."""
    STATING = "stating"
    """A later evidence of ours (on the desk, opened) is written, not committed."""


_lock = threading.Lock()
_passed: dict[str, int] = {}
_armed = os.environ.get(VARIABLE, "")


def reach(point: Point) -> None:
    """The process has come to this point; it ends here where a test said so."""
    if _armed:
        _reached(point)


def watched(stream: BinaryIO, point: Point, every: int) -> BinaryIO:
    """The stream; where a test watches, it comes to the point after so many bytes each time."""
    return cast("BinaryIO", _Watched(stream, point, every)) if _armed else stream


class _Watched:
    """A stream that reaches a point again and again while it is read."""

    def __init__(self, stream: BinaryIO, point: Point, every: int) -> None:
        self._stream, self._point, self._every, self._left = stream, point, every, every

    def read(self, size: int = -1, /) -> bytes:
        """What the stream gives."""
        if self._left <= 0:
            self._left = self._every
            reach(self._point)
        piece = self._stream.read(size)
        self._left -= len(piece)
        return piece

    def readinto(self, buffer: bytearray, /) -> int:
        """Likewise, into a buffer."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def arm(instruction: str) -> None:
    """Say where to end, as the variable does; for tests within one process."""
    global _armed
    with _lock:
        _armed = instruction
        _passed.clear()


def _reached(point: Point) -> None:
    with _lock:
        file = Path(_armed[1:]) if _armed.startswith("@") else None
        instruction = _instruction_in(file) if file else _armed
        name, _, nth = instruction.partition(":")
        if name != point:
            return
        _passed[instruction] = _passed.get(instruction, 0) + 1
        if _passed[instruction] < int(nth or 1):
            return
        if file:
            file.unlink(missing_ok=True)
        end_at_once()


def _instruction_in(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def end_at_once() -> None:
    """End this process as a power cut would: nothing is finished, nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)
