# SPDX-License-Identifier: Apache-2.0
"""Every act on the disk that a store must be able to trust, in one place.

What the operating system refuses becomes an error of ours, and says neither paths nor names.
An act that returned has happened; only `sync` and `sync_folder` make it outlast a power cut.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from comity.sealing.segments import SEALED_SEGMENT_LENGTH
from comity.storage.blob_store import DiskFullError, StorageFailedError

P = ParamSpec("P")
R = TypeVar("R")

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""No space, no quota left, or the largest file that is allowed."""
_NEEDED = SEALED_SEGMENT_LENGTH
"""What the next act would have written: a segment."""


def _said(act: Callable[P, R]) -> Callable[P, R]:
    """The act, with what the disk refuses said in our words; a missing file is the caller's."""

    @wraps(act)
    def told(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return act(*arguments, **named)
        except FileNotFoundError:
            raise
        except OSError as error:
            if error.errno in FULL:
                where = cast("int | Path", arguments[0])
                raise DiskFullError(needed=_NEEDED, free=free_bytes(where)) from error
            raise StorageFailedError(reason=os.strerror(error.errno or errno.EIO)) from error

    return told


def free_bytes(where: int | Path) -> int:
    """What may still be written beside this file, or below what is there of this path."""
    if isinstance(where, Path):
        where = next(path for path in (where, *where.parents) if path.exists())
    with contextlib.suppress(OSError):
        found = os.statvfs(where)
        return found.f_bavail * found.f_frsize
    return 0


@_said
def make_folder(path: Path) -> None:
    """Make a folder for us alone, durably, with those above it."""
    if path.is_dir():
        return
    make_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    sync_folder(path.parent)


@_said
def make_file(path: Path) -> int:
    """Make a new file for us alone, and open it."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


@_said
def open_file(path: Path, *, writing: bool = False) -> int:
    """Open a file that is there."""
    return os.open(path, (os.O_RDWR if writing else os.O_RDONLY) | os.O_CLOEXEC)


@_said
def write_at(file: int, content: bytes | bytearray | memoryview, offset: int) -> None:
    """Write all of it there."""
    left = memoryview(content)
    while left:
        written = os.pwrite(file, left, offset)
        left, offset = left[written:], offset + written


@_said
def read_at(file: int, into: memoryview, offset: int) -> int:
    """Fill the buffer from there; fewer bytes only at the end of the file."""
    filled = 0
    while filled < len(into):
        read = os.preadv(file, [into[filled:]], offset + filled)
        if not read:
            break
        filled += read
    return filled


@_said
def cut(file: int, length: int) -> None:
    """Drop what lies beyond this length."""
    os.ftruncate(file, length)


def begin_writing(file: int, offset: int, length: int) -> None:
    """Let the system begin to write this part out, so that `sync` has less to wait for."""
    with contextlib.suppress(OSError):  # advice only
        os.posix_fadvise(file, offset, length, os.POSIX_FADV_DONTNEED)


@_said
def sync(file: int) -> None:
    """Wait until what was written, and how long it is, lies on the disk."""
    os.fsync(file)


@_said
def sync_folder(path: Path) -> None:
    """Wait until the names in this folder lie on the disk."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@_said
def place(path: Path, where: Path) -> None:
    """Give a finished file its name, durably; a file of that name gives way."""
    make_folder(where.parent)
    path.rename(where)
    sync_folder(where.parent)


@_said
def remove(path: Path) -> bool:
    """Remove a file, durably; whether it was there."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    sync_folder(path.parent)
    return True


@contextlib.contextmanager
def closing(file: int) -> Iterator[int]:
    """Close the file in the end."""
    try:
        yield file
    finally:
        os.close(file)


@contextlib.contextmanager
def alone(file: int) -> Iterator[None]:
    """Hold a file against every other thread and process that asks."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def take_if_free(file: int) -> bool:
    """Hold a file until it is closed, unless somebody else does."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
