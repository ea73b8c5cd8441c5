# SPDX-License-Identifier: Apache-2.0
"""What stands against a picture, by its head and its end; no pixel is decoded."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from comity.evidence.intake.findings import Finding, FindingCode, found
from comity.evidence.intake.reading import Subject

Size = tuple[int, int]
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ENDS: dict[str, bytes] = {
    "image/png": b"IEND\xaeB`\x82",
    "image/jpeg": b"\xff\xd9",
    "image/gif": b"\0;",
}
"""How a whole picture of a type ends."""


def examine_picture(subject: Subject, media_type: str) -> Iterator[Finding]:
    """Its size and its end."""
    size = SIZES[media_type](subject)
    if size is None or 0 in size:
        yield found(FindingCode.DAMAGED)
    elif size[0] * size[1] > subject.limits.most_pixels:
        yield found(FindingCode.TOO_MANY_PIXELS, width=size[0], height=size[1])
    end = ENDS.get(media_type)
    if end is None:
        return
    at = subject.tail.rfind(end)
    if at < 0:
        yield found(FindingCode.DAMAGED)
    elif subject.tail[at + len(end) :].strip(b"\0\r\n "):
        yield found(FindingCode.DATA_AFTER_END, size=len(subject.tail) - at - len(end))


def _png(subject: Subject) -> Size | None:
    return _numbers(">II", subject.head, 16) if subject.head[12:16] == b"IHDR" else None


def _gif(subject: Subject) -> Size | None:
    return _numbers("<HH", subject.head, 6)


def _bmp(subject: Subject) -> Size | None:
    size = _numbers("<ii", subject.head, 18)
    return (abs(size[0]), abs(size[1])) if size else None


def _jpeg(subject: Subject) -> Size | None:
    """The first frame's head, found from segment to segment."""
    at, head = 2, subject.head
    while at + 9 < len(head):
        if head[at] != 0xFF:
            return None
        mark = head[at + 1]
        if mark in JPEG_FRAMES:
            size = _numbers(">HH", head, at + 5)
            return (size[1], size[0]) if size else None
        if mark == 0xFF or mark == 1 or 0xD0 <= mark <= 0xD8:
            at += 1 if mark == 0xFF else 2
            continue
        length = _numbers(">HH", head, at + 2)
        if length is None or length[0] < 2:
            return None
        at += 2 + length[0]
    return None


def _tiff(subject: Subject) -> Size | None:
    """Of the first directory; those that follow are counted by whoever draws."""
    order = "<" if subject.head[:2] == b"II" else ">"
    place = _numbers(order + "II", subject.head, 4)
    if place is None or subject.head[2:4] in (b"+\0", b"\0+"):
        return (1, 1) if place else None
    directory = subject.at(place[0], 2 + 200 * 12)
    found_: dict[int, int] = {}
    count = _numbers(order + "H", directory, 0)
    for number in range(min(count[0], 200) if count else 0):
        entry = directory[2 + number * 12 : 14 + number * 12]
        if len(entry) == 12:
            tag, kind = struct.unpack_from(order + "HH", entry)
            found_[tag] = struct.unpack_from(order + ("H" if kind == 3 else "I"), entry, 8)[0]
    return (found_[256], found_[257]) if {256, 257} <= set(found_) else None


def _webp(subject: Subject) -> Size | None:
    kind, head = subject.head[12:16], subject.head
    if kind == b"VP8X" and len(head) >= 30:
        return (
            1 + int.from_bytes(head[24:27], "little"),
            1 + int.from_bytes(head[27:30], "little"),
        )
    if kind == b"VP8L":
        bits = _numbers("<I", head, 21)
        return ((bits[0] & 0x3FFF) + 1, (bits[0] >> 14 & 0x3FFF) + 1) if bits else None
    size = _numbers("<HH", head, 26)
    return (size[0] & 0x3FFF, size[1] & 0x3FFF) if size else None


SIZES: dict[str, Callable[[Subject], Size | None]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/bmp": _bmp,
    "image/jpeg": _jpeg,
    "image/tiff": _tiff,
    "image/webp": _webp,
}
"""How the size of each type is read."""


def _numbers(form: str, raw: bytes, at: int) -> Size | None:
    return struct.unpack_from(form, raw, at) if len(raw) >= at + struct.calcsize(form) else None
