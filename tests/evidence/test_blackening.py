# SPDX-License-Identifier: Apache-2.0
"""New renditions of pages: what was blackened is gone, and nothing but pixels is in the file."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from comity.evidence.blackening import (
    Area,
    AreaOutsideError,
    PictureUnreadableError,
    blackened,
    picture_data,
)
from comity.evidence.rendition import pages_as_pdf
from tests.support.evidence_packages import page_image


def test_the_area_is_black_and_the_rest_is_as_it_was() -> None:
    made = blackened(page_image(200, size=10), [Area(0.2, 0.5, 0.4, 1.0)])

    with Image.open(io.BytesIO(made)) as image:
        pixels = {(x, y): image.getpixel((x, y)) for x in range(10) for y in range(10)}
    black = {place for place, shade in pixels.items() if shade == 0}
    assert black == {(x, y) for x in range(2, 5) for y in range(5, 10)}
    assert set(pixels.values()) == {0, 200}


def test_nothing_of_what_was_there_is_in_the_file() -> None:
    made = blackened(page_image(77, size=16), [Area(0, 0, 1, 1)])

    assert set(zlib.decompress(picture_data(made))) == {0}
    assert made == blackened(page_image(99, size=16), [Area(0, 0, 1, 1)])


@pytest.mark.parametrize("area", [(0.5, 0, 0.5, 1), (0, 0, 1.1, 1), (-0.1, 0, 1, 1), (0, 1, 1, 0)])
def test_an_area_that_is_not_on_the_page_is_refused(area: tuple[float, ...]) -> None:
    with pytest.raises(AreaOutsideError):
        blackened(page_image(1), [Area(*area)])


@pytest.mark.parametrize("change", ["text", "cut", "other", "checksum"])
def test_a_picture_that_could_hold_more_than_pixels_is_refused(change: str) -> None:
    png = page_image(5)
    text = b"\0\0\0\x04tEXta\0bc" + zlib.crc32(b"tEXta\0bc").to_bytes(4)
    bad = {
        "text": png[:33] + text + png[33:],
        "cut": png[:-4],
        "other": b"GIF89a" + png,
        "checksum": png[:-1] + b"\0",
    }[change]

    with pytest.raises(PictureUnreadableError):
        blackened(bad, [Area(0, 0, 1, 1)])


def test_pages_become_a_document_that_others_can_read() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(pages_as_pdf([page_image(10), page_image(200)]))

    assert len(document) == 2
    shades = [document[n].render(scale=4).to_pil().convert("L").getpixel((4, 4)) for n in (0, 1)]
    assert shades == [10, 200]
    document.close()
