# SPDX-License-Identifier: Apache-2.0
"""The register of certified copies, by number, by item and in pages; nothing sealed is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from comity.agreements.keyset import PAGE_SIZE, Page, newest_first
from comity.evidence import models
from comity.evidence.copy_register import CertifiedCopy, CopyState, UnknownCertifiedCopyError
from comity.evidence.item import ItemState
from comity.evidence.queries.cases import in_cases_of

OFFICIALS = "certifying officials"
Rows = QuerySet[models.CertifiedCopy, models.CertifiedCopy]


def certified_copy(number: str) -> CertifiedCopy:
    """The certified copy of this number.

    Raises:
        UnknownCertifiedCopyError: the register has none.
    """
    row = _rows().filter(number=number).first()
    if row is None:
        raise UnknownCertifiedCopyError(number=number)
    return _copy_of(row)


def certified_copies_of(item: str) -> tuple[CertifiedCopy, ...]:
    """Every number that an item's copies have, the newest first."""
    return tuple(map(_copy_of, _rows().filter(item__reference=item)))


def latest_copies(
    items: Iterable[str], profile: str = "", languages: Sequence[str] = ()
) -> dict[str, CertifiedCopy]:
    """Of each item the latest copy that is issued or awaits its final certification.

    For one forum and in these languages, where they are named; what was destroyed is left out.
    """
    rows = _rows().filter(item__reference__in=list(items))
    rows = rows.filter(state__in=(CopyState.ISSUED, CopyState.AWAITING_FINAL))
    rows = rows.exclude(copy__state=ItemState.DESTROYED)
    if profile:
        rows = rows.filter(profile=profile)
    if languages:
        rows = rows.filter(languages=list(languages))
    return {row.item.reference: _copy_of(row) for row in rows.order_by("pk")}


def certificate_of(copy: str) -> CertifiedCopy | None:
    """The register's line for an item that is itself a certified copy; None for every other."""
    row = _rows().filter(copy__reference=copy).first()
    return _copy_of(row) if row else None


def copies_awaiting_final() -> tuple[CertifiedCopy, ...]:
    """What another official has yet to certify finally, the oldest first."""
    rows = _rows().filter(state=CopyState.AWAITING_FINAL).order_by("pk")
    return tuple(map(_copy_of, rows))


def register(
    *, officer: str = "", after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[CertifiedCopy]:
    """The register, the newest number first; keys are numbers.

    For an officer, without copies of items in case files that others alone work on.
    """
    rows = _rows().filter(in_cases_of(officer, "item"))
    return newest_first(rows, _values, after=after, before=before, size=size)


def _copy_of(row: models.CertifiedCopy) -> CertifiedCopy:
    """A row as a value."""
    return CertifiedCopy(
        number=row.number,
        item=row.item.reference,
        copy=row.copy.reference if row.copy else "",
        profile=row.profile,
        languages=tuple(row.languages),
        state=CopyState(row.state),
        prepared_by=row.prepared_by,
        prepared_at=row.prepared_at,
        final_by=row.final_by,
        final_at=row.final_at,
        issued_at=row.issued_at,
        pages=row.pages,
        digest=row.digest,
        pilot=row.pilot,
        decision=row.decision,
        instrument=row.instrument,
        article=row.article,
    )


def _rows() -> Rows:
    return models.CertifiedCopy.objects.select_related("item", "copy")


def _values(rows: Iterable[models.CertifiedCopy]) -> list[CertifiedCopy]:
    return [_copy_of(row) for row in rows]
