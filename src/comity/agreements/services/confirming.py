# SPDX-License-Identifier: Apache-2.0
"""Confirming force or a provision: drafted by the treaty custodian, countersigned by another.

A confirmation counts from its countersignature. A partner's disagreement suspends it at once; a
suspended one never resumes: once the two administrations agree, confirm anew. Nothing is deleted.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import second_person
from comity.agreements import confirmation as rules
from comity.agreements import models, queries
from comity.agreements.drafts import ConfirmationDraft
from comity.agreements.overlay import Confirmation
from comity.agreements.records import (
    STATE_WORDS,
    ConfirmationRecord,
    NotAPartyError,
    OverlapsEarlierError,
    OwnStatementError,
    RecordState,
    Stance,
)
from comity.agreements.register import country_of
from comity.agreements.services.recording import (
    _acting,
    _article,
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
def draft_confirmation(
    draft: ConfirmationDraft, *, by: Officer, at: datetime
) -> ConfirmationRecord:
    """Draft a confirmation; it counts once another person has countersigned."""
    actor = _acting(by, Permission.CONFIRM_FORCE)
    queries.register().instrument(draft.instrument)
    rules.check_confirmation(_as_value(draft, by=by.reference, on=at.date()))
    _refuse_overlap(draft)
    row = _inserted(
        models.Confirmation,
        "CNF",
        {
            "instrument": draft.instrument,
            "subject": draft.subject,
            "evidence": draft.evidence,
            "citation": draft.citation.strip(),
            "in_force_from": draft.in_force_from,
            "in_force_until": draft.in_force_until,
            "article": draft.article.strip(),
            "forms": [form.value for form in draft.forms],
            "use_rules": {purpose.value: rule.value for purpose, rule in draft.use_rules},
            "review_by": draft.review_by,
            "renews": draft.renews,
            "drafted_by": by.reference,
            "drafted_at": at,
        },
    )
    record = row.as_record()
    journal.record(
        "confirmation-drafted",
        record.reference,
        by=actor,
        at=at,
        instrument=record.instrument,
        article=_article(record.article),
        facts=_facts(record),
    )
    return record


@transaction.atomic
def countersign_confirmation(
    reference: str, *, version: int | None, by: Officer, at: datetime
) -> ConfirmationRecord:
    """Countersign a drafted confirmation: from now on it counts."""
    actor = _acting(by, Permission.COUNTERSIGN)
    row = _locked(models.Confirmation, "CNF", reference, version)
    _require_state(row, N_("Countersigning"), RecordState.DRAFTED)
    facts = second_person(reference, drafted_by=row.drafted_by, by=by)
    _moved(row, state=RecordState.IN_EFFECT, countersigned_by=by.reference, countersigned_at=at)
    record = row.as_record()
    rules.check_confirmation(row.as_overlay(None))
    if record.renews:
        _retire(record.renews, by=record.reference, at=at)
    journal.record(
        "confirmation-countersigned",
        reference,
        by=actor,
        at=at,
        instrument=record.instrument,
        article=_article(record.article),
        facts=_facts(record) | {"drafted_by": record.drafted_by} | facts,
    )
    return record


@transaction.atomic
def refuse_confirmation(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> ConfirmationRecord:
    """Refuse to countersign, with the reason; the custodian may draft anew."""
    actor = _acting(by, Permission.COUNTERSIGN)
    row = _locked(models.Confirmation, "CNF", reference, version)
    _require_state(row, N_("Refusal"), RecordState.DRAFTED)
    reason = _require_reason(reason, N_("Refusal"), reference)
    _moved(row, state=RecordState.REFUSED, refused_by=by.reference, refused_at=at, reason=reason)
    journal.record("confirmation-refused", reference, by=actor, at=at, instrument=row.instrument)
    return row.as_record()


@transaction.atomic
def withdraw_confirmation(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> ConfirmationRecord:
    """Withdraw a confirmation or a draft, with the reason: from now on it confirms nothing."""
    actor = _acting(by, Permission.CONFIRM_FORCE)
    row = _locked(models.Confirmation, "CNF", reference, version)
    states = (RecordState.IN_EFFECT, RecordState.DRAFTED, RecordState.SUSPENDED)
    _require_state(row, N_("Withdrawal"), *states)
    reason = _require_reason(reason, N_("Withdrawal"), reference)
    was = row.state
    _moved(row, state=RecordState.WITHDRAWN, withdrawn_at=at, reason=reason)
    journal.record(
        "confirmation-withdrawn",
        reference,
        by=actor,
        at=at,
        instrument=row.instrument,
        facts={"was": was},
    )
    return row.as_record()


@transaction.atomic
def record_statement(
    reference: str,
    *,
    stance: Stance,
    partner: str,
    citation: str,
    made_on: date,
    by: Officer,
    at: datetime,
) -> ConfirmationRecord:
    """Record what a partner published on the matter; a disagreement suspends the confirmation."""
    actor = _acting(by, Permission.CONFIRM_FORCE, Permission.COUNTERSIGN)
    row = _locked(models.Confirmation, "CNF", reference, None)
    _require_state(row, N_("Recording a statement"), RecordState.IN_EFFECT)
    _require_party(row.instrument, partner)
    citation = _require_reason(citation, N_("A partner's statement on"), reference)
    models.PartnerStatement.objects.create(
        confirmation=row,
        stance=stance,
        partner=partner,
        citation=citation,
        made_on=made_on,
        recorded_by=by.reference,
        recorded_at=at,
    )
    if stance is Stance.DISAGREES:
        _moved(
            row,
            state=RecordState.SUSPENDED,
            suspended_at=at,
            suspension_note=f"{partner}: {citation}",
        )
    journal.record(
        "confirmation-suspended" if stance is Stance.DISAGREES else "confirmation-corroborated",
        reference,
        by=actor,
        at=at,
        instrument=row.instrument,
        facts={"party": partner, "on": made_on.isoformat()},
    )
    return row.as_record()


def _as_value(draft: ConfirmationDraft, *, by: str, on: date) -> Confirmation:
    return Confirmation(
        reference=draft.instrument,
        instrument=draft.instrument,
        subject=draft.subject,
        evidence=draft.evidence,
        citation=draft.citation,
        by=by,
        countersigned_by=_PENDING,
        recorded_on=on,
        review_by=draft.review_by,
        in_force_from=draft.in_force_from,
        in_force_until=draft.in_force_until,
        article=draft.article,
        forms=draft.forms,
        use_rules=draft.use_rules,
    )


def _refuse_overlap(draft: ConfirmationDraft) -> None:
    """Two confirmations of one matter for one time would leave open which of them counts."""
    standing = models.Confirmation.objects.filter(
        instrument=draft.instrument,
        subject=draft.subject,
        article=draft.article.strip(),
        state__in=[RecordState.DRAFTED, RecordState.IN_EFFECT],
    ).exclude(reference=draft.renews or "-")
    for row in standing:
        if _overlap(draft, row.as_record()):
            raise OverlapsEarlierError(
                instrument=draft.instrument, earlier=row.reference, state=STATE_WORDS[row.state]
            )


def _overlap(draft: ConfirmationDraft, earlier: ConfirmationRecord) -> bool:
    """Whether the two cover a common day; confirmations of one provision always do."""
    begins, ends = draft.in_force_from or date.min, draft.in_force_until or date.max
    began, ended = earlier.in_force_from or date.min, earlier.in_force_until or date.max
    return begins < ended and began < ends


def _retire(reference: str, *, by: str, at: datetime) -> None:
    """Let the renewed confirmation end at the moment at which its successor begins."""
    row = _locked(models.Confirmation, "CNF", reference, None)
    if row.state == RecordState.IN_EFFECT:
        _moved(row, state=RecordState.WITHDRAWN, withdrawn_at=at, reason=by)


def _require_party(instrument: str, partner: str) -> None:
    """Only another party to the instrument corroborates or disputes."""
    if country_of(partner) == queries.own_administration():
        raise OwnStatementError(partner=partner)
    register = queries.register()
    if instrument not in {found.reference for found in register.of(partner)}:
        parties = ", ".join(party.code for party in register.instrument(instrument).parties)
        raise NotAPartyError(partner=partner, instrument=instrument, parties=parties)


def _facts(record: ConfirmationRecord) -> dict[str, str]:
    facts = {
        "kind": record.subject.value,
        "basis": record.evidence.value,
        "review_on": record.review_by.isoformat(),
    }
    if record.in_force_from:
        facts["from"] = record.in_force_from.isoformat()
    if record.in_force_until:
        facts["until"] = record.in_force_until.isoformat()
    return facts
