# SPDX-License-Identifier: Apache-2.0
"""Raising an alarm about an item once for one cause, and closing it with a reason.

Raising is part of the caller's transaction, and what is to be journalled of it is returned: the
caller records it last.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError
from comity.evidence import models
from comity.evidence.alarm import Alarm, AlarmKind
from comity.evidence.queries.alarms import (
    UnknownEvidenceAlarmError,
    _alarm_of,
    alarm_by_reference,
)
from comity.evidence.queries.seeing import require_seen
from comity.evidence.services.rows import Done, _locked_item, acting, inserted, record_all
from comity.journal.entry import Actor
from comity.storage.services import seal_record

LETTERS = "EAL"
REASON = "evidence alarm reason"


class EvidenceAlarmClosedError(ConflictError):
    """The alarm was closed before."""

    code = "evidence-alarm-closed"
    message = N_("The alarm {reference} was closed already.")
    remedy = N_("Read on the item's page who closed it.")


class EvidenceAlarmReasonMissingError(InvalidInputError):
    """An alarm is not closed without saying why."""

    code = "evidence-alarm-reason-missing"
    message = N_("The alarm {reference} was not closed: expected a reason, found none.")
    remedy = N_("Say in a sentence what was found and done.")


def _raised(
    kind: AlarmKind,
    *,
    at: datetime,
    item: models.Item | None = None,
    facts: Mapping[str, str] | None = None,
) -> list[Done]:
    """Raise an alarm, or count an open one of this kind about the same once more."""
    same = models.Alarm.objects.filter(kind=kind, item=item, closed_at=None)
    if item is None:
        same = same.filter(facts=dict(facts or {}))
    if same.update(repeated=F("repeated") + 1):
        return []
    columns = {"kind": kind, "item": item, "facts": dict(facts or {}), "raised_at": at}
    row = inserted(models.Alarm, LETTERS, columns)
    said = {"kind": kind.value} | ({"item": item.reference} if item else {})
    return [Done("evidence-alarm-raised", row.reference, said)]


@transaction.atomic
def raise_alarm(
    kind: AlarmKind, *, item: str = "", at: datetime, facts: Mapping[str, str] | None = None
) -> None:
    """Raise an alarm by itself, outside any other act."""
    row = models.Item.objects.filter(reference=item).first() if item else None
    record_all(_raised(kind, at=at, item=row, facts=facts), at=at)


@transaction.atomic
def close_alarm(reference: str, *, reason: str, by: Officer | Actor, at: datetime) -> Alarm:
    """Close an alarm; why is kept sealed with it. What it told of is looked at once more.

    Raises:
        EvidenceAlarmReasonMissingError, EvidenceAlarmClosedError: why it stays open.
        UnknownItemError: it is about an item in a case file of others.
    """
    from comity.evidence.services.custody import _settled

    actor = acting(by, Permission.KEEP_EVIDENCE)
    if isinstance(by, Officer):
        require_seen([item] if (item := alarm_by_reference(reference).item) else [], by)
    if not reason.strip():
        raise EvidenceAlarmReasonMissingError(reference=reference)
    row, found = _locked(reference)
    if found.closed_at is not None:
        raise EvidenceAlarmClosedError(reference=reference)
    found.closed_at, found.closed_by = at, actor.reference
    found.sealed = seal_record(reason.strip().encode(), REASON)
    found.save(update_fields=["closed_at", "closed_by", "sealed"])
    done = _settled(row, at=at, alarms=False) if row else []
    facts = {"kind": found.kind} | ({"item": row.reference} if row else {})
    record_all([Done("evidence-alarm-closed", reference, facts, by=actor), *done], at=at)
    return _alarm_of(found)


def _locked(reference: str) -> tuple[models.Item | None, models.Alarm]:
    """The alarm and its item, the item locked first as everywhere."""
    rows = models.Alarm.objects.filter(reference=reference)
    named = rows.values_list("item__reference").first()
    if named is None:
        raise UnknownEvidenceAlarmError(reference=reference)
    item = _locked_item(named[0]) if named[0] else None
    return item, rows.select_for_update(of=("self",)).select_related("item").get()
