# SPDX-License-Identifier: Apache-2.0
"""Lists and single records of what the node keeps: confirmations, rulings, proposals and so on.

Lists are newest first and paged by key: the number in a record's reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from comity.agreements import models
from comity.agreements.keyset import PAGE_SIZE, Page, newest_first
from comity.agreements.overlay import ConfirmedSubject
from comity.agreements.records import (
    AssessmentRecord,
    AttestationRecord,
    ConfirmationRecord,
    ProposalRecord,
    ProposalState,
    RecordState,
    RulingRecord,
    UnknownRecordError,
)
from comity.catalogues import N_

KIND_NAMES: dict[str, str] = {
    "CNF": N_("confirmation"),
    "RUL": N_("standing ruling"),
    "ATT": N_("attestation"),
    "PRP": N_("proposal"),
    "ASM": N_("assessment"),
}
"""The first letters of a reference, and what it names."""


def confirmation(reference: str) -> ConfirmationRecord:
    """The confirmation of this reference."""
    rows = models.Confirmation.objects.prefetch_related("statements")
    record: ConfirmationRecord = _one(rows, reference, "CNF").as_record()
    return record


def confirmations(
    *,
    state: RecordState | None = None,
    instrument: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[ConfirmationRecord]:
    """Confirmations, newest first, perhaps those in one state or of one instrument."""
    rows = models.Confirmation.objects.prefetch_related("statements")
    rows = _narrowed(rows, state=state, instrument=instrument)
    return _page(rows, after=after, before=before, size=size)


def confirmations_of(instruments: Iterable[str]) -> dict[str, tuple[ConfirmationRecord, ...]]:
    """The confirmations of force that are drafted or stand, by instrument."""
    rows = models.Confirmation.objects.prefetch_related("statements").filter(
        instrument__in=list(instruments),
        subject=ConfirmedSubject.FORCE,
        state__in=[RecordState.DRAFTED, RecordState.IN_EFFECT, RecordState.SUSPENDED],
    )
    found: dict[str, tuple[ConfirmationRecord, ...]] = {}
    for row in rows.order_by("pk"):
        found[row.instrument] = (*found.get(row.instrument, ()), row.as_record())
    return found


def confirmations_to_review(
    on: date, *, after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[ConfirmationRecord]:
    """Confirmations in effect whose review date has come by that day."""
    rows = models.Confirmation.objects.prefetch_related("statements").filter(
        state=RecordState.IN_EFFECT, review_by__lte=on
    )
    return _page(rows, after=after, before=before, size=size)


def ruling(reference: str) -> RulingRecord:
    """The standing ruling of this reference."""
    record: RulingRecord = _one(models.StandingRuling.objects.all(), reference, "RUL").as_record()
    return record


def rulings(
    *,
    state: RecordState | None = None,
    instrument: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[RulingRecord]:
    """Standing rulings, newest first."""
    rows = _narrowed(models.StandingRuling.objects.all(), state=state, instrument=instrument)
    return _page(rows, after=after, before=before, size=size)


def attestation(reference: str) -> AttestationRecord:
    """The attestation of this reference."""
    record: AttestationRecord = _one(models.Attestation.objects.all(), reference, "ATT").as_record()
    return record


def attestations(
    *, party: str = "", after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[AttestationRecord]:
    """Attestations of completeness, newest first, perhaps those that name one party."""
    rows = models.Attestation.objects.all()
    if party:
        rows = rows.filter(party_one=party) | rows.filter(party_other=party)
    return _page(rows, after=after, before=before, size=size)


def proposal(reference: str) -> ProposalRecord:
    """The proposal of this reference."""
    record: ProposalRecord = _one(models.Proposal.objects.all(), reference, "PRP").as_record()
    return record


def proposals(
    *,
    state: ProposalState | None = None,
    instrument: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[ProposalRecord]:
    """Proposals, newest first."""
    rows = _narrowed(models.Proposal.objects.all(), state=state, instrument=instrument)
    return _page(rows, after=after, before=before, size=size)


def proposals_of(references: Iterable[str]) -> dict[str, ProposalRecord]:
    """The proposals of these references that exist, by reference."""
    rows = models.Proposal.objects.filter(reference__in=list(references))
    return {row.reference: row.as_record() for row in rows}


def assessment(reference: str) -> AssessmentRecord:
    """The kept assessment of this reference."""
    record: AssessmentRecord = _one(models.Assessment.objects.all(), reference, "ASM").as_record()
    return record


def assessments(
    *, assessed_by: str = "", after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[AssessmentRecord]:
    """Kept assessments, newest first, perhaps those of one officer."""
    rows = models.Assessment.objects.all()
    if assessed_by:
        rows = rows.filter(assessed_by=assessed_by)
    return _page(rows, after=after, before=before, size=size)


def waiting() -> dict[str, int]:
    """How many records wait for somebody: to countersign, to decide, for the desk and the menu."""
    return {
        "confirmations": models.Confirmation.objects.filter(state=RecordState.DRAFTED).count(),
        "rulings": models.StandingRuling.objects.filter(state=RecordState.DRAFTED).count(),
        "proposals": models.Proposal.objects.filter(state=ProposalState.OPEN).count(),
    }


# Any below: rows of several tables; each caller's own annotation says which record comes back.


def _one(rows: QuerySet[Any], reference: str, letters: str) -> Any:
    row = rows.filter(reference=reference).first()
    if row is None:
        raise UnknownRecordError(kind=KIND_NAMES[letters], reference=reference)
    return row


def _narrowed(rows: QuerySet[Any], *, state: Any, instrument: str) -> QuerySet[Any]:
    if state is not None:
        rows = rows.filter(state=state)
    return rows.filter(instrument=instrument) if instrument else rows


def _page(
    rows: QuerySet[Any],
    *,
    after: str,
    before: str,
    size: int,
) -> Page[Any]:
    """One page of records, newest first."""
    return newest_first(
        rows,
        lambda found: (row.as_record() for row in found),
        after=after,
        before=before,
        size=size,
    )
