# SPDX-License-Identifier: Apache-2.0
"""Letters whose font a PDF names and does not bring are drawn, in every script, with our fonts."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

import comity.evidence.previewing as previewing
from comity.evidence.previewing import draw
from tests.evidence.hostile.pdfs import CATALOG, PAGE, PAGES, a_stream, of_objects
from tests.evidence.previewing.test_drawing import pixels

FONTS = Path(previewing.__file__).parent / "fonts"
PAGE_WITH_FONT = PAGE.replace(b"/Resources<<>>", b"/Resources<</Font<</F 5 0 R>>>>")
CYRILLIC = b"/Differences[192/afii10017/afii10018/afii10019]"
IN_ASIA = {
    "Chinese": (b"STSong-Light", b"UniGB-UCS2-H", b"GB1", "中文文件"),
    "Japanese": (b"HeiseiMin-W3", b"UniJIS-UCS2-H", b"Japan1", "日本語"),
    "Korean": (b"HYSMyeongJo-Medium", b"UniKS-UCS2-H", b"Korea1", "한국어"),
}


def dark(*objects: bytes) -> int:
    """How many pixels of the page are not white."""
    (page,) = draw(
        io.BytesIO(of_objects(CATALOG, PAGES, PAGE_WITH_FONT, *objects)), "application/pdf"
    )
    width, height, rows = pixels(page.png)
    return width * height - rows.count(b"\xff")


def written(text: bytes) -> bytes:
    return a_stream(b"BT /F 24 Tf 20 100 Td " + text + b" Tj ET")


@pytest.mark.parametrize("script", IN_ASIA)
def test_a_script_of_asia_is_drawn(script: str) -> None:
    base, encoding, ordering, text = IN_ASIA[script]
    font = b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/%s/DescendantFonts[6 0 R]>>"
    letters = b"<</Type/Font/Subtype/CIDFontType0/BaseFont/%s/FontDescriptor 7 0 R/CIDSystemInfo"
    letters += b"<</Registry(Adobe)/Ordering(%s)/Supplement 2>>>>"
    described = b"<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[0 0 1000 1000]/StemV 80>>"

    drawn = dark(
        written(b"<%s>" % text.encode("utf-16-be").hex().encode()),
        font % (base, encoding),
        letters % (base, ordering),
        described % base,
    )
    assert drawn > 500


@pytest.mark.parametrize("base", [b"Arial", b"TimesNewRoman", b"CourierNew", b"Unheard-Of"])
def test_cyrillic_is_drawn(base: bytes) -> None:
    font = b"<</Type/Font/Subtype/TrueType/BaseFont/%s/Encoding<</Type/Encoding%s>>/FirstChar 192"
    font += b"/LastChar 194/Widths[600 600 600]>>"

    assert dark(written(b"<C0C1C2>"), font % (base, CYRILLIC)) > 200


def test_the_fonts_are_those_that_were_taken() -> None:
    lines = [line.split() for line in (FONTS / "MANIFEST.txt").read_text().splitlines()]

    assert {name for _, name in lines} == {path.name for path in FONTS.glob("*.ttf")}
    for digest, name in lines:
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest
