# SPDX-License-Identifier: Apache-2.0
"""Contents to store, and disks that fail: full, at a step, or by a power cut."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

from comity.storage import disk
from comity.storage.local import LocalStore

STEPS = ("make_folder", "make_file", "write_at", "cut", "sync", "sync_folder", "place", "remove")
"""The acts on the disk at which a test can stop the world."""
DIED = 9


def content_of(size: int, seed: int = 0) -> bytes:
    """Content of this size, other for every seed."""
    return random.Random(seed).randbytes(size)


class Stream:
    """A source that gives short reads and, after so many bytes, ends or breaks."""

    def __init__(self, content: bytes, *, most: int = 1 << 30, breaks: bool = False) -> None:
        self.content, self.at, self.most, self.breaks = content, 0, most, breaks

    def read(self, size: int, /) -> bytes:
        """Some bytes; none at the end."""
        piece = self.content[self.at : self.at + min(size, self.most)]
        self.at += len(piece)
        if not piece and self.breaks:
            raise ConnectionResetError("the connection is gone")
        return piece


class Zeros:
    """Many zero bytes that take no memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readinto(self, into: memoryview, /) -> int:
        """Give some; the buffer holds zeros or what was there before."""
        given = min(len(into), self.left)
        self.left -= given
        return given

    def read(self, size: int, /) -> bytes:
        """Give some."""
        given = min(size, self.left)
        self.left -= given
        return bytes(given)


def hand_over(
    sender: LocalStore, name: str, receiver: LocalStore, arrival: str, from_segment: int = 0
) -> int:
    """Let one store take what lies in another; how many segments are there then."""
    with sender.sealed(name, from_segment) as sealed:
        return receiver.take(arrival, from_segment, sealed)


def sealed_of(store: LocalStore, name: str) -> bytes:
    """All segments of a blob as they lie."""
    with store.sealed(name) as sealed:
        return sealed.read()


def dies_at(step: int, work: Callable[[], object], *, power_cut: bool = False) -> bool:
    """Do the work in a process that dies at this act on the disk; False where it came to its end.

    Every act is met twice: before it happens, and after; of a write, half happens before. A
    power cut takes with it what was written and not synced: zeros stand in its place.
    """
    child = os.fork()
    if not child:
        _do_and_exit(work, _Dying(step, power_cut=power_cut))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, DIED), f"the work failed in another way: {code}"
    return code == DIED


def _do_and_exit(work: Callable[[], object], dying: _Dying) -> NoReturn:
    try:
        for name in STEPS:
            setattr(disk, name, dying.meeting(name, getattr(disk, name)))
        work()
        os._exit(0)
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(1)


class _Dying:
    """Counts the acts on the disk, and ends the process at one of them."""

    def __init__(self, step: int, *, power_cut: bool) -> None:
        self.left, self.power_cut = step, power_cut
        self.unsynced: list[tuple[int, int, int]] = []

    def meeting(self, name: str, act: Callable[..., object]) -> Callable[..., object]:
        """The act, met before it happens and after."""

        def act_or_die(*arguments: Any) -> object:
            if name == "write_at":
                self._half(act, *arguments)
            self._meet()
            done = act(*arguments)
            if name == "sync":
                synced = os.fstat(arguments[0]).st_ino
                self.unsynced = [u for u in self.unsynced if os.fstat(u[0]).st_ino != synced]
            self._meet()
            return done

        return act_or_die

    def _half(self, act: Callable[..., object], file: int, content: bytes, offset: int) -> None:
        again = os.open(f"/proc/self/fd/{file}", os.O_RDWR)  # a lock of its own, unlike `os.dup`
        self.unsynced.append((again, offset, len(content)))
        if self.left == 1:
            act(file, memoryview(content)[: len(content) // 2], offset)

    def _meet(self) -> None:
        self.left -= 1
        if self.left:
            return
        for file, offset, length in self.unsynced if self.power_cut else []:
            length = max(0, min(length, os.fstat(file).st_size - offset))
            os.pwrite(file, bytes(length), offset)
        os._exit(DIED)


@contextlib.contextmanager
def failing(name: str, at: int, error: int) -> Iterator[None]:
    """Let one call of the system (`pwrite`, `fsync`, …) fail with this error, the others work."""
    act, left = getattr(os, name), [at]

    def act_or_fail(*arguments: object) -> object:
        left[0] -= 1
        if not left[0]:
            if name == "pwrite":  # some of it went through
                file, content, offset = arguments
                act(file, content[: len(content) // 3], offset)
            raise OSError(error, os.strerror(error))
        return act(*arguments)

    with mock.patch.object(os, name, act_or_fail):
        yield


@contextlib.contextmanager
def small_disk(where: Path, size: int) -> Iterator[Path | None]:
    """A file system of so many bytes; None where this user may not mount one."""
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "comity-test", where]
    try:
        mounted = not subprocess.run(command, check=False, capture_output=True).returncode
    except FileNotFoundError:
        mounted = False
    try:
        yield where if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", where], check=True)
