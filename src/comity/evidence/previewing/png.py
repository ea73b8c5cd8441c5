# SPDX-License-Identifier: Apache-2.0
"""PNG as we write it: pixels and nothing else, the same bytes for the same pixels.

Three chunks, no time, no text, no colour profile. Pixels go through as they come, so that a page
takes no more memory than its picture.
"""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_TYPES = {1: 0, 3: 2}
"""Bytes a pixel → the format's colour type: grey, or red, green and blue."""
EFFORT = 6


class PngWriter:
    """One picture, of which rows are given in order."""

    def __init__(self, *, width: int, height: int, channels: int) -> None:
        self._row = width * channels
        self._left = b""
        self._compressor = zlib.compressobj(EFFORT, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY)
        self._data = bytearray()
        self._head = struct.pack(">IIBBBBB", width, height, 8, COLOUR_TYPES[channels], 0, 0, 0)

    @property
    def size(self) -> int:
        """How many bytes it has so far."""
        return len(self._data)

    def write(self, pixels: bytes) -> None:
        """The next pixels, wherever they are cut."""
        given = self._left + pixels if self._left else pixels
        whole = len(given) - len(given) % self._row
        self._left = given[whole:]
        rows = (given[start : start + self._row] for start in range(0, whole, self._row))
        self._data += self._compressor.compress(b"".join(b"\0" + row for row in rows))

    def finished(self) -> bytes:
        """The whole file."""
        self._data += self._compressor.flush()
        return b"".join(
            (SIGNATURE, _chunk(b"IHDR", self._head), _chunk(b"IDAT", self._data), _chunk(b"IEND"))
        )


def _chunk(name: bytes, data: bytes | bytearray = b"") -> bytes:
    check = zlib.crc32(data, zlib.crc32(name))
    return b"".join((struct.pack(">I", len(data)), name, data, struct.pack(">I", check)))
