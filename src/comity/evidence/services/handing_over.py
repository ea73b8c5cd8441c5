# SPDX-License-Identifier: Apache-2.0
"""Hand-overs: proposed by one side, confirmed or refused by the other, and only then in custody.

Between officers of this node both act here. With another administration a message carries the
proposal and its answer (`hand_overs_told`), in the transaction of the act. One hand-over of an
item is under way at a time. Whoever did not supply the item gets it past the door out.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from comity.accounts.officer import Officer, UnknownOfficerError
from comity.accounts.permissions import Permission
from comity.accounts.queries.officers import officer_by_reference
from comity.catalogues import N_, Phrase
from comity.errors import InvalidInputError, NotPermittedError
from comity.evidence import models
from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import NO_WORDS, CustodyAct, CustodyWords
from comity.evidence.hand_over import HandOver, HandOverState, RefusalReason
from comity.evidence.hand_over_messages import HAND_OVER
from comity.evidence.item import STATE_WORDS, ItemState
from comity.evidence.queries.custody import UnknownHandOverError, _hand_over_of
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.items import item_of_identity
from comity.evidence.queries.registers import assured_by, partners_holding
from comity.evidence.queries.seeing import require_seen
from comity.evidence.services import way_out
from comity.evidence.services.alarms import _raised
from comity.evidence.services.custody import NewAct, _appended, measure
from comity.evidence.services.hand_over_rows import (
    LETTERS,
    HandOverAnsweredError,
    HandOverUnderWayError,
    NotInHandError,
    _answer,
    _done,
    _doubted,
    _free_item,
    _open,
    _plain,
    _present,
    _sealed,
    _taken,
    _words,
)
from comity.evidence.services.hand_overs_told import _offer, _tell_answer, _tell_withdrawal
from comity.evidence.services.rows import Done, _locked_item, inserted, record_all
from comity.evidence.way_out import IntendedRecipient, WayOut
from comity.journal.entry import Actor
from comity.reference.taxonomy import FormOfAssistance

__all__ = [
    "HandOverAnsweredError",
    "HandOverUnderWayError",
    "NotInHandError",
    "NotYourHandOverError",
    "TakerRefusedError",
    "confirm",
    "may_withdraw",
    "offered_words",
    "propose",
    "refuse",
    "warn_of_unanswered",
    "withdraw",
]


class TakerRefusedError(InvalidInputError):
    """Nobody, or nobody who can, is to take the item over."""

    code = "hand-over-taker-refused"
    message = N_("{item} cannot be handed over so: {obstacle}.")
    remedy = N_("Name one other officer who keeps evidence, or one administration.")


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
    on: date | None = None,
    kind: str = HAND_OVER,
    by: Officer,
    at: datetime,
) -> HandOver:
    """Hand an item to another officer, or to another administration; it waits for their answer.

    An administration is told in a message of this kind; what was written goes with it where the
    item is its own, or where the door lets it out to it now.

    Raises:
        TakerRefusedError, NotInHandError, HandOverUnderWayError: why it was not proposed.
        NotLetOutError, PermissionMissingError: it may not go to that administration.
        MessageRejectedError: the message was not accepted for sending.
    """
    actor, words = by.acting(Permission.KEEP_EVIDENCE), _plain(words)
    _check_taker(item, officer, administration, by)
    told = bool(administration) and _words_go(item, administration, by=by, at=at)
    with transaction.atomic():
        row = _free_item(item)
        columns = {
            "item": row,
            "identity": row.identity,
            "giver": actor.reference,
            "giver_role": actor.role,
            "officer": officer,
            "administration": administration,
            "purpose": purpose,
            "for_good": for_good,
            "on": on or at.date(),
            "kind": kind if administration else "",
            "proposed_at": at,
            **_sealed(row, words),
        }
        made = inserted(models.HandOver, LETTERS, columns)
        if administration:
            said, what = (words, row.kind) if told else (NO_WORDS, "")
            _offer(made, said, what=what, by=actor, at=at)
        record_all([_done("hand-over-proposed", made, actor)], at=at)
    return _hand_over_of(made)


def confirm(
    reference: str,
    *,
    words: CustodyWords = NO_WORDS,
    by: Officer,
    at: datetime,
    version: int | None = None,
) -> HandOver:
    """The taker says that the item is in hand: both sides' acts enter its custody.

    Another administration that handed it over is told. Where the item's record is not here yet,
    the act enters its custody when it comes.

    Raises:
        NotYourHandOverError: another officer is to take it. HandOverAnsweredError: too late.
        NotInHandError: the item was destroyed meanwhile.
    """
    actor, words = by.acting(Permission.KEEP_EVIDENCE), _plain(words)
    digest = _measured(reference)
    with transaction.atomic():
        row = _open(reference, version)
        _require_taker(row, by)
        item = _present(row.identity)
        if row.item is not None and not row.incoming:
            item = _locked_item(row.item.reference)
            if item.state == ItemState.DESTROYED:
                raise NotInHandError(item=item.reference, state=STATE_WORDS[ItemState.DESTROYED])
        done = _given(row, item, digest, taker=actor, at=at)
        done += _taken(row, item, words, digest, by=actor, at=at)
        _answer(row, HandOverState.CONFIRMED, actor, at)
        if row.incoming:
            _tell_answer(row, "", by=actor, at=at)
        record_all([_done("hand-over-confirmed", row, actor), *done], at=at)
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
    item = _locked_item(row.item.reference) if row.item else None
    _answer(row, HandOverState.REFUSED, actor, at, reason)
    doubted = _doubted(item, reason, at)
    if row.incoming:
        _tell_answer(row, reason, by=actor, at=at)
    record_all([_done("hand-over-refused", row, actor, reason), *doubted], at=at)
    return _hand_over_of(row)


@transaction.atomic
def withdraw(reference: str, *, by: Officer, at: datetime, version: int | None = None) -> HandOver:
    """The giver keeps the item after all; another administration is told.

    For a giver who left, another officer who keeps evidence withdraws.
    """
    actor = by.acting(Permission.KEEP_EVIDENCE)
    row = _open(reference, version)
    require_seen([row.item.reference] if row.item and row.giver != by.reference else [], by)
    if not may_withdraw(_hand_over_of(row), by):
        raise NotYourHandOverError(reference=reference, officer=by.reference)
    _answer(row, HandOverState.WITHDRAWN, actor, at)
    if row.administration:
        _tell_withdrawal(row, by=actor, at=at)
    record_all([_done("hand-over-withdrawn", row, actor)], at=at)
    return _hand_over_of(row)


def may_withdraw(one: HandOver, by: Officer) -> bool:
    """Whether the officer gives it, or stands in for a giver whose account ended."""
    if one.incoming or one.giver == by.reference:
        return not one.incoming
    with suppress(UnknownOfficerError):
        return not officer_by_reference(one.giver).active
    return False


def offered_words(reference: str) -> CustodyWords:
    """What another administration wrote to us of what it hands over; nothing of our own ones."""
    rows = models.HandOver.objects.select_related("item").filter(reference=reference)
    row = rows.filter(incoming=True).first()
    return _words(row) if row is not None else NO_WORDS


@transaction.atomic
def warn_of_unanswered(late: tuple[HandOver, ...], *, at: datetime) -> int:
    """Raise an alarm, once, for each hand-over that waits too long; how many that were."""
    done: list[Done] = []
    for each in late:
        item = models.Item.objects.filter(reference=each.item).first()
        kind = AlarmKind.HAND_OVER_UNANSWERED
        warned = Q(facts__request=each.reference)
        if item is not None:
            warned |= Q(item=item, closed_at=None)
        if not models.Alarm.objects.filter(warned, kind=kind).exists():
            done += _raised(kind, at=at, item=item, facts={"request": each.reference})
    record_all(done, at=at)
    return len(done)


def _check_taker(item: str, officer: str, administration: str, by: Officer) -> None:
    obstacle = ""
    if bool(officer) == bool(administration):
        obstacle = N_("expected one officer or one administration")
    elif officer == by.reference:
        obstacle = N_("whoever gives it cannot confirm it")
    elif officer and not officer_by_reference(officer).may(Permission.KEEP_EVIDENCE):
        obstacle = Phrase(N_("{officer} does not keep evidence"), officer=officer)
    if obstacle:
        raise TakerRefusedError(item=item, obstacle=obstacle)


def _words_go(item: str, administration: str, *, by: Officer, at: datetime) -> bool:
    """Whether what was written goes with the offer; the item itself must be let out to others.

    1. To whoever supplied it, it is no release.
    2. Whoever does not release evidence hands over what was released to them before, in silence.
    3. Everything else asks at the door, and is refused there.
    """
    found = item_value(item)
    if any(channel.supplier == administration for channel in found.channels):  # (1)
        return True
    released = administration in partners_holding(item)
    if released and not by.may(Permission.RELEASE_EVIDENCE):  # (2)
        return False
    assured, breached = assured_by(administration)
    form = FormOfAssistance.OBJECTS_SAMPLES if found.is_object else FormOfAssistance.ORIGINALS
    recipient = IntendedRecipient(  # (3)
        administration, forms=(form,), assurances_given=assured, assurance_breached=breached
    )
    (let,) = way_out.let_out([item], WayOut.MESSAGE, by=by, at=at, recipient=recipient)
    way_out.description(let)  # which says why not
    return True


def _given(
    row: models.HandOver, item: models.Item | None, digest: str, *, taker: Actor, at: datetime
) -> list[Done]:
    """The giver's act in the custody, where the giver is an officer of ours."""
    done: list[Done] = []
    if item is not None and not row.incoming:
        act = NewAct(CustodyAct.HANDED_OVER, _words(row), row.purpose, taker.reference)
        _appended(item, act, digest, by=Actor(row.giver, row.giver_role), at=at, done=done)
    return done


def _measured(reference: str) -> str:
    """The digest of the content of what is handed over, where it is here and has any."""
    rows = models.HandOver.objects.filter(reference=reference)
    found = rows.values_list("item__reference", "identity").first()
    if found is None:
        raise UnknownHandOverError(reference=reference)
    item = item_of_identity(str(found[1])) if found[1] and not found[0] else None
    known = item.reference if item else found[0]
    return measure(known) if known else ""


def _require_taker(row: models.HandOver, by: Officer) -> None:
    """An incoming one is answered by who keeps evidence and sees it, the others by their taker."""
    if not row.incoming and row.officer != by.reference:
        raise NotYourHandOverError(reference=row.reference, officer=by.reference)
    if row.incoming and (item := _present(row.identity)) is not None:
        require_seen([item.reference], by)
