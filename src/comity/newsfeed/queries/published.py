# SPDX-License-Identifier: Apache-2.0
"""Changes of the register that this node publishes, and those that it could."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from comity.agreements import queries as agreements
from comity.agreements.keyset import PAGE_SIZE, Page, newest_first
from comity.agreements.records import ProposalRecord, ProposalState
from comity.catalogues import N_
from comity.newsfeed import models
from comity.newsfeed.queries.rows import _one
from comity.newsfeed.records import PublicChangeRecord
from comity.newsfeed.stored import saying_of

PUBLIC_CHANGE = N_("published change")


def public_changes(
    *, taken_back: bool = False, after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[PublicChangeRecord]:
    """Published changes, newest first; those taken back only where asked for."""
    rows = models.PublicChange.objects.all()
    if not taken_back:
        rows = rows.filter(taken_back_at__isnull=True)
    return newest_first(
        rows,
        lambda found: [_public_record(row) for row in found],
        after=after,
        before=before,
        size=size,
    )


def public_change(reference: str) -> PublicChangeRecord:
    """One published change.

    Raises:
        UnknownNewsRecordError: there is none of that reference.
    """
    found = _one(models.PublicChange.objects.all(), PUBLIC_CHANGE, reference=reference)
    return _public_record(found)


def public_changes_of(proposals: Iterable[str]) -> dict[str, PublicChangeRecord]:
    """What is published of these proposals, by proposal."""
    rows = models.PublicChange.objects.filter(
        proposal__in=list(proposals), taken_back_at__isnull=True
    )
    return {row.proposal_id: _public_record(row) for row in rows}


def publishable(
    *, after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[ProposalRecord]:
    """Accepted changes of the register, from whatever origin, that are not published."""
    found = agreements.proposals(
        state=ProposalState.ACCEPTED, after=after, before=before, size=size
    )
    published = public_changes_of(row.reference for row in found.rows)
    return replace(found, rows=tuple(row for row in found.rows if row.reference not in published))


def _public_record(row: models.PublicChange) -> PublicChangeRecord:
    """The row as a value; who published it stays here."""
    return PublicChangeRecord(
        reference=row.reference,
        proposal=row.proposal_id,
        instrument=row.instrument,
        title=row.title,
        summary=saying_of(row.summary),
        accepted_on=row.accepted_on,
        published_at=row.published_at,
        sources=tuple((title, url) for title, url in row.sources),
        taken_back_at=row.taken_back_at,
        version=row.version,
    )
