# SPDX-License-Identifier: Apache-2.0
"""Pages as bare pixels, and what every drawing promises. Imported in the confined child only."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageChops, ImageFile

from comity.evidence.previewing.frames import Job, Why


@dataclass(frozen=True, slots=True)
class Pixels:
    """One page: rows from the top, pixels from the left, one or three bytes each."""

    number: int
    width: int
    height: int
    channels: int
    data: bytes


class CannotDrawError(Exception):
    """The file cannot be drawn, for a reason that the node has words for."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.name)
        self.why = why


LOADED = (ImageFile,)
"""Pillow imports it when it is first needed, and then no file can be opened any more."""
Drawing = Callable[[BinaryIO, Job], Iterator[int | Pixels]]
"""First how many pages there are, then those that the job asks for, in order."""


def scale_of(width: float, height: float, job: Job, *, finest: float) -> float:
    """How much larger to draw something of this size, so that it stays within the job's bounds."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise CannotDrawError(Why.MALFORMED)
    scale = finest
    if job.longest_edge:
        scale = min(scale, job.longest_edge / max(width, height))
    scale = min(scale, math.sqrt(job.most_pixels / (width * height)))
    while math.ceil(width * scale) * math.ceil(height * scale) > job.most_pixels:
        scale *= 0.999
        if min(width, height) * scale < 1 / job.most_pixels:
            raise CannotDrawError(Why.TOO_LARGE)
    return scale


def pixels_of(image: Image.Image, number: int) -> Pixels:
    """The bare pixels, grey where nothing has a colour."""
    drawn = image if image.mode in ("L", "RGB") else image.convert("RGB")
    if drawn.mode == "RGB" and _is_grey(drawn):
        drawn = drawn.getchannel(0)
    return Pixels(number, drawn.width, drawn.height, len(drawn.getbands()), drawn.tobytes())


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.split()
    same = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    return all(difference.getbbox() is None for difference in same)
