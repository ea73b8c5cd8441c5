# SPDX-License-Identifier: Apache-2.0
"""Pictures as pages: each frame of a TIFF, the first frame of anything else.

Imported in the confined child only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, cast

from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError, WebPImagePlugin

from comity.evidence.previewing.frames import Job, Why
from comity.evidence.previewing.pixels import CannotDrawError, Pixels, pixels_of, scale_of

LOADED = (TiffImagePlugin, WebPImagePlugin)
"""Named so that they are there: Pillow finds them, and loads the others in `preinit`."""
FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP")
MOST_PIXELS_READ = 64_000_000
"""Of one frame as it lies in the file; a larger one is taken for a bomb."""


def load_formats() -> None:
    """Load every reader now: later no file can be opened."""
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = None  # bounds are checked here, before anything is decoded


def draw_picture(content: BinaryIO, job: Job) -> Iterator[int | Pixels]:
    """How many frames it has, then those asked for."""
    try:
        image = Image.open(content, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise CannotDrawError(Why.MALFORMED) from error
    frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    yield frames
    for index in range(job.first - 1, min(job.last, frames)):
        if frames > 1:
            image.seek(index)
        yield _frame(image, index, job)


def _frame(image: Image.Image, index: int, job: Job) -> Pixels:
    if image.width * image.height > MOST_PIXELS_READ:
        raise CannotDrawError(Why.TOO_LARGE)
    scale = scale_of(image.width, image.height, job, finest=1.0)
    bound = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    image.draft("RGB", bound)
    drawn = ImageOps.exif_transpose(_flat(image))
    if scale < 1:
        edge = max(bound)
        drawn.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return pixels_of(drawn, index + 1)


def _flat(image: Image.Image) -> Image.Image:
    """Eight bits a colour, and white where it is transparent."""
    if image.mode in ("L", "RGB"):
        image.load()
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _stretched(image)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    return image.convert("RGB")


def _stretched(image: Image.Image) -> Image.Image:
    """Sixteen bits and more, so that its darkest is black and its lightest white."""
    plain = image.convert("F")
    low, high = cast("tuple[float, float]", plain.getextrema())
    factor = 255.0 / ((high - low) or 1.0)
    return plain.point(lambda value: value * factor - low * factor).convert("L")
