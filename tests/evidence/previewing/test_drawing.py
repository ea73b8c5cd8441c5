# SPDX-License-Identifier: Apache-2.0
"""Pages come out the same each time, and a child that lies, hangs or dies is a finding."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import sys
import time
import zlib
from pathlib import Path

import pytest

from comity.evidence.previewing import (
    DrawingLimits,
    NotDrawnError,
    Obstacle,
    draw,
    draw_pages,
    drawing,
)
from tests.evidence.hostile.pdfs import a_pdf, of_objects
from tests.evidence.hostile.pictures import a_png

PDF, PNG = "application/pdf", "image/png"
QUICK = DrawingLimits(most_seconds=1)
RED = b"\xff\0\0"


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the rows of a PNG that we wrote: one chunk of each kind, no other."""
    names, at, data, size = [], 8, b"", (0, 0)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        name, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert zlib.crc32(name + content) == struct.unpack_from(">I", png, at + 8 + length)[0]
        names.append(name)
        if name == b"IHDR":
            size = struct.unpack_from(">II", content)
        data += content if name == b"IDAT" else b""
        at += 12 + length
    assert names == [b"IHDR", b"IDAT", b"IEND"]
    return size[0], size[1], zlib.decompress(data)


def test_a_page_is_drawn_as_it_is() -> None:
    (page,) = draw(io.BytesIO(a_pdf()), PDF, dpi=72)
    width, height, rows = pixels(page.png)

    assert (page.width, page.height, page.pages) == (width, height, 1) == (300, 200, 1)
    row = rows[150 * (1 + 3 * width) :][1 : 1 + 3 * width]
    assert row[3 * 60 : 3 * 61] == RED
    assert row[3 * 10 : 3 * 11] == b"\xff\xff\xff"


def test_the_same_file_gives_the_same_bytes() -> None:
    once, twice = (list(draw_pages(io.BytesIO(a_pdf(2)), PDF)) for _ in range(2))

    assert once == twice
    assert len(once) == 2


@pytest.mark.slow
def test_pages_can_be_drawn_one_by_one() -> None:
    whole = list(draw(io.BytesIO(a_pdf(3)), PDF, dpi=40))
    (second,) = draw(io.BytesIO(a_pdf(3)), PDF, dpi=40, first=2, last=2)

    assert second == whole[1]
    assert second.pages == 3


def test_a_preview_is_as_long_as_asked_for_and_no_longer() -> None:
    (page,) = draw(io.BytesIO(a_pdf()), PDF, dpi=300, longest_edge=120)

    assert max(page.width, page.height) == 120


def test_a_page_too_large_for_its_dpi_is_drawn_less_finely() -> None:
    poster = a_pdf().replace(b"300 200", b"9999999 9999999")
    (page,) = draw(io.BytesIO(poster), PDF, limits=DrawingLimits(most_pixels=10_000))

    assert 9_000 < page.width * page.height <= 10_000


def test_a_page_after_the_last_is_none() -> None:
    assert list(draw(io.BytesIO(a_pdf(2)), PDF, first=3, last=3)) == []


def test_a_picture_is_drawn_and_loses_what_else_it_says() -> None:
    (page,) = draw_pages(io.BytesIO(a_png(40, 30)), PNG)
    width, height, rows = pixels(page)

    assert (width, height) == (40, 30)
    assert rows == (b"\0" + b"\x80" * 40) * 30


def test_content_is_read_where_it_lies() -> None:
    """Of a file with much in it that no page needs, little is read."""

    class Counting(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1) -> bytes:
            part = super().read(size)
            self.count += len(part)
            return part

    filler = b"<</Length %d>>\nstream\n%s\nendstream" % (8 << 20, b"x" * (8 << 20))
    content = Counting(of_objects(*objects_of_a_page(), filler))
    assert len(list(draw_pages(content, PDF))) == 1
    assert content.count < 1 << 20


def objects_of_a_page() -> tuple[bytes, ...]:
    from tests.evidence.hostile.pdfs import CATALOG, PAGE, PAGES, a_stream

    return CATALOG, PAGES, PAGE, a_stream(b"0 0 9 9 re f")


