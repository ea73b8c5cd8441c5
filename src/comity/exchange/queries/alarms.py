# SPDX-License-Identifier: Apache-2.0
"""Alarms for the desk, the exchange's pages and the metrics."""

from __future__ import annotations

from django.db.models import Count

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.exchange import models
from comity.exchange.alarm import Alarm, AlarmKind

MOST = 200


class UnknownAlarmError(NotFoundError):
    """There is no such alarm."""

    code = "unknown-alarm"
    message = N_("There is no alarm {reference}.")
    remedy = N_("List the alarms on the exchange's page.")


def open_alarms(*, partner: str = "", limit: int = MOST) -> tuple[Alarm, ...]:
    """The alarms that nobody has closed, newest first."""
    rows = models.Alarm.objects.filter(closed_at=None)
    if partner:
        rows = rows.filter(partner__code=partner)
    return tuple(map(_value, rows.select_related("partner", "message")[:limit]))


def closed_alarms(*, limit: int = MOST) -> tuple[Alarm, ...]:
    """The alarms that were closed, newest first."""
    rows = models.Alarm.objects.exclude(closed_at=None).select_related("partner", "message")
    return tuple(map(_value, rows[:limit]))


def alarm_by_reference(reference: str) -> Alarm:
    """The alarm of this reference."""
    rows = models.Alarm.objects.select_related("partner", "message")
    row = rows.filter(reference=reference).first()
    if row is None:
        raise UnknownAlarmError(reference=reference)
    return _value(row)


def open_alarm_counts() -> dict[AlarmKind, int]:
    """How many alarms of each kind are open: for the metrics."""
    rows = models.Alarm.objects.filter(closed_at=None).order_by().values_list("kind")
    return {AlarmKind(kind): count for kind, count in rows.annotate(Count("pk"))}


def _value(row: models.Alarm) -> Alarm:
    """The row as everybody else sees it."""
    return Alarm(
        reference=row.reference,
        kind=AlarmKind(row.kind),
        partner=row.partner.code if row.partner else "",
        message=row.message.reference if row.message else "",
        facts=row.facts,
        proof=row.proof,
        raised_at=row.raised_at,
        repeated=row.repeated,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closed_reason=row.closed_reason,
    )
