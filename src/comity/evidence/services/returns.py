# SPDX-License-Identifier: Apache-2.0
"""Returning originals: sent back by one side, confirmed by the other, and only then in custody.

The hand-over in the item's custody waits for the supplier's answer; a message carries both.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import ConflictError
from comity.evidence import models
from comity.evidence.custody import CustodyWords
from comity.evidence.hand_over import RefusalReason
from comity.evidence.item import Item, ItemState, Rank
from comity.evidence.lifetime import NotAnOriginalError
from comity.evidence.obligation import Discharge
from comity.evidence.queries.items import item as item_value
from comity.evidence.services import duties, handing_over
from comity.evidence.services.rows import EVIDENCE, _locked_item
from comity.evidence.services.telling import _answered, _take, _tell
from comity.evidence.use import AlreadyAnsweredError, AnswerUnaskedError, UnknownStatementError
from comity.evidence.use_messages import (
    RETURN,
    Half,
    ReturnAnswer,
    ReturnedOriginal,
    half_of,
    read_return,
    read_return_answer,
)
from comity.exchange.draft import Draft
from comity.exchange.kind import Arrived, Kind
from comity.exchange.message_state import Direction
from comity.exchange.services import post
from comity.journal.entry import Actor
from comity.journal.services import record

LETTERS = "RTN"


@dataclass(frozen=True, slots=True)
class Return:
    """An original on its way back, and whether it arrived."""

    reference: str
    direction: Direction
    item: str
    identity: str
    partner: str
    on: date
    hand_over: str
    confirmed_at: datetime | None
    refused_for: str


@transaction.atomic
def send_back(
    item: str, how: str, *, by: Officer, at: datetime, on: date | None = None, supplier: str = ""
) -> Return:
    """Send an original or a thing back to who supplied it; it waits for their confirmation.

    Raises:
        NotAnOriginalError: it is a copy, our own, or not here.
        HandOverUnderWayError: it is being handed over already.
        MessageRejectedError: the message was not accepted for sending.
    """
    actor = by.acting(Permission.KEEP_EVIDENCE)
    found = item_value(item)
    to = _returns_to(found, supplier)
    proposed = handing_over.propose(
        item,
        administration=to,
        for_good=True,
        words=CustodyWords(reason=how.strip()),
        by=by,
        at=at,
    )
    day = on or at.date()
    said = ReturnedOriginal(found.identity, day, proposed.reference, how.strip())
    row = _tell(
        models.OriginalReturn,
        LETTERS,
        _locked_item(item),
        to,
        kind=RETURN,
        body=said.body(),
        words={"how": said.how},
        columns={"on": day, "hand_over": proposed.reference},
        by=actor,
        at=at,
    )
    handing_over.asked_by_message(proposed.reference, row.message)
    _record("original-sent-back", row, by=actor, at=at)
    return _as_return(row)


@transaction.atomic
def answer_return(
    reference: str, *, by: Officer, at: datetime, refused_for: RefusalReason | None = None
) -> Return:
    """Say that an original of ours came back, or why it did not; its custody says the same.

    Raises:
        UnknownStatementError, AlreadyAnsweredError: no return waits under this reference.
    """
    actor = by.acting(Permission.KEEP_EVIDENCE)
    rows = models.OriginalReturn.objects.select_for_update(of=("self",))
    row = rows.filter(reference=reference, direction=Direction.IN).first()
    if row is None:
        raise UnknownStatementError(kind="return", reference=reference)
    if row.confirmed_at is not None:
        raise AlreadyAnsweredError(reference=reference, state=row.refused_for or "confirmed")
    if row.hand_over and refused_for is None:
        handing_over.confirm(row.hand_over, by=by, at=at)
    elif row.hand_over and refused_for is not None:
        handing_over.refuse(row.hand_over, refused_for, by=by, at=at)
    body = ReturnAnswer(row.reference, refused_for or "").body()
    draft = Draft(kind=RETURN, to=row.partner, body=body, in_reply_to=str(row.identifier))
    post(draft, by=actor, at=at).require()
    _settle(row, refused_for or "", actor.reference, row.reference, at=at)
    _record("original-return-answered", row, by=actor, at=at)
    return _as_return(row)


def receive_return(arrived: Arrived, at: datetime) -> None:
    """Keep a return that is announced, or the answer to ours."""
    if half_of(arrived.envelope.body, RETURN) is Half.CONFIRMATION:
        _note_answer(arrived, at)
        return
    said = read_return(arrived.envelope.body)
    row = _take(
        models.OriginalReturn,
        LETTERS,
        arrived,
        said.item,
        words={"how": said.how},
        columns={"on": said.on},
        at=at,
    )
    if row.item is not None and row.item.state != ItemState.DESTROYED:
        row.hand_over = _expected(row.item.reference, said, arrived, at)
        row.save(update_fields=["hand_over"])
    _record("original-return-announced", row, by=EVIDENCE, at=at)


def _as_return(row: models.OriginalReturn) -> Return:
    """A return as a value."""
    return Return(
        reference=row.reference,
        direction=Direction(row.direction),
        item=row.item.reference if row.item else "",
        identity=str(row.identity),
        partner=row.partner,
        on=row.on,
        hand_over=row.hand_over,
        confirmed_at=row.confirmed_at,
        refused_for=row.refused_for,
    )


def _note_answer(arrived: Arrived, at: datetime) -> None:
    row = _answered(models.OriginalReturn, arrived)
    if row is None:
        raise AnswerUnaskedError(kind="return", partner=arrived.envelope.header.sender)
    if row.confirmed_at is not None:
        return
    said = read_return_answer(arrived.envelope.body)
    reason = RefusalReason(said.refused_for) if said.refused_for in set(RefusalReason) else None
    with suppress(ConflictError):  # it was withdrawn meanwhile: the answer is kept all the same
        handing_over.answered_by_partner(
            row.hand_over,
            confirmed=not said.refused_for,
            by=row.partner,
            reason=reason,
            at=at,
        )
    _settle(row, said.refused_for[:60], row.partner, said.reference[:60], at=at)
    if row.item is not None and not said.refused_for:
        duties._end_duties(
            row.item, Discharge.RETURN, row.reference, at=at, counterpart=row.partner
        )
    _record("original-return-confirmed", row, by=EVIDENCE, at=at)


def _expected(item: str, said: ReturnedOriginal, arrived: Arrived, at: datetime) -> str:
    """The hand-over that an officer here confirms; none where another one is under way."""
    try:
        expected = handing_over.expect(
            item,
            administration=arrived.envelope.header.sender,
            their_reference=said.hand_over[:24],
            message=arrived.reference,
            at=at,
        )
    except ConflictError:
        return ""
    return expected.reference


def _settle(
    row: models.OriginalReturn, refused_for: str, by: str, known_as: str, *, at: datetime
) -> None:
    row.confirmed_at, row.confirmed_by, row.confirmed_as = at, by, known_as
    row.refused_for = refused_for
    row.confirmed_on = None if refused_for else at.date()
    row.save()


def _returns_to(item: Item, supplier: str) -> str:
    """To whom it goes back."""
    suppliers = [channel.supplier for channel in item.channels if channel.supplier]
    obstacle = ""
    if item.state is not ItemState.HELD:
        obstacle = f"it is {item.state.value}"
    elif item.rank is not Rank.ORIGINAL and not item.is_object:
        obstacle = f"it is a {item.rank.value}"
    elif not suppliers:
        obstacle = "it is our own"
    elif supplier and supplier not in suppliers:
        obstacle = f"{supplier} did not supply it"
    if obstacle:
        raise NotAnOriginalError(item=item.reference, obstacle=obstacle)
    return supplier or suppliers[0]


def _record(act: str, row: models.OriginalReturn, *, by: Actor, at: datetime) -> None:
    facts = {
        "party": row.partner,
        "request": row.hand_over or row.message,
        "reason": row.refused_for,
        "on": row.on.isoformat(),
    }
    filled = {name: value for name, value in facts.items() if value}
    record(act, row.reference, by=by, at=at, facts=filled)


ORIGINAL_RETURN = Kind(
    RETURN,
    N_("return of an original"),
    receive_return,
    needs_basis=False,
    largest_body=64 * 1024,
)