def test_types_without_pages_have_none() -> None:
    assert list(draw_pages(io.BytesIO(b"PK\3\4"), "application/zip")) == []


def test_a_locked_file_says_so() -> None:
    locked = of_objects(
        *objects_of_a_page(),
        b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<%s>/U<%s>>>" % (b"11" * 32, b"22" * 32),
        trailer=b"/Root 1 0 R/Encrypt 5 0 R/ID[<00><00>]",
    )

    assert why(io.BytesIO(locked)) is Obstacle.ENCRYPTED


# A child that is not ours any more

READY = "import os, struct, sys, time\nH = struct.Struct('>BQIII')\nos.read(0, 41)\n"
READY += "say = lambda *n: os.write(1, H.pack(*n))\nsay(1, 3, 0, 0, 0)\n"
LIARS: dict[str, tuple[str, Obstacle]] = {
    "hangs": ("time.sleep(60)", Obstacle.TOO_SLOW),
    "dies": ("os.kill(os.getpid(), 11)", Obstacle.CRASHED),
    "ends": ("sys.exit(0)", Obstacle.CRASHED),
    "talks nonsense": ("os.write(1, b'x' * 100000)", Obstacle.CRASHED),
    "asks for far too much": ("say(2, 0, 1 << 31, 0, 0); time.sleep(60)", Obstacle.CRASHED),
    "asks beyond the end": ("say(2, 1 << 60, 1, 0, 0); time.sleep(60)", Obstacle.CRASHED),
    "asks and does not listen": (
        "while True: say(2, 0, 1 << 16, 0, 0)",
        Obstacle.TOO_SLOW,
    ),
    "sends a page unasked": ("say(4, 1, 1, 1, 1); time.sleep(60)", Obstacle.CRASHED),
    "sends a page too large": (
        "say(3, 1, 0, 0, 0); say(4, 1, 1 << 31, 1 << 31, 3); time.sleep(60)",
        Obstacle.CRASHED,
    ),
    "sends half a page": (
        "say(3, 1, 0, 0, 0); say(4, 1, 10, 10, 1); os.write(1, b'x' * 50)",
        Obstacle.CRASHED,
    ),
    "sends the same page twice": (
        "say(3, 9, 0, 0, 0)\nfor _ in '12': say(4, 1, 1, 1, 1), os.write(1, b'x')\ntime.sleep(60)",
        Obstacle.CRASHED,
    ),
    "ends before the last page": ("say(3, 5, 0, 0, 0); say(5, 0, 0, 0, 0)", Obstacle.CRASHED),
    "gives no known reason": ("say(6, 99, 0, 0, 0)", Obstacle.CRASHED),
}


@pytest.mark.parametrize("lie", LIARS)
def test_a_child_that_was_taken_over_gets_nowhere(
    lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, expected = LIARS[lie]
    monkeypatch.setattr(drawing, "COMMAND", (sys.executable, "-I", "-S", "-c", READY + code))
    began, content = time.monotonic(), io.BytesIO(b"%PDF" * 100_000)

    assert why(content) is expected
    assert time.monotonic() - began < 20
    assert children() == []


def test_nothing_is_given_to_a_child_that_is_not_confined(monkeypatch: pytest.MonkeyPatch) -> None:
    code = READY.replace("say(1, 3,", "say(1, 1,") + "say(2, 0, 1, 0, 0); time.sleep(60)"
    monkeypatch.setattr(drawing, "COMMAND", (sys.executable, "-I", "-S", "-c", code))
    content = io.BytesIO(b"%PDF")

    assert why(content) is Obstacle.UNCONFINED
    assert content.tell() == 4  # its size was asked for, nothing of it was read


def test_whoever_takes_one_page_and_goes_leaves_no_child() -> None:
    next(iter(draw(io.BytesIO(a_pdf(50)), PDF)))

    assert children() == []


def why(content: io.BytesIO) -> Obstacle | None:
    try:
        list(draw_pages(content, PDF, limits=QUICK))
    except NotDrawnError as error:
        return error.why
    return None


def children() -> list[str]:
    """What this process started to draw and that still runs."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == os.getpid() and b"\0-I\0" in (path / "cmdline").read_bytes():
                found.append(path.name)
    return found
