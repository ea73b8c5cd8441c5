# SPDX-License-Identifier: Apache-2.0
"""Pages of a PDF as pixels. Imported in the confined child only.

Forms are not initialised and the library is built without scripts, so nothing in the file runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2

from comity.evidence.previewing.frames import Job, Why
from comity.evidence.previewing.pixels import CannotDrawError, Pixels, pixels_of, scale_of

PASSWORD_NEEDED = 4
POINTS_AN_INCH = 72


def draw_pdf(content: BinaryIO, job: Job) -> Iterator[int | Pixels]:
    """How many pages it has, then those asked for."""
    document = _opened(content)
    yield len(document)
    for index in range(job.first - 1, min(job.last, len(document))):
        yield _page(document, index, job)


def _opened(content: BinaryIO) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == PASSWORD_NEEDED
        raise CannotDrawError(Why.ENCRYPTED if locked else Why.MALFORMED) from error


def _page(document: pypdfium2.PdfDocument, index: int, job: Job) -> Pixels:
    page = document[index]
    width, height = page.get_size()
    scale = scale_of(width, height, job, finest=job.dpi / POINTS_AN_INCH)
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
    pixels = pixels_of(bitmap.to_pil(), index + 1)
    bitmap.close()
    page.close()
    return pixels
