# SPDX-License-Identifier: Apache-2.0
"""Alarms about evidence, for the desk, the items' pages and the metrics."""

from __future__ import annotations

from django.db.models import Count

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.evidence import models
from comity.evidence.alarm import Alarm, AlarmKind

MOST = 200


class UnknownEvidenceAlarmError(NotFoundError):
    """There is no such alarm."""

    code = "unknown-evidence-alarm"
    message = N_("There is no alarm {reference} about evidence.")
    remedy = N_("List the alarms on the page of evidence.")


def open_alarms(*, item: str = "", limit: int = MOST) -> tuple[Alarm, ...]:
    """The alarms that nobody has closed, newest first; those of one item if given."""
    rows = models.Alarm.objects.filter(closed_at=None).select_related("item")
    if item:
        rows = rows.filter(item__reference=item)
    return tuple(map(_alarm_of, rows[:limit]))


def closed_alarms(*, limit: int = MOST) -> tuple[Alarm, ...]:
    """The alarms that were closed, newest first."""
    rows = models.Alarm.objects.exclude(closed_at=None).select_related("item")
    return tuple(map(_alarm_of, rows[:limit]))


def alarms_of(item: str) -> tuple[Alarm, ...]:
    """Every alarm that was raised about an item, newest first."""
    rows = models.Alarm.objects.filter(item__reference=item).select_related("item")
    return tuple(map(_alarm_of, rows))


def alarm_by_reference(reference: str) -> Alarm:
    """The alarm of this reference.

    Raises:
        UnknownEvidenceAlarmError: there is none.
    """
    row = models.Alarm.objects.select_related("item").filter(reference=reference).first()
    if row is None:
        raise UnknownEvidenceAlarmError(reference=reference)
    return _alarm_of(row)


def open_alarm_counts() -> dict[AlarmKind, int]:
    """How many alarms of each kind are open: for the metrics."""
    rows = models.Alarm.objects.filter(closed_at=None).order_by().values_list("kind")
    return {AlarmKind(kind): count for kind, count in rows.annotate(Count("pk"))}


def _alarm_of(row: models.Alarm) -> Alarm:
    """The row as everybody else sees it."""
    return Alarm(
        reference=row.reference,
        kind=AlarmKind(row.kind),
        item=row.item.reference if row.item else "",
        facts=row.facts,
        raised_at=row.raised_at,
        repeated=row.repeated,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )
