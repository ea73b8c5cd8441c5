# SPDX-License-Identifier: Apache-2.0
"""Opening the duties that follow from an act, ending them, and watching their days.

Opening the same duty twice opens it once; each step of its life is journalled once, by the act
that takes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.assessment import Debtor, Determination, Obligation
from comity.agreements.obligations import IN_COURT
from comity.evidence import models
from comity.evidence.obligation import (
    ENDS,
    LIVE,
    STATE_WORDS,
    Discharge,
    Duty,
    DutyEndedError,
    DutyState,
    UnknownDutyError,
    discharged,
    due_of,
    opens,
    step,
)
from comity.evidence.queries.obligations import _as_duty
from comity.evidence.services.rows import EVIDENCE, inserted
from comity.evidence.services.telling import article_fact, reference_fact
from comity.evidence.use import Scope
from comity.evidence.use_messages import Occasion
from comity.journal.services import record
from comity.reference.taxonomy import Purpose

DUTY = "DTY"
HOLDERS = frozenset({Debtor.HOLDER, Debtor.ASKER})
"""Debtors that whoever received an item is."""


def _open_for(
    row: models.Item, found: Determination, source: str, *, scope: Scope, on: date
) -> tuple[str, ...]:
    """Open the duties that a permitted act of ours with an item brings; their references."""
    triggers = triggers_of(scope)
    wanted = (one for one in found.obligations if opens(one, triggers))
    return _open_duties(row, wanted, source=source, counterpart=_supplier(found), on=on)


def _open_duties(
    row: models.Item, wanted: Iterable[Obligation], *, source: str, counterpart: str, on: date
) -> tuple[str, ...]:
    """Open these duties of an item; one that this source opened before stays as it is."""
    opened = []
    for one in wanted:
        known = models.Duty.objects.filter(item=row, code=one.code, source=source)
        if known.exists():
            continue
        columns = {
            "item": row,
            "code": one.code,
            "debtor": one.debtor,
            "ours": one.debtor in HOLDERS,
            "counterpart": counterpart,
            "due_on": due_of(one, on),
            "treaty_deadline": one.treaty_deadline,
            "instrument": one.instrument,
            "article": one.article[:60],
            "discharge": one.discharge,
            "opened_on": on,
            "source": source,
        }
        opened.append(inserted(models.Duty, DUTY, columns).reference)
    return tuple(opened)


def triggers_of(scope: Scope) -> frozenset[str]:
    """What happens when this is done, in the words of the obligations."""
    named = {"act"}
    if scope.occasion is not Occasion.USE:
        return frozenset(named | {"disclosure"})
    if scope.purpose is Purpose.ADMIN_PROCEEDING:
        named.add("use-in-proceeding")
    elif scope.purpose in IN_COURT:
        named.add("use-in-court")
    return frozenset(named | {f"use-for-{scope.purpose.value.lower().replace('_', '-')}"})


def _end_duties(
    item: models.Item, act: Discharge, source: str, *, at: datetime, counterpart: str = ""
) -> tuple[str, ...]:
    """End the live duties of ours that this act discharges, in the caller's transaction."""
    rows = models.Duty.objects.select_for_update().filter(
        item=item, ours=True, state__in=LIVE, discharge__in=ENDS[act]
    )
    if counterpart:
        rows = rows.filter(counterpart=counterpart)
    ended = []
    for row in rows:
        _end(row, discharged(row.due_on, at.date()), source, at=at)
        ended.append(row.reference)
    return tuple(ended)


def _release_duties(item: models.Item, source: str, *, at: datetime) -> None:
    """Nothing more is owed for an item that is gone."""
    for row in models.Duty.objects.select_for_update().filter(item=item, state__in=LIVE):
        _end(row, DutyState.RELEASED, source, at=at)


@transaction.atomic
def discharge_duty(reference: str, source: str, *, by: Officer, at: datetime) -> Duty:
    """Record by hand that a duty was done, where no act of this node does it.

    Raises:
        UnknownDutyError, DutyEndedError: there is nothing to end.
    """
    actor = by.acting(Permission.USE_EVIDENCE)
    row = models.Duty.objects.select_for_update().filter(reference=reference).first()
    if row is None:
        raise UnknownDutyError(reference=reference)
    if DutyState(row.state) not in LIVE:
        raise DutyEndedError(reference=reference, state=STATE_WORDS[DutyState(row.state)])
    _end(row, discharged(row.due_on, at.date()), source, at=at)
    facts = {"state": row.state, "kind": row.code} | ({"request": source} if source else {})
    record("duty-discharged", reference, by=actor, at=at, facts=facts)
    return _as_duty(row)


@transaction.atomic
def watch(*, at: datetime) -> int:
    """Let every live duty take the steps that its day brings; how many took one."""
    today, acts = at.date(), []
    rows = models.Duty.objects.select_for_update(skip_locked=True).filter(
        state__in=LIVE, due_on__isnull=False
    )
    for row in rows.select_related("item"):
        before, after = DutyState(row.state), step(DutyState(row.state), row.due_on, today)
        if after is before:
            continue
        row.state = after
        row.save(update_fields=["state"])
        acts.append(row)
    for row in acts:
        due = row.due_on.isoformat() if row.due_on else ""
        facts = {"kind": row.code, "due_on": due, "request": row.item.reference}
        record(
            "duty-overdue" if row.state == DutyState.OVERDUE else "duty-falling-due",
            row.reference,
            by=EVIDENCE,
            at=at,
            instrument=reference_fact(row.instrument),
            article=article_fact(row.article),
            facts=facts,
        )
    return len(acts)


def _end(row: models.Duty, state: DutyState, source: str, *, at: datetime) -> None:
    row.state, row.discharged_by, row.discharged_at = state, source, at
    row.save(update_fields=["state", "discharged_by", "discharged_at"])


def _supplier(found: Determination) -> str:
    return str(getattr(found.question, "supplier", ""))
