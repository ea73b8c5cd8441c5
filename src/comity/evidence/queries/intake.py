# SPDX-License-Identifier: Apache-2.0
"""What intake found of items: codes, types and counts, which say nothing of the content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from comity.evidence import models
from comity.evidence.intake import Examined
from comity.evidence.intake.findings import read_documents


def examination(reference: str) -> Examined | None:
    """What was found of an item when it was taken in; None for a thing."""
    return examinations([reference]).get(reference)


def examinations(references: Iterable[str]) -> dict[str, Examined]:
    """The same of several items at once; those without a file are left out."""
    rows = models.Examination.objects.filter(item__reference__in=list(references))
    return {
        row.item.reference: Examined(
            media_type=row.item.media_type,
            size=row.item.size or 0,
            findings=read_documents(row.findings),
            other_types=tuple(row.other_types),
        )
        for row in rows.select_related("item")
    }


def examined_at(reference: str) -> datetime | None:
    """When an item's content was examined."""
    row = models.Examination.objects.filter(item__reference=reference).only("at").first()
    return row.at if row else None
