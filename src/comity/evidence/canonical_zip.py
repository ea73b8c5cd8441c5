# SPDX-License-Identifier: Apache-2.0
"""Writes a ZIP of which every byte follows from the names and contents of its files.

Stored, never compressed; no extra fields, comments or data descriptors; one fixed time; the file
`mimetype` first, the signature last, all others sorted. So a verifier can rebuild every header
and compare, and nothing can hide between the files. Constant memory for files of any size that
the format holds without extensions: 4 GiB in all, 65,534 files.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.sealing.encryption import Readable

FIRST, LAST = "mimetype", "META-INF/signatures001.xml"
MOST_FILES = 0xFFFF - 1
MOST_BYTES = 0xFFFFFFFF - 1
NAME = re.compile(r"(?:[A-Za-z0-9_-]+/){0,3}[A-Za-z0-9_-]+(?:\.[a-z0-9]{1,5})?")
"""Short, ASCII, and never a way out of a folder."""
BLOCK = 1024 * 1024
_CHECK_AND_SIZES = struct.Struct("<III")
_AT_CHECK = 14


class PackageTooLargeError(InvalidInputError):
    """More than a ZIP without extensions holds."""

    code = "package-too-large"
    message = N_("The package would be larger than {most} allow.")
    remedy = N_("Make two packages, each with some of the items.")


class NotCanonicalZipError(InvalidInputError):
    """A file may not stand here."""

    code = "package-order"
    message = N_("The file {name} may not stand in a package here.")
    remedy = N_("Write files in the order of their names, each once.")


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written."""

    name: str
    size: int
    crc: int
    offset: int
    digest: str
    """SHA-256, in hexadecimal."""


class ZipWriter:
    """Writes files one after the other to a sink that can seek; `finish` makes it whole."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self.files: list[Written] = []

    def add(self, name: str, content: bytes | Readable) -> Written:
        """Write one file, read once; the next must follow it in order."""
        self._check(name)
        start = self._sink.tell()
        self._sink.write(local_header(name, 0, 0))
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        size, crc, digest = 0, 0, hashlib.sha256()
        while block := source.read(BLOCK):
            self._sink.write(block)
            digest.update(block)
            crc, size = zlib.crc32(block, crc), size + len(block)
        end = self._sink.tell()
        if end > MOST_BYTES:
            raise PackageTooLargeError(most="4 GiB")
        self._sink.seek(start + _AT_CHECK)
        self._sink.write(_CHECK_AND_SIZES.pack(crc, size, size))
        self._sink.seek(end)
        written = Written(name, size, crc, start, digest.hexdigest())
        self.files.append(written)
        return written

    def finish(self) -> int:
        """Write the directory; the length of the whole."""
        start = self._sink.tell()
        for file in self.files:
            self._sink.write(directory_entry(file))
        length = self._sink.tell() - start
        if start + length > MOST_BYTES:
            raise PackageTooLargeError(most="4 GiB")
        self._sink.write(directory_end(len(self.files), length, start))
        return self._sink.tell()

    def _check(self, name: str) -> None:
        if not NAME.fullmatch(name) or (self.files and not _after(self.files[-1].name, name)):
            raise NotCanonicalZipError(name=name)
        if not self.files and name != FIRST:
            raise NotCanonicalZipError(name=name)
        if len(self.files) == MOST_FILES:
            raise PackageTooLargeError(most=f"{MOST_FILES} files")


def order(name: str) -> tuple[int, str]:
    """The key by which the files of a package are sorted."""
    return ({FIRST: 0, LAST: 2}.get(name, 1), name)


def local_header(name: str, size: int, crc: int) -> bytes:
    """What stands before a file."""
    fixed = struct.pack(
        "<IHHHHHIIIHH", 0x04034B50, 10, 0, 0, 0, _DAY, crc, size, size, len(name), 0
    )
    return fixed + name.encode("ascii")


def directory_entry(file: Written) -> bytes:
    """What the directory says of a file."""
    name = file.name.encode("ascii")
    sizes = (file.crc, file.size, file.size, len(name))
    return (
        struct.pack(
            "<IHHHHHHIIIHHHHHII",
            0x02014B50, 20, 10, 0, 0, 0, _DAY, *sizes, 0, 0, 0, 0, 0, file.offset,
        )
        + name
    )  # fmt: skip


def directory_end(count: int, length: int, start: int) -> bytes:
    """What ends a ZIP."""
    return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, length, start, 0)


_DAY = 1 << 5 | 1
"""1980-01-01, the first day that the format knows."""


def _after(one: str, other: str) -> bool:
    return order(one) < order(other)
