# SPDX-License-Identifier: Apache-2.0
"""Rows of hand-overs: found, opened, answered, and entered into the custody of their items.

What the acts of officers (`handing_over`) and the messages of administrations (`hand_overs_told`)
have in common. Whoever calls these holds the transaction, and journals what they return.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from comity.accounts.administration import ChangedMeanwhileError
from comity.catalogues import N_
from comity.errors import ConflictError
from comity.evidence import models
from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import NO_WORDS, CustodyAct, CustodyWords, read_words, words_document
from comity.evidence.hand_over import DOUBTFUL, HAND_OVER_WORDS, HandOverState, RefusalReason
from comity.evidence.item import STATE_WORDS, ItemState
from comity.evidence.new_item import check_words
from comity.evidence.queries.custody import UnknownHandOverError
from comity.evidence.queries.statements import STATED, _under_item
from comity.evidence.services.alarms import _raised
from comity.evidence.services.custody import NewAct, _appended, _settled
from comity.evidence.services.rows import Done, _locked_item
from comity.evidence.services.telling import _sealed_words
from comity.journal.entry import Actor
from comity.storage.services import unseal_record

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


class HandOverAnsweredError(ConflictError):
    """The hand-over was answered or withdrawn before."""

    code = "hand-over-answered"
    message = N_("{reference} was not answered: it is {state} already.")
    remedy = N_("Propose a new hand-over if the item is to be handed over still.")


def _free_item(item: str) -> models.Item:
    """The locked row of an item that can be handed over.

    Raises:
        NotInHandError, HandOverUnderWayError: why it cannot.
    """
    row = _locked_item(item)
    if row.state != ItemState.HELD:
        raise NotInHandError(item=item, state=STATE_WORDS[ItemState(row.state)])
    if under_way := _under_way(row):
        raise HandOverUnderWayError(item=item, reference=under_way)
    return row


def _under_way(row: models.Item) -> str:
    """The hand-over of an item that waits for its answer; empty for none."""
    waiting = row.hand_overs.filter(state=HandOverState.PROPOSED)
    return waiting.values_list("reference", flat=True).first() or ""


def _present(identity: UUID | str | None) -> models.Item | None:
    """The locked row of the item of this identity, where it is kept here and not destroyed."""
    if not identity:
        return None
    rows = models.Item.objects.select_for_update().filter(identity=identity)
    return rows.exclude(state=ItemState.DESTROYED).first()


def _open(reference: str, version: int | None = None) -> models.HandOver:
    """The locked row of a hand-over that waits for its answer."""
    row = _locked(models.HandOver.objects.filter(reference=reference))
    if row is None:
        raise UnknownHandOverError(reference=reference)
    if version is not None and version != row.version:
        raise ChangedMeanwhileError(reference=reference, given=version, current=row.version)
    if row.state != HandOverState.PROPOSED:
        state = HAND_OVER_WORDS[HandOverState(row.state)]
        raise HandOverAnsweredError(reference=reference, state=state)
    return row


def _locked(rows: QuerySet[models.HandOver, models.HandOver]) -> models.HandOver | None:
    """The first of these rows with its item, the item locked first as everywhere.

    So is one that its identity names, which is here and not yet found by the hand-over.
    """
    named = rows.values_list("item__reference", "identity").first()
    if named is not None and named[0]:
        _locked_item(named[0])
    elif named is not None:
        _present(named[1])
    return rows.select_for_update(of=("self",)).select_related("item").first()


def _answer(
    row: models.HandOver,
    state: HandOverState,
    by: Actor,
    at: datetime,
    reason: RefusalReason | None = None,
) -> None:
    row.state, row.answered_by, row.answered_role = state, by.reference, by.role
    row.answered_at, row.version = at, row.version + 1
    row.reason = reason.value if reason else ""
    row.save()


def _leaves(row: models.HandOver, digest: str, *, at: datetime) -> list[Done]:
    """Both sides said so: the item is in the hands of another administration."""
    done: list[Done] = []
    item = _present(row.item.identity) if row.item else None
    if item is None:  # destroyed while it was on its way: its custody has ended
        return done
    kind = CustodyAct.RETURNED if row.for_good else CustodyAct.HANDED_OVER
    given = NewAct(kind, _words(row), row.purpose, row.administration)
    _appended(item, given, digest, by=Actor(row.giver, row.giver_role), at=at, done=done)
    _set_state(item, ItemState.RETURNED if row.for_good else ItemState.HANDED_OVER)
    return done


def _taken(
    row: models.HandOver,
    item: models.Item | None,
    words: CustodyWords,
    digest: str,
    *,
    by: Actor,
    at: datetime,
) -> list[Done]:
    """The taker has it: that enters its custody, or waits for its record where that is not here."""
    done: list[Done] = []
    if item is None:
        row.sealed_taken, _ = _sealed_words(None, _document(words))
        return done
    row.item = item
    act = NewAct(CustodyAct.RECEIVED, words, row.purpose, row.giver)
    _appended(item, act, digest, by=by, at=at, done=done)
    return done


def _doubted(item: models.Item | None, reason: RefusalReason | None, at: datetime) -> list[Done]:
    """Where the refusal says something of the item itself, its custody has a gap."""
    if reason not in DOUBTFUL or item is None:
        return []
    facts = {"reason": reason.value}
    done = _raised(AlarmKind.HAND_OVER_DOUBTED, at=at, item=item, facts=facts)
    return [*done, *_settled(item, at=at)]


def _set_state(item: models.Item, state: ItemState) -> None:
    if item.state != state:
        item.state, item.version = state, item.version + 1
        item.save(update_fields=["state", "version"])


def _sealed(item: models.Item | None, words: CustodyWords) -> dict[str, object]:
    """The columns that keep what the giver wrote."""
    sealed, under_item = _sealed_words(item, _document(words))
    return {"sealed": sealed, "under_item": under_item}


def _words(row: models.HandOver) -> CustodyWords:
    """What the giver wrote; nothing once it was erased."""
    if row.under_item and row.item is not None:
        return _read(_under_item(row.item, bytes(row.sealed), STATED))
    return _of_the_node(row.sealed)


def _words_taken(row: models.HandOver) -> CustodyWords:
    """What the taker wrote while the item's record was not here."""
    return _of_the_node(row.sealed_taken)


def _of_the_node(sealed: bytes | memoryview) -> CustodyWords:
    content = bytes(sealed)
    return _read(json.loads(unseal_record(content, STATED))) if content else NO_WORDS


def _read(document: object) -> CustodyWords:
    words, _ = read_words({"words": document})
    return words if words is not None else NO_WORDS


def _document(words: CustodyWords) -> dict[str, object]:
    return {name: value for name, value in words_document(words).items() if value}


def _plain(words: CustodyWords) -> CustodyWords:
    """The words with the ends of lines that a message has; refused where they mislead."""
    check_words(words.place, words.reason, words.counterpart, *words.marks)
    return replace(
        words,
        place=_lines(words.place),
        reason=_lines(words.reason),
        counterpart=_lines(words.counterpart),
        marks=tuple(" ".join(mark.split()) for mark in words.marks if mark.strip()),
    )


def _lines(text: str) -> str:
    return "\n".join(text.split("\r\n")).strip()


def _done(act: str, row: models.HandOver, by: Actor, reason: RefusalReason | None = None) -> Done:
    facts = {
        "item": row.item.reference if row.item else "",
        "party": row.administration,
        "officer": row.officer,
        "reason": reason.value if reason else "",
        "request": row.told or row.message,
    }
    filled = {name: value for name, value in facts.items() if value}
    return Done(act, row.reference, filled, by=by)
