# SPDX-License-Identifier: Apache-2.0
"""Pictures, sound and hostile, and files that are several things at once."""

from __future__ import annotations

import struct
import zlib

from tests.evidence.hostile.archives import a_zip
from tests.evidence.hostile.pdfs import a_pdf


def a_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def a_png(
    width: int = 40, height: int = 30, *, rows: int | None = None, extra: bytes = b""
) -> bytes:
    """A grey PNG; `rows` of them are there, all unless said otherwise."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    plain = (b"\0" + b"\x80" * width) * (height if rows is None else rows)
    data = a_chunk(b"IDAT", zlib.compress(plain, 9))
    return b"\x89PNG\r\n\x1a\n" + a_chunk(b"IHDR", head) + extra + data + a_chunk(b"IEND", b"")


def a_bmp(width: int, height: int) -> bytes:
    """The head of a BMP that claims this size, and three pixels."""
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IIII", 54 + 12, 0, 54, 40)[:12] + info + b"\xff" * 12


def a_gif(width: int = 1, height: int = 1, after: bytes = b"") -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0;" + after


def a_tiff_whose_pages_loop() -> bytes:
    """One directory of a 1×1 picture whose next one is itself."""
    entries = [(256, 4, 1), (257, 4, 1), (258, 3, 8), (259, 3, 1), (262, 3, 1)]
    entries += [(273, 4, 8), (278, 4, 1), (279, 4, 1)]
    raw = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return (
        b"II*\0"
        + struct.pack("<I", 9 + 1)
        + b"\xff\0"
        + struct.pack("<H", 8)
        + raw
        + struct.pack("<I", 10)
    )


GIF_SCRIPT = b"GIF89a/*" + a_gif()[8:] + b"*/=1;alert(document.domain)"

HOSTILE: dict[str, bytes] = {
    "png-of-a-gigapixel": a_png(40_000, 40_000, rows=0),
    "png-bomb": a_png(11_000, 10_000),
    "png-text-bomb": a_png(extra=a_chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * (1 << 25), 9))),
    "png-profile-bomb": a_png(
        extra=a_chunk(b"iCCP", b"a\0\0" + zlib.compress(b"\0" * (1 << 25), 9))
    ),
    "png-cut-off": a_png()[:60],
    "png-of-no-size": a_png(0, 0),
    "png-then-zip": a_png() + a_zip(("a.txt", b"x")),
    "bmp-of-a-gigapixel": a_bmp(40_000, 40_000),
    "bmp-of-negative-size": a_bmp(-1, -(1 << 31)),
    "gif-huge": a_gif(65_535, 65_535),
    "gif-then-script": a_gif(after=b"<script>alert(1)</script>"),
    "gif-script": GIF_SCRIPT,
    "jpeg-only-head": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "jpeg-length-lies": b"\xff\xd8\xff\xc0\xff\xff\x08\xff\xff\xff\xff\x03" + b"\1\x22\0" * 3,
    "jpeg-of-nothing": b"\xff\xd8\xff\xd9",
    "tiff-pages-loop": a_tiff_whose_pages_loop(),
    "tiff-place-lies": b"II*\0\xff\xff\xff\xff",
    "webp-cut-off": b"RIFF\xff\xff\xff\x7fWEBPVP8X",
    "pdf-and-zip": a_pdf() + a_zip(("a.exe", b"MZ")),
    "png-and-pdf": a_png(extra=a_chunk(b"tEXt", b"a\0" + a_pdf())),
    "program-and-zip": b"MZ" + b"\0" * 100 + a_zip(("a.txt", b"x")),
}
"""What it tries → the file."""
