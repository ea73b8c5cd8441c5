# SPDX-License-Identifier: Apache-2.0
"""Which items may be kept no longer, by the administration's own schedule and the suppliers' days.

The schedule is the file `retention.json` in the node's home: a list of lines. Without it only the
days that suppliers set count. A legal hold is named beside what it stands against.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.evidence import models
from comity.evidence.item import Item, ItemState
from comity.evidence.queries.items import several
from comity.evidence.queries.lifetime import holds_on
from comity.handling.marking import join_all
from comity.handling.retention import Due, Kept, RetentionSchedule, RunsFrom, read_schedule
from comity.reference.taxonomy import Purpose

SCHEDULE = "retention.json"
AT_ONCE = 500


class ScheduleUnreadableError(InvalidInputError):
    """The file of the retention schedule is no list of lines."""

    code = "retention-schedule-unreadable"
    message = N_("The retention schedule {name} cannot be read: {obstacle}.")
    remedy = N_("Write it as a JSON list of lines; the reference of settings has an example.")


@dataclass(frozen=True, slots=True)
class RetentionDue:
    """An item whose retention is or will be over."""

    item: str
    on: date
    rule: str
    """Code of the schedule's line; empty where the supplier set the day."""
    source: str
    """The text that sets the term."""
    hold: str = ""
    """Reference of the legal hold that stands against its destruction."""


def schedule() -> RetentionSchedule:
    """The administration's schedule as its file says it now.

    Raises:
        ScheduleUnreadableError, RetentionScheduleError, UnknownCodeError: what is wrong with it.
    """
    path = Path(settings.ENVIRONMENT.home) / SCHEDULE
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return RetentionSchedule()
    return _read(path, changed)


def retention_due(on: date) -> tuple[RetentionDue, ...]:
    """The items whose retention is over by this day, the longest overdue first."""
    found = []
    held = models.Item.objects.exclude(state=ItemState.DESTROYED).order_by("pk")
    references = list(held.values_list("reference", flat=True))
    lines = schedule()
    for start in range(0, len(references), AT_ONCE):
        items = several(references[start : start + AT_ONCE])
        cases = _cases(items)
        for item in items:
            due = lines.due(_kept(item, cases.get(item.case)))
            if due is not None and due.on <= on:
                found.append(_as_due(item, due))
    return tuple(sorted(found, key=lambda one: (one.on, one.item)))


def due_of(reference: str) -> RetentionDue | None:
    """When the retention of one item is over; None where no term is running."""
    (item,) = several((reference,))
    due = schedule().due(_kept(item, _cases((item,)).get(item.case)))
    return _as_due(item, due) if due is not None else None


def _kept(item: Item, case: models.CaseFile | None) -> Kept:
    received = [channel.supplied_on for channel in item.channels if channel.supplied_on]
    days = {RunsFrom.RECEIPT: min(received, default=item.added_at.date())}
    if case is not None and case.closed_at is not None:
        days[RunsFrom.CASE_CLOSED] = days[RunsFrom.PURPOSE_FULFILLED] = case.closed_at.date()
    return Kept(
        marking=join_all(channel.marking for channel in item.channels),
        days=days,
        purpose=Purpose(case.purpose) if case is not None else None,
        suppliers=frozenset(channel.supplier for channel in item.channels if channel.supplier),
        return_by=item.return_by,
    )


def _as_due(item: Item, due: Due) -> RetentionDue:
    holds = holds_on(item.reference)
    return RetentionDue(
        item=item.reference,
        on=due.on,
        rule=due.rule.code if due.rule else "",
        source=due.rule.source if due.rule else "",
        hold=holds[0].reference if holds else "",
    )


def _cases(items: tuple[Item, ...]) -> dict[str, models.CaseFile]:
    wanted = {item.case for item in items if item.case}
    return {row.reference: row for row in models.CaseFile.objects.filter(reference__in=wanted)}


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> RetentionSchedule:
    try:
        lines = json.loads(path.read_bytes())
    except ValueError:
        raise ScheduleUnreadableError(name=SCHEDULE, obstacle=N_("it is no JSON")) from None
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise ScheduleUnreadableError(name=SCHEDULE, obstacle=N_("it is no list of lines"))
    return read_schedule(lines)
