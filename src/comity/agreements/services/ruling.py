# SPDX-License-Identifier: Apache-2.0
"""Standing rulings and attestations: a question settled for a term, a list attested complete.

A ruling needs two people and lasts at most twelve months. An attestation is the custodian's own
statement; it lets an answer say "there is none" where otherwise it can only say "none is known".
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import second_person
from comity.agreements import confirmation as rules
from comity.agreements import models, queries
from comity.agreements.drafts import RulingDraft
from comity.agreements.overlay import Attestation, StandingRuling
from comity.agreements.records import (
    STATE_WORDS,
    AttestationRecord,
    OverlapsEarlierError,
    RecordState,
    RulingRecord,
    WrongStateError,
)
from comity.agreements.services.recording import (
    _acting,
    _inserted,
    _locked,
    _moved,
    _require_reason,
    _require_state,
)
from comity.catalogues import N_
from comity.journal import services as journal

_PENDING = "PENDING"
"""Stands for the countersigner while a draft is checked; never stored."""


@transaction.atomic
def draft_ruling(draft: RulingDraft, *, by: Officer, at: datetime) -> RulingRecord:
    """Draft a standing ruling; it settles nothing until another person has countersigned."""
    actor = _acting(by, Permission.RULE)
    queries.register().instrument(draft.instrument)
    rules.check_ruling(_as_value(draft, by=by.reference, on=at.date()))
    _refuse_overlap(draft)
    row = _inserted(
        models.StandingRuling,
        "RUL",
        {
            "instrument": draft.instrument,
            "form": draft.form,
            "purpose": draft.purpose,
            "verdict": draft.verdict,
            "conditions": [c.strip() for c in draft.conditions if c.strip()],
            "grounds": draft.grounds.strip(),
            "valid_from": draft.valid_from,
            "valid_until": draft.valid_until,
            "drafted_by": by.reference,
            "drafted_at": at,
        },
    )
    record = row.as_record()
    journal.record(
        "ruling-drafted",
        record.reference,
        by=actor,
        at=at,
        instrument=record.instrument,
        facts=_facts(record),
    )
    return record


@transaction.atomic
def countersign_ruling(
    reference: str, *, version: int | None, by: Officer, at: datetime
) -> RulingRecord:
    """Countersign a ruling: within its term it settles its question.

    Who may rule may countersign another's ruling: the unit head the legal adviser's, and the
    other way round.
    """
    actor = _acting(by, Permission.COUNTERSIGN, Permission.RULE)
    row = _locked(models.StandingRuling, "RUL", reference, version)
    _require_state(row, N_("Countersigning"), RecordState.DRAFTED)
    facts = second_person(reference, drafted_by=row.drafted_by, by=by)
    _moved(row, state=RecordState.IN_EFFECT, countersigned_by=by.reference, countersigned_at=at)
    record = row.as_record()
    rules.check_ruling(row.as_overlay(None))
    journal.record(
        "ruling-countersigned",
        reference,
        by=actor,
        at=at,
        instrument=record.instrument,
        facts=_facts(record) | {"drafted_by": record.drafted_by} | facts,
    )
    return record


@transaction.atomic
def refuse_ruling(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> RulingRecord:
    """Refuse to countersign a ruling, with the reason."""
    actor = _acting(by, Permission.COUNTERSIGN, Permission.RULE)
    row = _locked(models.StandingRuling, "RUL", reference, version)
    _require_state(row, N_("Refusal"), RecordState.DRAFTED)
    reason = _require_reason(reason, N_("Refusal"), reference)
    _moved(row, state=RecordState.REFUSED, refused_by=by.reference, refused_at=at, reason=reason)
    journal.record("ruling-refused", reference, by=actor, at=at, instrument=row.instrument)
    return row.as_record()


@transaction.atomic
def withdraw_ruling(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> RulingRecord:
    """Withdraw a ruling before its term ends, with the reason."""
    actor = _acting(by, Permission.RULE)
    row = _locked(models.StandingRuling, "RUL", reference, version)
    _require_state(row, N_("Withdrawal"), RecordState.IN_EFFECT, RecordState.DRAFTED)
    reason = _require_reason(reason, N_("Withdrawal"), reference)
    was = row.state
    _moved(row, state=RecordState.WITHDRAWN, withdrawn_at=at, reason=reason)
    journal.record(
        "ruling-withdrawn",
        reference,
        by=actor,
        at=at,
        instrument=row.instrument,
        facts={"was": was},
    )
    return row.as_record()


@transaction.atomic
def attest(
    one: str,
    other: str,
    *,
    valid_from: date,
    valid_until: date,
    citation: str,
    by: Officer,
    at: datetime,
) -> AttestationRecord:
    """Attest that the register's list for a pair of administrations and a period is complete."""
    actor = _acting(by, Permission.ATTEST)
    first, second = sorted((one.strip().upper(), other.strip().upper()))
    rules.check_attestation(
        Attestation(
            reference=f"{first}-{second}",
            parties=frozenset({first, second}),
            valid_from=valid_from,
            valid_until=valid_until,
            by=by.reference,
            recorded_on=at.date(),
            citation=citation,
        )
    )
    row = _inserted(
        models.Attestation,
        "ATT",
        {
            "party_one": first,
            "party_other": second,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "citation": citation.strip(),
            "attested_by": by.reference,
            "attested_at": at,
        },
    )
    facts = {"from": valid_from.isoformat(), "until": valid_until.isoformat()}
    journal.record(
        "completeness-attested",
        row.reference,
        by=actor,
        at=at,
        facts=facts | {"asker": first, "asked": second},
    )
    return row.as_record()


@transaction.atomic
def withdraw_attestation(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> AttestationRecord:
    """Withdraw an attestation, with the reason: absence is no longer proof for the pair."""
    actor = _acting(by, Permission.ATTEST)
    row = _locked(models.Attestation, "ATT", reference, version)
    if row.withdrawn_at is not None:
        raise WrongStateError(
            act=N_("Withdrawal"),
            reference=reference,
            state=STATE_WORDS[RecordState.WITHDRAWN],
            needed=STATE_WORDS[RecordState.IN_EFFECT],
        )
    reason = _require_reason(reason, N_("Withdrawal"), reference)
    _moved(row, withdrawn_at=at, reason=reason)
    journal.record("attestation-withdrawn", reference, by=actor, at=at)
    return row.as_record()


def _as_value(draft: RulingDraft, *, by: str, on: date) -> StandingRuling:
    return StandingRuling(
        reference=draft.instrument,
        instrument=draft.instrument,
        form=draft.form,
        purpose=draft.purpose,
        verdict=draft.verdict,
        conditions=draft.conditions,
        grounds=draft.grounds,
        by=by,
        countersigned_by=_PENDING,
        recorded_on=on,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
    )


def _refuse_overlap(draft: RulingDraft) -> None:
    """One question has one answer at a time."""
    earlier = models.StandingRuling.objects.filter(
        instrument=draft.instrument,
        form=draft.form,
        purpose=draft.purpose,
        state__in=[RecordState.DRAFTED, RecordState.IN_EFFECT],
        valid_from__lt=draft.valid_until,
        valid_until__gt=draft.valid_from,
    ).first()
    if earlier is not None:
        raise OverlapsEarlierError(
            instrument=draft.instrument,
            earlier=earlier.reference,
            state=STATE_WORDS[earlier.state],
        )


def _facts(record: RulingRecord) -> dict[str, str]:
    return {
        "form": record.form.value,
        "purpose": record.purpose.value,
        "verdict": record.verdict.value,
        "from": record.valid_from.isoformat(),
        "until": record.valid_until.isoformat(),
    }
