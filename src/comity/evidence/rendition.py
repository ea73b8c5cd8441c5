# SPDX-License-Identifier: Apache-2.0
"""Pages that were drawn, as one PDF document that holds nothing but their pictures.

For an item that came without its file: what its supplier disclosed of it can be read and filed,
and there is nothing behind the pictures. The pictures' own compressed pixels go in as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.evidence.blackening import picture_data, picture_size

MEDIA_TYPE = "application/pdf"
RESOLUTION = 150
"""Dots an inch that a page is shown at."""


def pages_as_pdf(pages: Sequence[bytes]) -> bytes:
    """The pages in their order; raises `PictureUnreadableError` for what is not drawn here."""
    objects: list[bytes] = []
    kids = " ".join(f"{3 + 3 * place} 0 R" for place in range(len(pages)))
    objects.append(b"<</Type/Catalog/Pages 2 0 R>>")
    objects.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode())
    for place, png in enumerate(pages):
        objects += _page(png, first=3 + 3 * place)
    return _document(objects)


def _page(png: bytes, *, first: int) -> list[bytes]:
    """A page, what draws it, and its picture: three objects."""
    width, height, channels = picture_size(png)
    across, down = (round(pixels * 72 / RESOLUTION, 2) for pixels in (width, height))
    space = "DeviceGray" if channels == 1 else "DeviceRGB"
    drawn = f"q {across} 0 0 {down} 0 0 cm /P Do Q".encode()
    head = (
        f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/{space}"
        f"/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors {channels}"
        f"/Columns {width}>>"
    )
    page = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {across} {down}]/Contents {first + 1} 0 R"
        f"/Resources<</XObject<</P {first + 2} 0 R>>>>>>"
    )
    return [page.encode(), _stream("<<", drawn), _stream(head, picture_data(png))]


def _stream(head: str, content: bytes) -> bytes:
    return f"{head}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def _document(objects: Sequence[bytes]) -> bytes:
    written, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start, size = len(written), len(objects) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n" % size
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(written)
