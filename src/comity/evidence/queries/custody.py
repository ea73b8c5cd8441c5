# SPDX-License-Identifier: Apache-2.0
"""The custody of items, hand-overs under way, and in whose hands an item is.

What a person wrote of an act (place, reason) is not opened here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.evidence import models
from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import (
    Custody,
    CustodyAct,
    CustodyEvent,
    Fault,
    Finding,
    examine,
)
from comity.evidence.hand_over import ANSWER_WITHIN, HandOver, HandOverState, RefusalReason
from comity.evidence.queries.keys import UnknownItemError


class UnknownHandOverError(NotFoundError):
    """There is no such hand-over."""

    code = "unknown-hand-over"
    message = N_("There is no hand-over {reference}.")
    remedy = N_("Look at the item's custody: it lists its hand-overs.")


def custody(reference: str) -> Custody:
    """An item's custody: every act, and everything that is wrong with the record.

    Raises:
        UnknownItemError: there is no such item.
    """
    row = models.Item.objects.filter(reference=reference).first()
    if row is None:
        raise UnknownItemError(reference=reference)
    return _custody_of(row)


def _custody_of(row: models.Item) -> Custody:
    """The custody of the item of this row."""
    return _custodies_of((row,))[row.reference]


def _custodies_of(rows: Sequence[models.Item]) -> dict[str, Custody]:
    """The custodies of the items of these rows, read at once, each by its item's reference."""
    events: dict[int, list[models.CustodyEvent]] = {row.pk: [] for row in rows}
    for event in models.CustodyEvent.objects.filter(item__in=list(events)).order_by("number"):
        events[event.item_id].append(event)
    doubted = _doubted(list(events))
    return {
        row.reference: _examined(
            row,
            tuple(_event_of(event, str(row.identity)) for event in events[row.pk]),
            doubted=row.pk in doubted,
        )
        for row in rows
    }


def _examined(row: models.Item, events: tuple[CustodyEvent, ...], *, doubted: bool) -> Custody:
    """These events as the item's custody, with everything that is wrong with it."""
    identity = str(row.identity)
    findings = (*examine(events, item=identity, digest=row.digest), *_of_now(row, doubted=doubted))
    return Custody(row.reference, events, findings)


def custodies(references: Sequence[str]) -> dict[str, Custody]:
    """The custodies of several items, each by its reference."""
    rows = models.Item.objects.filter(reference__in=references).defer("sealed")
    return _custodies_of(list(rows))


def verified_at(reference: str) -> datetime | None:
    """When an item was last held against what was recorded of it; None where never yet."""
    rows = models.Item.objects.filter(reference=reference).values_list("verified_at", flat=True)
    return rows.first()


def holder(reference: str) -> str:
    """Who has an item in hand: a reference of an officer, or the code of an administration."""
    acts = (CustodyAct.HANDED_OVER, CustodyAct.RETURNED, CustodyAct.RECEIVED, CustodyAct.SEIZED)
    rows = models.CustodyEvent.objects.filter(item__reference=reference)
    last = rows.filter(act__in=acts).order_by("-number").first() or rows.first()
    if last is None:
        return ""
    left = last.act in (CustodyAct.HANDED_OVER, CustodyAct.RETURNED)
    return last.counterpart if left else last.by


def hand_over(reference: str) -> HandOver:
    """The hand-over of this reference, its words not opened.

    Raises:
        UnknownHandOverError: there is none.
    """
    row = models.HandOver.objects.select_related("item").filter(reference=reference).first()
    if row is None:
        raise UnknownHandOverError(reference=reference)
    return _hand_over_of(row)


def hand_overs(reference: str) -> tuple[HandOver, ...]:
    """Every hand-over of an item, the newest first."""
    rows = models.HandOver.objects.filter(item__reference=reference)
    return tuple(map(_hand_over_of, rows.select_related("item")))


def hand_overs_waiting(*, officer: str = "", limit: int = 200) -> tuple[HandOver, ...]:
    """Hand-overs that wait for an answer, the oldest first; those for one officer if given."""
    rows = models.HandOver.objects.filter(state=HandOverState.PROPOSED).select_related("item")
    if officer:
        rows = rows.filter(officer=officer)
    return tuple(map(_hand_over_of, rows.order_by("pk")[:limit]))


def hand_overs_ended(*, limit: int = 50) -> tuple[HandOver, ...]:
    """Hand-overs that were answered or withdrawn, the latest first."""
    rows = models.HandOver.objects.exclude(state=HandOverState.PROPOSED).select_related("item")
    return tuple(map(_hand_over_of, rows.order_by("-answered_at", "-pk")[:limit]))


def hand_overs_late(*, at: datetime, limit: int = 200) -> tuple[HandOver, ...]:
    """Hand-overs whose answer is overdue."""
    before = at - ANSWER_WITHIN
    rows = models.HandOver.objects.filter(state=HandOverState.PROPOSED, proposed_at__lt=before)
    return tuple(map(_hand_over_of, rows.select_related("item").order_by("pk")[:limit]))


def _event_of(row: models.CustodyEvent, identity: str) -> CustodyEvent:
    """The row as an event of the chain."""
    return CustodyEvent(
        item=identity,
        number=row.number,
        act=CustodyAct(row.act),
        at=row.at,
        by=row.by,
        role=row.role,
        authority=row.authority,
        purpose=row.purpose,
        counterpart=row.counterpart,
        digest_before=row.digest_before,
        digest_after=row.digest_after,
        outcome=row.outcome,
        words_digest=row.words_digest,
        previous=row.previous,
        digest=row.digest,
    )


def _hand_over_of(row: models.HandOver) -> HandOver:
    """The row as everybody else sees it."""
    return HandOver(
        reference=row.reference,
        item=row.item.reference if row.item else "",
        state=HandOverState(row.state),
        giver=row.giver,
        officer=row.officer,
        administration=row.administration,
        proposed_at=row.proposed_at,
        purpose=row.purpose,
        for_good=row.for_good,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        reason=RefusalReason(row.reason) if row.reason else None,
        message=row.message,
        incoming=row.incoming,
        their_reference=row.their_reference,
        identity=str(row.identity) if row.identity else "",
        what=row.what,
        on=row.on,
        problem=row.problem,
        version=row.version,
    )


def _doubted(items: Sequence[int]) -> frozenset[int]:
    """Those of these items that were said to be wrong when they were handed over."""
    alarms = models.Alarm.objects.filter(
        item__in=items, kind=AlarmKind.HAND_OVER_DOUBTED, closed_at=None
    )
    return frozenset(alarms.values_list("item_id", flat=True))


def _of_now(row: models.Item, *, doubted: bool) -> Iterable[Finding]:
    """What is wrong at present and stands in no event: with the file, with a hand-over."""
    if row.content_fault:
        yield Finding(Fault(row.content_fault), expected=row.digest)
    if doubted:
        yield Finding(Fault.HAND_OVER_DOUBTED)
