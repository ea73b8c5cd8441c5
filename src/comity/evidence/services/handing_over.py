# SPDX-License-Identifier: Apache-2.0
"""Hand-overs: proposed by one side, confirmed or refused by the other, and only then in custody.

Between officers of this node both act here. With another administration a message carries the
proposal and its answer: whoever sends it calls `asked_by_message` and `answered_by_partner`, and
on the other node `expect`. One hand-over of an item is under way at a time.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries.officers import officer_by_reference
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotPermittedError
from comity.evidence import models
from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import NO_WORDS, CustodyAct, CustodyWords, read_words, words_document
from comity.evidence.hand_over import DOUBTFUL, HandOver, HandOverState, RefusalReason
from comity.evidence.item import ItemState
from comity.evidence.queries.custody import UnknownHandOverError, _hand_over_of
from comity.evidence.queries.keys import HAND_OVER, item_key, words_in
from comity.evidence.services import keeping
from comity.evidence.services.alarms import _raised
from comity.evidence.services.custody import NewAct, _appended, _settled, measure
from comity.evidence.services.rows import (
    EVIDENCE,
    Done,
    _locked_item,
    inserted,
    record_all,
)
from comity.journal.entry import Actor

LETTERS = "HOV"


class HandOverUnderWayError(ConflictError):
    """The item is being handed over already."""

    code = "hand-over-under-way"
    message = N_("{item} is being handed over already ({reference}).")
    remedy = N_("Wait for the answer, or withdraw that hand-over.")


class NotInHandError(ConflictError):
    """The item is not here to be handed over."""

    code = "item-not-in-hand"
    message = N_("{item} cannot be handed over: it is {state}.")
    remedy = N_("Its custody says who has it.")


class TakerRefusedError(InvalidInputError):
    """Nobody, or nobody who can, is to take the item over."""

    code = "hand-over-taker-refused"
    message = N_("{item} cannot be handed over so: {obstacle}.")
    remedy = N_("Name one other officer who keeps evidence, or one administration.")


class HandOverAnsweredError(ConflictError):
    """The hand-over was answered or withdrawn before."""

    code = "hand-over-answered"
    message = N_("{reference} was not answered: it is {state} already.")
    remedy = N_("Propose a new hand-over if the item is to be handed over still.")


class NotYourHandOverError(NotPermittedError):
    """Only the officer to whom an item is handed answers, only its giver withdraws."""

    code = "not-your-hand-over"
    message = N_("{reference} is not {officer}'s to answer or withdraw.")
    remedy = N_("The officer to whom the item goes answers; the one who gives it withdraws.")


def propose(
    item: str,
    *,
    officer: str = "",
    administration: str = "",
    purpose: str = "",
    for_good: bool = False,
    words: CustodyWords = NO_WORDS,
    by: Officer,
    at: datetime,
) -> HandOver:
    """Hand an item to another officer, or to another administration; it waits for their answer.

    Raises:
        TakerRefusedError, NotInHandError, HandOverUnderWayError: why it was not proposed.
    """
    actor = by.acting(Permission.KEEP_EVIDENCE)
    _check_taker(item, officer, administration, by)
    with transaction.atomic():
        row = _free_item(item)
        columns = {
            "item": row,
            "giver": actor.reference,
            "giver_role": actor.role,
            "officer": officer,
            "administration": administration,
            "purpose": purpose,
            "for_good": for_good,
            "sealed": _seal(item, words),
            "proposed_at": at,
        }
        made = inserted(models.HandOver, LETTERS, columns)
        record_all([_done("hand-over-proposed", made, actor)], at=at)
    return _hand_over_of(made)


@transaction.atomic
def expect(
    item: str, *, administration: str, their_reference: str, message: str = "", at: datetime
) -> HandOver:
    """Another administration hands an item over to us: an officer here confirms or refuses it."""
    row = _free_item(item, coming=True)
    columns = {
        "item": row,
        "giver": administration,
        "administration": administration,
        "incoming": True,
        "their_reference": their_reference,
        "message": message,
        "proposed_at": at,
    }
    made = inserted(models.HandOver, LETTERS, columns)
    record_all([_done("hand-over-proposed", made, EVIDENCE)], at=at)
    return _hand_over_of(made)


@transaction.atomic
def asked_by_message(reference: str, message: str) -> None:
    """Note by which message the other administration was asked."""
    row = _open(reference)
    row.message = message
    row.save(update_fields=["message"])


def confirm(
    reference: str,
    *,
    words: CustodyWords = NO_WORDS,
    by: Officer,
    at: datetime,
    version: int | None = None,
) -> HandOver:
    """The taker says that the item is in hand: both sides' acts enter its custody.

    Raises:
        NotYourHandOverError: another officer is to take it. HandOverAnsweredError: too late.
    """
    actor = by.acting(Permission.KEEP_EVIDENCE)
    digest = measure(_item_of(reference))
    with transaction.atomic():
        row = _open(reference, version)
        _require_taker(row, by)
        item = _locked_item(row.item.reference)
        done = [_done("hand-over-confirmed", row, actor)]
        if not row.incoming:
            giver = Actor(row.giver, row.giver_role)
            given = NewAct(CustodyAct.HANDED_OVER, _words(row), row.purpose, actor.reference)
            _appended(item, given, digest, by=giver, at=at, done=done)
        taken = NewAct(CustodyAct.RECEIVED, words, row.purpose, row.giver)
        _appended(item, taken, digest, by=actor, at=at, done=done)
        _answer(row, HandOverState.CONFIRMED, actor.reference, at)
        record_all(done, at=at)
    return _hand_over_of(row)


def answered_by_partner(
    reference: str,
    *,
    confirmed: bool,
    by: str,
    reason: RefusalReason | None = None,
    at: datetime,
) -> HandOver:
    """The other administration's answer, as its message says it; `by` is its official there.

    Raises:
        HandOverAnsweredError: it was answered or withdrawn before.
    """
    digest = measure(_item_of(reference))
    with transaction.atomic():
        row = _open(reference)
        item = _locked_item(row.item.reference)
        act = "hand-over-confirmed" if confirmed else "hand-over-refused"
        done = [_done(act, row, EVIDENCE, reason)]
        if confirmed:
            kind = CustodyAct.RETURNED if row.for_good else CustodyAct.HANDED_OVER
            given = NewAct(kind, _words(row), row.purpose, row.administration)
            giver = Actor(row.giver, row.giver_role)
            _appended(item, given, digest, by=giver, at=at, done=done)
            _set_state(item, ItemState.RETURNED if row.for_good else ItemState.HANDED_OVER)
            _answer(row, HandOverState.CONFIRMED, by, at)
        else:
            _answer(row, HandOverState.REFUSED, by, at, reason)
            done += _doubted(item, reason, at)
        record_all(done, at=at)
    return _hand_over_of(row)


@transaction.atomic
def refuse(
    reference: str,
    reason: RefusalReason,
    *,
    by: Officer,
    at: datetime,
    version: int | None = None,
) -> HandOver:
    """The taker does not take it over; where something is wrong with the item, an alarm says so."""
    actor = by.acting(Permission.KEEP_EVIDENCE)
    row = _open(reference, version)
    _require_taker(row, by)
    item = _locked_item(row.item.reference)
    _answer(row, HandOverState.REFUSED, actor.reference, at, reason)
    done = [_done("hand-over-refused", row, actor, reason), *_doubted(item, reason, at)]
    record_all(done, at=at)
    return _hand_over_of(row)


@transaction.atomic
def withdraw(reference: str, *, by: Officer, at: datetime, version: int | None = None) -> HandOver:
    """The giver keeps the item after all."""
    actor = by.acting(Permission.KEEP_EVIDENCE)
    row = _open(reference, version)
    if row.giver != by.reference:
        raise NotYourHandOverError(reference=reference, officer=by.reference)
    _answer(row, HandOverState.WITHDRAWN, actor.reference, at)
    record_all([_done("hand-over-withdrawn", row, actor)], at=at)
    return _hand_over_of(row)


def words_inside(reference: str) -> CustodyWords:
    """What the giver wrote of a hand-over, for the door out and for the message that asks."""
    row = models.HandOver.objects.select_related("item").filter(reference=reference).first()
    if row is None:
        raise UnknownHandOverError(reference=reference)
    return _words(row)


@transaction.atomic
def warn_of_unanswered(late: tuple[HandOver, ...], *, at: datetime) -> int:
    """Raise an alarm for each hand-over that waits too long; how many that were."""
    done: list[Done] = []
    for each in late:
        item = models.Item.objects.get(reference=each.item)
        kind = AlarmKind.HAND_OVER_UNANSWERED
        if not models.Alarm.objects.filter(kind=kind, item=item, closed_at=None).exists():
            done += _raised(kind, at=at, item=item, facts={"request": each.reference})
    record_all(done, at=at)
    return len(done)


def _check_taker(item: str, officer: str, administration: str, by: Officer) -> None:
    obstacle = ""
    if bool(officer) == bool(administration):
        obstacle = "expected one officer or one administration"
    elif officer == by.reference:
        obstacle = "whoever gives it cannot confirm it"
    elif officer and not officer_by_reference(officer).may(Permission.KEEP_EVIDENCE):
        obstacle = f"{officer} does not keep evidence"
    if obstacle:
        raise TakerRefusedError(item=item, obstacle=obstacle)


def _free_item(item: str, *, coming: bool = False) -> models.Item:
    """The locked row of an item that can be handed over, or can come back."""
    row = _locked_item(item)
    if row.state == ItemState.DESTROYED or not (coming or row.state == ItemState.HELD):
        raise NotInHandError(item=item, state=row.state)
    under_way = row.hand_overs.filter(state=HandOverState.PROPOSED).first()
    if under_way is not None:
        raise HandOverUnderWayError(item=item, reference=under_way.reference)
    return row


def _open(reference: str, version: int | None = None) -> models.HandOver:
    rows = models.HandOver.objects.select_for_update(of=("self",)).select_related("item")
    row = rows.filter(reference=reference).first()
    if row is None:
        raise UnknownHandOverError(reference=reference)
    if version is not None and version != row.version:
        raise ChangedMeanwhileError(reference=reference, given=version, current=row.version)
    if row.state != HandOverState.PROPOSED:
        raise HandOverAnsweredError(reference=reference, state=row.state)
    return row


def _item_of(reference: str) -> str:
    found = models.HandOver.objects.filter(reference=reference).values_list("item__reference")
    for (item,) in found:
        return str(item)
    raise UnknownHandOverError(reference=reference)


def _require_taker(row: models.HandOver, by: Officer) -> None:
    """An incoming one is answered by anybody who keeps evidence, the others by their taker."""
    if not row.incoming and row.officer != by.reference:
        raise NotYourHandOverError(reference=row.reference, officer=by.reference)


def _answer(
    row: models.HandOver,
    state: HandOverState,
    by: str,
    at: datetime,
    reason: RefusalReason | None = None,
) -> None:
    row.state, row.answered_by, row.answered_at = state, by, at
    row.reason, row.version = reason.value if reason else "", row.version + 1
    row.save(update_fields=["state", "answered_by", "answered_at", "reason", "version"])


def _doubted(item: models.Item, reason: RefusalReason | None, at: datetime) -> list[Done]:
    if reason not in DOUBTFUL:
        return []
    facts = {"reason": reason.value}
    done = _raised(AlarmKind.HAND_OVER_DOUBTED, at=at, item=item, facts=facts)
    return [*done, *_settled(item, at=at)]


def _set_state(item: models.Item, state: ItemState) -> None:
    if item.state != state:
        item.state, item.version = state, item.version + 1
        item.save(update_fields=["state", "version"])


def _seal(item: str, words: CustodyWords) -> bytes:
    if words == NO_WORDS:
        return b""
    return keeping.seal_words(item_key(item), words_document(words), HAND_OVER)


def _words(row: models.HandOver) -> CustodyWords:
    if not row.sealed:
        return NO_WORDS
    document = words_in(item_key(row.item.reference), row.sealed, HAND_OVER)
    words, _ = read_words({"words": document})
    return words if words is not None else NO_WORDS


def _done(act: str, row: models.HandOver, by: Actor, reason: RefusalReason | None = None) -> Done:
    facts = {"item": row.item.reference}
    if row.administration:
        facts["party"] = row.administration
    if row.officer:
        facts["officer"] = row.officer
    if reason is not None:
        facts["reason"] = reason.value
    return Done(act, row.reference, facts, by=by)
