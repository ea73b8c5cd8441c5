# SPDX-License-Identifier: Apache-2.0
"""What waits for partners: for the dispatcher, and for who looks after the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from comity.exchange import models
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding, PartnerState

WAITING = (MessageState.QUEUED, MessageState.SENDING)
BY_MACHINE = (Binding.PUSH, Binding.FOLDER)
"""Ways on which we act; on the others the partner fetches, or a person writes."""


@dataclass(frozen=True, slots=True)
class QueueOfPartner:
    """How it stands with what we have for one partner. No names, no content."""

    partner: str
    state: str
    binding: str
    queued: int
    sending: int
    dead: int
    arriving: int
    """Theirs, of which parts are missing."""
    to_tell: int
    """Evidences of ours that the partner has not confirmed."""
    oldest_waiting: datetime | None
    failures: int
    problem: str
    not_before: datetime | None
    tried_at: datetime | None
    reached_at: datetime | None
    heard_at: datetime | None

    @property
    def waiting(self) -> int:
        """Messages of ours that have not come through yet."""
        return self.queued + self.sending


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message of ours that was given up."""

    reference: str
    partner: str
    kind: str
    reason: str
    attempts: int
    recorded_at: datetime


def partners_with_work(at: datetime) -> tuple[str, ...]:
    """Partners to whom something can be sent or told now."""
    ways = models.Way.objects.filter(
        Q(not_before=None) | Q(not_before__lte=at),
        partner__state=PartnerState.ACTIVE,
        partner__binding__in=BY_MACHINE,
    )
    able = dict(ways.values_list("partner_id", "partner__code"))
    if not able:
        return ()
    busy = _partners_of_due_messages(at) | _partners_to_tell()
    return tuple(sorted(able[number] for number in busy & able.keys()))


def next_moment(at: datetime) -> datetime | None:
    """When the next message or way that was put off becomes due; None where none was."""
    ways = models.Way.objects.filter(
        not_before__gt=at, partner__state=PartnerState.ACTIVE
    ).aggregate(first=Min("not_before"))["first"]
    messages = _waiting().filter(next_try_at__gt=at).aggregate(first=Min("next_try_at"))["first"]
    moments = [moment for moment in (ways, messages) if moment is not None]
    return min(moments, default=None)


def queue_health() -> tuple[QueueOfPartner, ...]:
    """Every partner's queue, by code."""
    ways = models.Way.objects.select_related("partner").order_by("partner__code")
    counted = _counts()
    told = _to_tell_counts()
    oldest = dict(
        _waiting().values_list("partner_id").annotate(first=Min("recorded_at")).order_by()
    )
    return tuple(
        QueueOfPartner(
            partner=way.partner.code,
            state=way.partner.state,
            binding=way.partner.binding,
            queued=counted.get((way.partner_id, MessageState.QUEUED), 0),
            sending=counted.get((way.partner_id, MessageState.SENDING), 0),
            dead=counted.get((way.partner_id, MessageState.DEAD), 0),
            arriving=counted.get((way.partner_id, MessageState.ARRIVING), 0),
            to_tell=told.get(way.partner_id, 0),
            oldest_waiting=oldest.get(way.partner_id),
            failures=way.failures,
            problem=way.problem,
            not_before=way.not_before,
            tried_at=way.tried_at,
            reached_at=way.reached_at,
            heard_at=way.heard_at,
        )
        for way in ways
    )


def dead_letters(*, partner: str = "", limit: int = 200) -> tuple[DeadLetter, ...]:
    """What was given up, the latest first, with the reason."""
    rows = models.Message.objects.filter(state=MessageState.DEAD).select_related("partner")
    if partner:
        rows = rows.filter(partner__code=partner)
    return tuple(
        DeadLetter(
            row.reference, row.partner.code, row.kind, row.problem, row.attempts, row.recorded_at
        )
        for row in rows.defer("sealed", "law", "their_law")[:limit]
    )


def _waiting() -> QuerySet[models.Message]:
    return models.Message.objects.filter(direction=Direction.OUT, state__in=WAITING)


def _partners_of_due_messages(at: datetime) -> set[int]:
    due = Q(next_try_at=None) | Q(next_try_at__lte=at)
    return set(_waiting().filter(due).order_by().values_list("partner_id", flat=True).distinct())


def _partners_to_tell() -> set[int]:
    rows = models.Evidence.objects.filter(to_tell=True).order_by()
    return set(rows.values_list("message__partner_id", flat=True).distinct())


def _counts() -> dict[tuple[int, str], int]:
    states = (*WAITING, MessageState.DEAD, MessageState.ARRIVING)
    rows = models.Message.objects.filter(state__in=states).order_by()
    counted = rows.values_list("partner_id", "state").annotate(number=Count("pk"))
    return {(partner, state): number for partner, state, number in counted}


def _to_tell_counts() -> dict[int, int]:
    rows = models.Evidence.objects.filter(to_tell=True).order_by()
    return dict(rows.values_list("message__partner_id").annotate(number=Count("pk")))
