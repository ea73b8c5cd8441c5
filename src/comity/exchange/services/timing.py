# SPDX-License-Identifier: Apache-2.0
"""Silence becomes evidence: what `time_outs` finds due is made, kept, told and journalled once.

The database names candidates by the same terms; `time_outs.due` alone decides. Two workers that
run at once take different messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from comity.exchange import models
from comity.exchange.evidence import EvidenceKind, Reason
from comity.exchange.fault_points import Point, reach
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding
from comity.exchange.queries.own import kinds, own_code
from comity.exchange.reasons import ReasonCode
from comity.exchange.services.entering import Done, facts_of, record_all
from comity.exchange.services.stating import own_statements, statements_for
from comity.exchange.services.waking import wake
from comity.exchange.time_outs import ON_ITS_WAY, TERMS, Due, Progress, TimeOuts, due

AT_ONCE = 200
"""Messages of one kind of time-out that one transaction takes."""
TO_THE_SENDER = frozenset((EvidenceKind.NOT_DELIVERED, EvidenceKind.NOT_OPENED))
"""What the other side must know; the others stay in our own file."""
REASONS = {
    EvidenceKind.RELAY_OVERDUE: ReasonCode.RELAY_OUT_OF_TIME,
    EvidenceKind.RELAY_FAILED: ReasonCode.RELAY_OUT_OF_TIME,
    EvidenceKind.DELIVERY_OVERDUE: ReasonCode.DELIVERY_OUT_OF_TIME,
    EvidenceKind.NOT_DELIVERED: ReasonCode.DELIVERY_OUT_OF_TIME,
    EvidenceKind.OPENING_OVERDUE: ReasonCode.OPENING_OUT_OF_TIME,
    EvidenceKind.NOT_OPENED: ReasonCode.OPENING_OUT_OF_TIME,
}


def make_due(*, at: datetime) -> int:
    """Make every evidence that is due by now; how many."""
    return sum(_made(kind, at=at) for kind in _CANDIDATES)


@transaction.atomic
def _made(kind: EvidenceKind, *, at: datetime) -> int:
    """The evidences of one kind that are due, for so many messages as one transaction takes."""
    found = list(
        models.Message.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(_CANDIDATES[kind](at), ~Exists(_evidence(kind).filter(by=own_code())))
        .select_related("partner")
        .defer("sealed", "law", "their_law", "partner__card")
        .order_by("pk")[:AT_ONCE]
    )
    given = _given(found)
    acts = []
    for row in found:
        for each in _due(row, given.get(row.pk, {}), at=at):
            if each.kind is kind:
                acts.append(_state(row, each, at=at))
    reach(Point.TIMING)
    record_all(acts, at=at)
    return len(acts)


def _due(
    row: models.Message, given: dict[EvidenceKind, datetime], *, at: datetime
) -> Iterable[Due]:
    kind = kinds().get(row.kind)
    progress = Progress(
        direction=Direction(row.direction),
        state=MessageState(row.state),
        recorded_at=row.recorded_at,
        for_the_desk=kind is None or kind.for_the_desk,
        given=given,
        expires_at=row.expires_at,
    )
    return due(progress, TERMS[Binding(row.partner.binding)], at)


def _state(row: models.Message, found: Due, *, at: datetime) -> Done:
    """One evidence, and what follows from it."""
    partner, reason = row.partner, REASONS[found.kind]
    expired = row.expires_at is not None and row.expires_at <= at
    if found.kind is EvidenceKind.RELAY_FAILED and expired:
        reason = ReasonCode.EXPIRED
    told = found.kind in TO_THE_SENDER
    if told:
        stating = statements_for(partner.code, partner.wire, at=at)
        wake(partner.code)
    else:
        stating = own_statements(partner.wire, at=at)
    evidence = stating.row(found.kind, row, reason=Reason(reason), to_tell=told)
    evidence.save(force_insert=True)
    if found.kind is EvidenceKind.RELAY_FAILED:
        row.state, row.problem, row.settled_at = MessageState.DEAD, reason, at
        row.save(update_fields=["state", "problem", "settled_at"])
    facts = facts_of(row, partner.code, reason=reason)
    return Done(f"message-{found.kind}", row.reference, facts)


def _given(rows: list[models.Message]) -> dict[int, dict[EvidenceKind, datetime]]:
    found: dict[int, dict[EvidenceKind, datetime]] = {}
    evidences = models.Evidence.objects.filter(message__in=rows).order_by("-at")
    for message, kind, made in evidences.values_list("message_id", "kind", "at"):
        found.setdefault(message, {})[EvidenceKind(kind)] = made  # the earliest stays
    return found


def _evidence(kind: EvidenceKind) -> QuerySet[models.Evidence]:
    return models.Evidence.objects.filter(message=OuterRef("pk"), kind=kind)


def _by_binding(condition: Callable[[TimeOuts], Q]) -> Q:
    """The condition with each way's own terms."""
    ways = Q()
    for binding, terms in TERMS.items():
        ways |= Q(partner__binding=binding) & condition(terms)
    return ways


def _on_its_way(at: datetime, span: Callable[[TimeOuts], timedelta]) -> Q:
    waiting = Q(direction=Direction.OUT, state__in=ON_ITS_WAY)
    late = _by_binding(lambda terms: Q(recorded_at__lte=at - span(terms)))
    return waiting & (late | Q(expires_at__lte=at))


def _since(
    direction: Direction,
    state: MessageState,
    kind: EvidenceKind,
    at: datetime,
    span: Callable[[TimeOuts], timedelta],
) -> Q:
    """Messages in a state for which a person is awaited, since an evidence of this kind."""
    waiting = Q(direction=direction, state=state)
    return waiting & _by_binding(
        lambda terms: Q(Exists(_evidence(kind).filter(at__lte=at - span(terms))))
    )


_CANDIDATES: dict[EvidenceKind, Callable[[datetime], Q]] = {
    EvidenceKind.RELAY_OVERDUE: lambda at: _on_its_way(at, lambda t: t.relay.warn),
    EvidenceKind.RELAY_FAILED: lambda at: _on_its_way(at, lambda t: t.relay.fail),
    EvidenceKind.DELIVERY_OVERDUE: lambda at: _since(
        Direction.OUT,
        MessageState.RELAYED,
        EvidenceKind.RELAYED,
        at,
        lambda t: t.delivery.warn,
    ),
    EvidenceKind.NOT_DELIVERED: lambda at: _since(
        Direction.IN,
        MessageState.RECEIVED,
        EvidenceKind.RELAYED,
        at,
        lambda t: t.delivery.fail,
    ),
    EvidenceKind.OPENING_OVERDUE: lambda at: _since(
        Direction.OUT,
        MessageState.DELIVERED,
        EvidenceKind.DELIVERED,
        at,
        lambda t: t.opening.warn,
    ),
    EvidenceKind.NOT_OPENED: lambda at: _since(
        Direction.IN,
        MessageState.DELIVERED,
        EvidenceKind.DELIVERED,
        at,
        lambda t: t.opening.fail,
    ),
}
"""Where to look for each evidence; a warning comes before its failure."""
