# SPDX-License-Identifier: Apache-2.0
"""Makes a page's picture anew without some areas of it: their pixels are gone, not covered.

Reads the pictures that `previewing` writes and no others, and writes one in the same way: pixels
and nothing else, so nothing of what was there can be found in the file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.evidence.previewing.png import COLOUR_TYPES, SIGNATURE, PngWriter

MOST_PIXELS = 100_000_000
_HEADER = struct.Struct(">IIBBBBB")


class AreaOutsideError(InvalidInputError):
    """An area does not lie on the page."""

    code = "area-outside"
    message = N_("The area {area} does not lie on the page.")
    remedy = N_("Give left, top, right and bottom as parts of the page between 0 and 1.")


class PictureUnreadableError(InvalidInputError):
    """A picture is none of those that are drawn here."""

    code = "page-picture-unreadable"
    message = N_("The page's picture cannot be made anew: {obstacle}.")
    remedy = N_("Withhold the whole page instead.")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, in parts of the page's width and height from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


def blackened(png: bytes, areas: Sequence[Area]) -> bytes:
    """The picture with these areas black."""
    width, height, channels, rows = _pixels(png)
    boxes = [_box(area, width, height) for area in areas]
    writer = PngWriter(width=width, height=height, channels=channels)
    for y in range(height):
        row = bytearray(rows[y * width * channels : (y + 1) * width * channels])
        for left, top, right, bottom in boxes:
            if top <= y < bottom:
                row[left * channels : right * channels] = bytes((right - left) * channels)
        writer.write(bytes(row))
    return writer.finished()


def picture_size(png: bytes) -> tuple[int, int, int]:
    """Width, height and bytes a pixel of a picture that is drawn here."""
    if png[:8] != SIGNATURE or png[12:16] != b"IHDR":
        raise PictureUnreadableError(obstacle=N_("it is no picture as they are drawn here"))
    width, height, depth, colour, *ways = _HEADER.unpack_from(png, 16)
    channels = next((n for n, kind in COLOUR_TYPES.items() if kind == colour), 0)
    if depth != 8 or not channels or any(ways) or not 0 < width * height <= MOST_PIXELS:
        raise PictureUnreadableError(obstacle=N_("it is no picture as they are drawn here"))
    return width, height, channels


def picture_data(png: bytes) -> bytes:
    """The compressed pixels; raises unless the picture holds nothing beside them."""
    at, data, kinds = 8, b"", []
    while at + 12 <= len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        body = png[at + 8 : at + 8 + length]
        if zlib.crc32(kind + body) != int.from_bytes(png[at + 8 + length : at + 12 + length]):
            raise PictureUnreadableError(obstacle=N_("a check sum does not fit"))
        kinds.append(kind)
        data, at = data + body if kind == b"IDAT" else data, at + 12 + length
    if kinds != [b"IHDR", *[b"IDAT"] * (len(kinds) - 2), b"IEND"] or at != len(png):
        raise PictureUnreadableError(obstacle=N_("it holds more than pixels"))
    return data


def _pixels(png: bytes) -> tuple[int, int, int, bytes]:
    width, height, channels = picture_size(png)
    step = width * channels + 1
    decompressor = zlib.decompressobj()
    raw = decompressor.decompress(picture_data(png), step * height + 1)
    if len(raw) != step * height or any(raw[y * step] for y in range(height)):
        raise PictureUnreadableError(obstacle=N_("its rows are written in another way"))
    rows = b"".join(raw[y * step + 1 : (y + 1) * step] for y in range(height))
    return width, height, channels, rows


def _box(area: Area, width: int, height: int) -> tuple[int, int, int, int]:
    ordered = 0 <= area.left < area.right <= 1 and 0 <= area.top < area.bottom <= 1
    if not ordered:
        raise AreaOutsideError(area=f"{area.left} {area.top} {area.right} {area.bottom}")
    # Outwards to whole pixels: a letter's edge must not stay.
    return (
        int(area.left * width),
        int(area.top * height),
        min(width, int(area.right * width) + 1),
        min(height, int(area.bottom * height) + 1),
    )
