# SPDX-License-Identifier: Apache-2.0
"""Pages of items as pictures, each drawn once and kept under the item's own key.

What a later version of the drawing library would draw otherwise stays as it was first drawn, so
that what was certified can be shown again; erasing the item erases its pictures.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from comity.evidence import models
from comity.evidence.intake.texts import as_text, readable_text
from comity.evidence.previewing import (
    LASTING,
    PREVIEW_EDGE,
    RENDITION_DPI,
    DrawingLimits,
    DrawnPage,
    NotDrawnError,
    Obstacle,
    draw,
    is_drawable,
)
from comity.evidence.previewing.visible_text import visible
from comity.evidence.queries.items import item as item_of
from comity.evidence.services import keeping

PREVIEW_LIMITS = DrawingLimits(most_seconds=20)
LONGEST_TEXT = 64 << 10
"""How many bytes of a text are shown."""
TEXTS = ("text/", "message/", "application/json", "application/xml", "image/svg+xml")
"""Types that are shown as the text that they are."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One page of an item as an officer sees it: a picture, a text, or why there is neither."""

    item: str
    page: int = 1
    pages: int = 0
    png: bytes = b""
    text: str = ""
    """To be shown escaped, as any text is; invisible marks in it were made visible."""
    cut_off: bool = False
    """Whether the text goes on."""
    obstacle: Obstacle | None = None


def page_images(reference: str) -> Iterator[bytes]:
    """Every page of an item's content at `RENDITION_DPI`, as PNG; none where it has no pages.

    Raises:
        NotDrawnError: it cannot be drawn, or only the pages given before.
        NoContentError, ItemErasedError, BlobDamagedError: as `open_content_inside`.
    """
    known = item_of(reference)
    if not is_drawable(known.media_type):
        return
    kept = _kept_pages(reference, RENDITION_DPI, 0)
    if kept and kept[0].pages == len(kept) and all(row.blob for row in kept):
        for row in kept:
            yield _stored(reference, row.blob)
        return
    with keeping.open_content_inside(reference) as content:
        for page in draw(content, known.media_type, dpi=RENDITION_DPI):
            _keep(reference, page, RENDITION_DPI, 0)
            yield page.png


def preview(reference: str, page: int = 1) -> Preview:
    """One page as officers see it on a screen. Only for whoever was let see the item.

    Raises:
        NoContentError, ItemErasedError, BlobDamagedError: as `open_content_inside`.
    """
    known = item_of(reference)
    if known.media_type.startswith(TEXTS):
        return _text(reference, known.size or 0)
    if not is_drawable(known.media_type):
        return Preview(reference)
    row = _kept_pages(reference, RENDITION_DPI, PREVIEW_EDGE).filter(page=page).first()
    if row is not None and row.blob:
        return Preview(reference, page, row.pages, _stored(reference, row.blob))
    if row is not None:
        return Preview(reference, page, row.pages, obstacle=Obstacle(row.obstacle))
    return _drawn_preview(reference, known.media_type, page)


def _drawn_preview(reference: str, media_type: str, number: int) -> Preview:
    try:
        with keeping.open_content_inside(reference) as content:
            drawn = next(
                draw(
                    content,
                    media_type,
                    dpi=RENDITION_DPI,
                    longest_edge=PREVIEW_EDGE,
                    first=number,
                    last=number,
                    limits=PREVIEW_LIMITS,
                ),
                None,
            )
    except NotDrawnError as error:
        if error.why in LASTING:
            _note_obstacle(reference, number, error.why)
        return Preview(reference, number, obstacle=error.why)
    if drawn is None:
        return Preview(reference, number)
    _keep(reference, drawn, RENDITION_DPI, PREVIEW_EDGE)
    return Preview(reference, number, drawn.pages, drawn.png)


def _text(reference: str, size: int) -> Preview:
    with keeping.open_content_inside(reference) as content:
        raw = content.read(LONGEST_TEXT)
    whole = size <= len(raw)
    text = as_text(raw, whole=whole) or readable_text(raw)
    return Preview(reference, pages=1, text=visible(text), cut_off=not whole)


def _keep(reference: str, page: DrawnPage, dpi: int, edge: int) -> None:
    item, blob = keeping._put(reference, io.BytesIO(page.png))
    image = models.PageImage(
        item_id=item,
        page=page.number,
        dpi=dpi,
        longest_edge=edge,
        pages=page.pages,
        blob=blob.name,
        obstacle="",
    )
    models.PageImage.objects.bulk_create(
        [image],
        update_conflicts=True,
        unique_fields=("item", "page", "dpi", "longest_edge"),
        update_fields=("pages", "blob", "obstacle"),
    )


def _note_obstacle(reference: str, number: int, why: Obstacle) -> None:
    item = models.Item.objects.only("pk").get(reference=reference)
    models.PageImage.objects.get_or_create(
        item=item,
        page=number,
        dpi=RENDITION_DPI,
        longest_edge=PREVIEW_EDGE,
        defaults={"obstacle": why},
    )


def _kept_pages(reference: str, dpi: int, edge: int) -> QuerySet[models.PageImage]:
    rows = models.PageImage.objects.filter(item__reference=reference, dpi=dpi, longest_edge=edge)
    return rows.order_by("page")


def _stored(reference: str, blob: str) -> bytes:
    with keeping.open_stored(reference, blob) as content:
        return content.read()
