# SPDX-License-Identifier: Apache-2.0
"""Raising an alarm once for one cause, and closing it with a reason.

Raising is part of the caller's transaction: what showed the fault and its alarm stand together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError
from comity.exchange import models
from comity.exchange.alarm import Alarm, AlarmKind
from comity.exchange.queries.alarms import UnknownAlarmError, alarm_by_reference
from comity.journal.entry import Actor
from comity.journal.services import record

EXCHANGE = Actor("EXCHANGE", "integrator")
LETTERS = "ALM"
_LOCK = int.from_bytes(b"com-alm")


class AlarmClosedError(ConflictError):
    """The alarm was closed before."""

    code = "alarm-closed"
    message = N_("The alarm {reference} was closed already.")
    remedy = N_("Read on its page who closed it and why.")


class ReasonMissingError(InvalidInputError):
    """An alarm is not closed without saying why."""

    code = "alarm-reason-missing"
    message = N_("The alarm {reference} was not closed: expected a reason, found none.")
    remedy = N_("Say in a sentence what was found and done.")


@transaction.atomic
def raise_alarm(
    kind: AlarmKind,
    *,
    at: datetime,
    partner: str = "",
    message: str = "",
    facts: Mapping[str, str] | None = None,
    proof: Mapping[str, Any] | None = None,
) -> str:
    """The reference of the open alarm of this kind about this partner; a new one where none is.

    The first proof stays with the alarm; what comes again only counts.
    """
    found = _counted_again(kind, partner)
    if found:
        return found
    with connection.cursor() as cursor:  # two that raise the first one at once
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    found = _counted_again(kind, partner)
    return found or _new(kind, at, partner, message, dict(facts or {}), dict(proof or {}))


@transaction.atomic
def close_alarm(reference: str, *, reason: str, by: Actor, at: datetime) -> Alarm:
    """Close an alarm; the reason stays with it."""
    if not reason.strip():
        raise ReasonMissingError(reference=reference)
    row = models.Alarm.objects.select_for_update().filter(reference=reference).first()
    if row is None:
        raise UnknownAlarmError(reference=reference)
    if row.closed_at is not None:
        raise AlarmClosedError(reference=reference)
    _close(row, reason=reason.strip(), by=by, at=at)
    return alarm_by_reference(reference)


@transaction.atomic
def settle_alarm(kind: AlarmKind, *, at: datetime, partner: str = "", reason: str) -> int:
    """Close what ended by itself, such as a silence; how many alarms that were."""
    rows = models.Alarm.objects.select_for_update().filter(kind=kind, closed_at=None)
    rows = rows.filter(partner__code=partner) if partner else rows.filter(partner=None)
    found = list(rows.order_by("pk"))
    for row in found:
        _close(row, reason=reason, by=EXCHANGE, at=at)
    return len(found)


def _counted_again(kind: AlarmKind, partner: str) -> str:
    """The reference of the open alarm, counted once more; empty where none is open."""
    same = models.Alarm.objects.filter(kind=kind, closed_at=None)
    same = same.filter(partner__code=partner) if partner else same.filter(partner=None)
    row = same.first()
    if row is None:
        return ""
    models.Alarm.objects.filter(pk=row.pk).update(repeated=F("repeated") + 1)
    return row.reference


def _new(
    kind: AlarmKind,
    at: datetime,
    partner: str,
    message: str,
    facts: dict[str, str],
    proof: dict[str, Any],
) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('exchange_alarm', 'id'))")
        number = int(cursor.fetchone()[0])
    row = models.Alarm(
        pk=number,
        reference=f"{LETTERS}-{number:05d}",
        kind=kind,
        partner=models.Partner.objects.filter(code=partner).first() if partner else None,
        message=models.Message.objects.filter(reference=message).first() if message else None,
        facts=facts,
        proof=proof,
        raised_at=at,
    )
    row.save(force_insert=True)
    said = {"kind": kind.value} | ({"party": partner} if partner else {})
    record("alarm-raised", row.reference, by=EXCHANGE, at=at, facts=said)
    return row.reference


def _close(row: models.Alarm, *, reason: str, by: Actor, at: datetime) -> None:
    row.closed_at, row.closed_by, row.closed_reason = at, by.reference, reason
    row.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    record("alarm-closed", row.reference, by=by, at=at, facts={"kind": row.kind})
