# SPDX-License-Identifier: Apache-2.0
"""Files that appear in a folder whole or not at all, and are read for what they are, not say.

Whatever fails, a file stands under its name completely and on the disk, or not. Links and devices
are not followed: whoever can write the folder chooses what lies there, not what is read.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

PIECE = 1024 * 1024


class Appearing:
    """Files that appear together in a folder, once all of them are whole and on the disk.

    They get their names in the order in which they were written. If anything fails, none does.
    """

    def __init__(self, folder: Path) -> None:
        self.manifests: list[str] = []
        """Messages whose files are all among them."""
        self._folder = folder
        self._names: list[str] = []

    def __enter__(self) -> Appearing:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        try:
            if failed is None and self._names:
                self._appear()
        finally:
            for name in self._names:
                self._hidden(name).unlink(missing_ok=True)

    def write(self, name: str, content: bytes) -> int:
        """The whole content under this name; how many bytes."""
        return self.copy(name, io.BytesIO(content))

    def copy(self, name: str, source: BinaryIO) -> int:
        """All of the source under this name; how many bytes."""
        self._names.append(name)
        copied = 0
        self._hidden(name).unlink(missing_ok=True)
        with self._hidden(name).open("xb") as file:  # never through a link that somebody laid
            while piece := source.read(PIECE):
                file.write(piece)
                copied += len(piece)
        return copied

    def _appear(self) -> None:
        for name in self._names:
            with self._hidden(name).open("rb") as file:
                os.fsync(file.fileno())
        for name in self._names:
            os.replace(self._hidden(name), self._folder / name)
        _sync_folder(self._folder)

    def _hidden(self, name: str) -> Path:
        return self._folder / f".{name}.new"


def sweep(folder: Path) -> None:
    """Remove what a crash left unfinished; nobody but us writes there."""
    for path in folder.glob(".*.new"):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some file systems of sticks do not know it
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def size_of(path: Path) -> int:
    """Of a plain file; a link or a device is as good as missing."""
    found = path.lstat()
    return found.st_size if stat.S_ISREG(found.st_mode) else -1


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A plain file, to be read."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        yield file
