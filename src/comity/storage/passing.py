# SPDX-License-Identifier: Apache-2.0
"""Content in passing: on the disk for a moment, in a file without a name, readable by us alone.

It is sealed with a key that lies in this process's memory and nowhere else. Whatever ends the
process, a power cut included, leaves nothing that anybody could open.
"""

from __future__ import annotations

import io
import os
import tempfile
import weakref
from pathlib import Path
from typing import BinaryIO, cast

from comity.sealing.segments import (
    SEALED_SEGMENT_LENGTH,
    SEGMENT_LENGTH,
    TAG_LENGTH,
    Segments,
    make_content_key,
)
from comity.storage import disk
from comity.storage.blob_file import BlobHeader, PlainContent, write_segment


class PassingContent:
    """A content that is written from its start to its end, and read once it is whole."""

    def __init__(self, folder: Path) -> None:
        disk.make_folder(folder)
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            self._file = os.dup(file.fileno())
        # Whoever writes may vanish without a word, and what lay on the disk must go all the same.
        self._closing = weakref.finalize(self, os.close, self._file)
        self._key = make_content_key()
        self._segments = Segments(self._key)
        self._plain = bytearray()
        self._sealed = memoryview(bytearray(SEALED_SEGMENT_LENGTH))
        self._number = 0

    def write(self, content: bytes) -> None:
        """Add this at its end; at most two segments of it are held in memory.

        Raises:
            DiskFullError, StorageFailedError: it is of no use any more.
        """
        self._plain += content
        while len(self._plain) > SEGMENT_LENGTH:  # the last segment waits: it is sealed as last
            self._write_segment(memoryview(self._plain)[:SEGMENT_LENGTH], final=False)
            del self._plain[:SEGMENT_LENGTH]

    def opened(self) -> BinaryIO:
        """All that was written, to be read; closing it leaves nothing."""
        size = self._number * SEGMENT_LENGTH + len(self._plain)
        self._write_segment(memoryview(self._plain), final=True)
        self._plain = bytearray()
        file, self._file = self._file, -1
        self._closing.detach()
        plain = PlainContent(file, BlobHeader(self._key, size))
        return cast("BinaryIO", io.BufferedReader(plain, SEGMENT_LENGTH))

    def close(self) -> None:
        """Give it up."""
        self._file = -1
        self._closing()

    def _write_segment(self, plain: memoryview, *, final: bool) -> None:
        target = self._sealed[: len(plain) + TAG_LENGTH]
        self._segments.seal_into(self._number, plain, target, final=final)
        plain.release()
        write_segment(self._file, self._number, target)
        self._number += not final
