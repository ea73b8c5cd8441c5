# SPDX-License-Identifier: Apache-2.0
"""The calendar of obligations: whose each is, when it is due, under which article, how it ends."""

from __future__ import annotations

from datetime import date, timedelta

from comity.agreements.assessment import Debtor
from comity.evidence import models
from comity.evidence.obligation import LIVE, Duty, DutyState, UnknownDutyError
from comity.evidence.queries.cases import in_cases_of


def calendar(
    *,
    until: date | None = None,
    item: str = "",
    case: str = "",
    counterpart: str = "",
    ours: bool | None = None,
    ended: bool = False,
    officer: str = "",
    most: int = 500,
) -> tuple[Duty, ...]:
    """The duties that are owed, the first to fall due first; those that ended where asked for.

    For an officer, without duties for items in case files that others alone work on.
    """
    rows = models.Duty.objects.select_related("item").filter(in_cases_of(officer, "item"))
    rows = rows if ended else rows.filter(state__in=LIVE)
    conditions: dict[str, object] = {
        "due_on__lte": until,
        "item__reference": item,
        "item__case_file__reference": case,
        "counterpart": counterpart,
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value})
    rows = rows if ours is None else rows.filter(ours=ours)
    return tuple(_as_duty(row) for row in rows[:most])


def falling_due(today: date, *, within: timedelta = timedelta(days=14)) -> tuple[Duty, ...]:
    """What the desk shows: our duties that are overdue or soon will be."""
    return calendar(until=today + within, ours=True)


def duty(reference: str) -> Duty:
    """The duty of this reference.

    Raises:
        UnknownDutyError: there is none.
    """
    row = models.Duty.objects.select_related("item").filter(reference=reference).first()
    if row is None:
        raise UnknownDutyError(reference=reference)
    return _as_duty(row)


def _as_duty(row: models.Duty) -> Duty:
    """A duty as a value."""
    return Duty(
        reference=row.reference,
        item=row.item.reference,
        code=row.code,
        debtor=Debtor(row.debtor),
        ours=row.ours,
        counterpart=row.counterpart,
        due_on=row.due_on,
        treaty_deadline=row.treaty_deadline,
        instrument=row.instrument,
        article=row.article,
        discharge=row.discharge,
        state=DutyState(row.state),
        opened_on=row.opened_on,
        source=row.source,
        discharged_by=row.discharged_by,
        discharged_at=row.discharged_at,
    )
