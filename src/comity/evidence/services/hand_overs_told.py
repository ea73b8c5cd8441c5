# SPDX-License-Identifier: Apache-2.0
"""Hand-overs between administrations: offered, answered and taken back by message.

What a partner offers waits for an officer here, whether its record is here or not. What a partner
answers counts for the offer that was made to it and to nobody else, once; where the two sides said
opposite things, nothing changes and an alarm says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from comity.catalogues import N_
from comity.errors import NotPermittedError
from comity.evidence import models
from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import CustodyWords
from comity.evidence.hand_over import WATCHED_FOR, HandOverState
from comity.evidence.hand_over_messages import (
    HAND_OVER,
    Answer,
    Offer,
    Said,
    Withdrawal,
    read_answer,
    read_offer,
    read_withdrawal,
    said_in,
)
from comity.evidence.lifetime import DisclosedTo
from comity.evidence.obligation import Discharge
from comity.evidence.services import duties
from comity.evidence.services.alarms import _raised
from comity.evidence.services.custody import measure
from comity.evidence.services.disclosing import record_disclosure
from comity.evidence.services.hand_over_rows import (
    LETTERS,
    _answer,
    _done,
    _doubted,
    _leaves,
    _locked,
    _present,
    _sealed,
    _taken,
    _under_way,
    _words,
    _words_taken,
)
from comity.evidence.services.rows import EVIDENCE, Done, inserted, record_all
from comity.evidence.use import AnswerUnaskedError
from comity.exchange.draft import Draft
from comity.exchange.kind import Arrived, Kind
from comity.exchange.message_state import MessageState
from comity.exchange.queries.messages import message
from comity.exchange.services import post
from comity.journal.entry import Actor

PARTNER = "partner"
"""The role of who acts elsewhere."""
LOST = frozenset(
    {MessageState.DEAD, MessageState.REJECTED, MessageState.REFUSED, MessageState.WITHDRAWN}
)
"""States of a message that say that it did not reach the other side, or was not taken there."""
NEVER_KNOWN = LOST - {MessageState.DEAD}
"""The same, but for one that an operator can send again."""


class OfferRepeatedError(NotPermittedError):
    """The partner offers an item whose offer waits for its answer already."""

    code = "hand-over-offered-twice"
    message = N_("{partner} offers an item that it offered before, as {reference}.")
    remedy = N_("Wait for the answer to the first offer, or withdraw it.")


def _offer(
    row: models.HandOver, words: CustodyWords, *, what: str, by: Actor, at: datetime
) -> None:
    """Tell the other administration that an item is on its way to it.

    Raises:
        MessageRejectedError: the partner, its ceilings or its kinds stand against it.
    """
    said = Offer(
        item=str(row.identity),
        on=row.on or at.date(),
        hand_over=row.reference,
        for_good=row.for_good,
        what=what,
        words=words,
        kind=row.kind,
    )
    identifier = uuid.uuid4()
    draft = Draft(row.kind, row.administration, said.body(), identifier=str(identifier))
    posted = post(draft, by=by, at=at).require()
    row.identifier, row.message, row.told = identifier, posted.reference, posted.reference
    row.save(update_fields=["identifier", "message", "told"])


def _tell_answer(row: models.HandOver, refused_for: str, *, by: Actor, at: datetime) -> None:
    """Tell the other administration that we have it, or why not; in the kind in which it asked."""
    body = Answer(row.reference, refused_for, row.kind).body()
    _reply(row, row.kind, body, by=by, at=at)


def _tell_withdrawal(row: models.HandOver, *, by: Actor, at: datetime) -> None:
    """Tell the other administration that it stays here; not one that never learnt of it."""
    if not row.message or message(row.message).state in NEVER_KNOWN:
        return
    _reply(row, HAND_OVER, Withdrawal(row.reference).body(), by=by, at=at)


def _reply(
    row: models.HandOver, kind: str, body: dict[str, object], *, by: Actor, at: datetime
) -> None:
    """Post what was done here; it stands though it cannot be sent, and `watch` says that then."""
    draft = Draft(kind, row.administration, body, in_reply_to=str(row.identifier))
    row.told, row.problem = post(draft, by=by, at=at).reference, ""
    row.save(update_fields=["told", "problem"])


def receive(arrived: Arrived, at: datetime) -> None:
    """Keep an offer for an officer; note the answer to ours, or that theirs is taken back.

    Raises:
        OfferRepeatedError: the same item waits already.
        AnswerUnaskedError: it speaks of no offer between the sender and us.
    """
    kind, body = arrived.envelope.header.kind, arrived.envelope.body
    match said_in(body, kind):
        case Said.OFFER:
            done = _take_offer(read_offer(body, kind), arrived, at)
        case Said.ANSWER:
            done = _take_answer(read_answer(body, kind), arrived, at)
        case Said.WITHDRAWAL:
            done = _take_withdrawal(read_withdrawal(body), arrived, at)
    record_all(done, at=at)


def _take_offer(said: Offer, arrived: Arrived, at: datetime) -> list[Done]:
    head = arrived.envelope.header
    before = models.HandOver.objects.filter(
        incoming=True,
        administration=head.sender,
        identity=said.item,
        state=HandOverState.PROPOSED,
    ).first()
    if before is not None:
        raise OfferRepeatedError(partner=head.sender, reference=before.their_reference)
    item = _present(said.item)
    if item is not None and _under_way(item):
        item = None  # one hand-over of an item at a time; this one finds it when it is answered
    columns = {
        "item": item,
        "identity": said.item,
        "what": said.what[:60],
        "giver": head.sender,
        "administration": head.sender,
        "for_good": said.for_good,
        "on": said.on,
        "incoming": True,
        "their_reference": said.hand_over[:24],
        "message": arrived.reference,
        "kind": head.kind,
        "identifier": head.id,
        "proposed_at": at,
        **_sealed(item, said.words),
    }
    made = inserted(models.HandOver, LETTERS, columns)
    return [_done("hand-over-proposed", made, EVIDENCE)]


def _take_answer(said: Answer, arrived: Arrived, at: datetime) -> list[Done]:
    row = _told_of(arrived, incoming=False)
    outcome = HandOverState.CONFIRMED if said.confirmed else HandOverState.REFUSED
    if row.state != HandOverState.PROPOSED:
        taken_back = row.state == HandOverState.WITHDRAWN and not said.confirmed
        return [] if row.state == outcome or taken_back else _crossed(row, at)
    act = "hand-over-confirmed" if said.confirmed else "hand-over-refused"
    done = [_done(act, row, EVIDENCE, said.reason)]
    if said.confirmed:
        item = row.item.reference if row.item else ""
        done += _leaves(row, measure(item) if item else "", at=at)
        _note_given_out(row, at=at)
    else:
        done += _doubted(row.item, said.reason, at)
    row.their_reference = said.reference[:24]
    _answer(row, outcome, Actor(row.administration, PARTNER), at, said.reason)
    return done


def _note_given_out(row: models.HandOver, *, at: datetime) -> None:
    """Its supplier has it back; anybody else holds it from now on, and is asked at a recall."""
    item = row.item
    if item is None:
        return
    if row.for_good:
        duties._end_duties(
            item, Discharge.RETURN, row.reference, at=at, counterpart=row.administration
        )
    if not item.channels.filter(supplier=row.administration).exists():
        record_disclosure(
            [item.reference], DisclosedTo.PARTNER, row.administration, source=row.reference,
            by=Actor(row.giver, row.giver_role), at=at, message=row.message,
        )  # fmt: skip


def _take_withdrawal(said: Withdrawal, arrived: Arrived, at: datetime) -> list[Done]:
    row = _told_of(arrived, incoming=True)
    if row.their_reference != said.hand_over[:24]:
        raise AnswerUnaskedError(kind=N_("hand-over"), partner=row.administration)
    if row.state == HandOverState.CONFIRMED:
        return _crossed(row, at)
    if row.state != HandOverState.PROPOSED:
        return []
    _answer(row, HandOverState.WITHDRAWN, Actor(row.administration, PARTNER), at)
    return [_done("hand-over-withdrawn", row, EVIDENCE)]


def _told_of(arrived: Arrived, *, incoming: bool) -> models.HandOver:
    """The locked hand-over between its sender and us to whose offer a message replies."""
    head = arrived.envelope.header
    mine = models.HandOver.objects.filter(incoming=incoming, administration=head.sender)
    row = _locked(mine.filter(identifier=head.in_reply_to)) if head.in_reply_to else None
    if row is None:
        raise AnswerUnaskedError(kind=N_("hand-over"), partner=head.sender)
    return row


def _crossed(row: models.HandOver, at: datetime) -> list[Done]:
    """Nothing changes: a person asks who has it."""
    facts = {"request": row.reference}
    return _raised(AlarmKind.HAND_OVER_CROSSED, at=at, item=row.item, facts=facts)


@transaction.atomic
def note_arrived(items: Sequence[str], *, at: datetime) -> None:
    """The records of these items are here now: hand-overs that waited for them find them.

    What was confirmed before enters custody now, after what came with the record; the hand-over
    says since when it was in hand.
    """
    done: list[Done] = []
    rows_of_items = models.Item.objects.select_for_update().filter(reference__in=items)
    for item in rows_of_items.order_by("pk"):
        rows = models.HandOver.objects.select_for_update().filter(
            incoming=True, item=None, identity=item.identity
        )
        for row in rows.order_by("pk"):
            if row.state == HandOverState.CONFIRMED:
                by = Actor(row.answered_by, row.answered_role)
                done += _taken(row, item, _words_taken(row), item.digest, by=by, at=at)
                row.sealed_taken = b""
            elif row.state == HandOverState.PROPOSED and _under_way(item):
                continue
            for name, value in _sealed(item, _words(row)).items():
                setattr(row, name, value)
            row.item = item
            row.save()
    record_all(done, at=at)


def watch(*, at: datetime) -> int:
    """Look whether what we said of hand-overs reached the other side; how many newly did not."""
    waiting = Q(state=HandOverState.PROPOSED) | Q(answered_at__gte=at - WATCHED_FOR)
    rows = models.HandOver.objects.filter(waiting, told__gt="").order_by("pk")
    changed = [row.reference for row in rows if row.problem != _problem_of(row.told)]
    return sum(_noted(reference, at=at) for reference in changed)


@transaction.atomic
def _noted(reference: str, *, at: datetime) -> bool:
    """Whether what we said of this hand-over newly did not reach the other side."""
    row = _locked(models.HandOver.objects.filter(reference=reference))
    if row is None:
        return False
    before, row.problem = row.problem, _problem_of(row.told)
    row.save(update_fields=["problem"])
    if not row.problem or before:
        return False
    facts = {"request": row.reference, "reason": row.problem}
    kind = AlarmKind.HAND_OVER_UNDELIVERED
    record_all(_raised(kind, at=at, item=row.item, facts=facts), at=at)
    return True


def _problem_of(reference: str) -> str:
    """Why a message of ours did not reach the other side; empty where nothing says so."""
    found = message(reference)
    return (found.problem or found.state.value)[:60] if found.state in LOST else ""


ITEM_HAND_OVER = Kind(
    HAND_OVER,
    N_("hand-over of an item"),
    receive,
    needs_basis=False,
    largest_body=128 * 1024,
)
