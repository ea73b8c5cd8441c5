# SPDX-License-Identifier: Apache-2.0
"""Recalls: made by who supplied an item, passed on by who passed the item on, decided by a person.

A recall that arrives is passed on at once to whoever got the item from us, and its receipt is
answered at once with what is known: pending, and to whom the item went. What a person decides here,
and what those below answer, follows as further answers. Deleting needs two persons, as ever.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.evidence import models
from comity.evidence.item import ItemState
from comity.evidence.lifetime import (
    DestructionGround,
    DestructionWaitsError,
    FlagCode,
    ListState,
)
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.lifetime import destruction_lists, holds_on
from comity.evidence.queries.recalls import _as_recall, _demand_in, _words
from comity.evidence.queries.registers import partners_holding
from comity.evidence.recall import (
    ANSWER_WITHIN,
    OUTCOME_WORDS,
    RECALL,
    RECALL_ANSWER,
    Demand,
    Ground,
    HoldMissingError,
    NobodyHoldsItError,
    Outcome,
    Recall,
    RecallDecidedError,
    RecallDemand,
    RecallNotOursError,
    RecallUnaskedError,
    UnknownRecallError,
    check_answer,
    check_demand,
    read_recall,
    read_recall_answer,
)
from comity.evidence.services import destroying, items
from comity.evidence.services.flags import _flag_made_from, _raise_flag
from comity.evidence.services.holding import require_free
from comity.evidence.services.narrowing import _narrow_channels, _withdraw_channels
from comity.evidence.services.recall_answers import (
    _answer_upstream,
    verified_in,
    with_signature,
    without_words,
)
from comity.evidence.services.rows import EVIDENCE, _locked_item, _locked_items, inserted
from comity.evidence.services.telling import _sealed_words
from comity.exchange.draft import Draft
from comity.exchange.kind import Arrived, Kind
from comity.exchange.queries.messages import signed_document_of
from comity.exchange.queries.own import own_code
from comity.exchange.services import post
from comity.handling.marking import Marking, marking_document, read_marking
from comity.journal.entry import Actor
from comity.journal.services import record

LETTERS = "RCL"
OPEN_TO_DECISION = frozenset({Outcome.PENDING, Outcome.HELD_FOR_LAW, Outcome.DECLINED})
"""Outcomes after which a person may decide again."""


@transaction.atomic
def recall(
    item: str,
    demand: Demand,
    ground: Ground,
    text: str = "",
    *,
    by: Officer,
    at: datetime,
    corrections: Mapping[str, str] | None = None,
    marking: Marking | None = None,
    answer_by: date | None = None,
) -> Recall:
    """Ask every administration that holds an item of ours to delete, correct or narrow it.

    Raises:
        RecallNotOursError: somebody else supplied it. NobodyHoldsItError: it went to nobody.
        RecallDemandError: it does not say what is right, or what is laid on the item.
        MessageRejectedError: a message was not accepted for sending; nobody was asked.
    """
    actor = by.acting(Permission.RELEASE_EVIDENCE)
    found = item_value(item)
    if not found.began_here:
        supplier = next(channel.supplier for channel in found.channels if channel.supplier)
        raise RecallNotOursError(item=item, supplier=supplier)
    holders = partners_holding(item)
    if not holders:
        raise NobodyHoldsItError(item=item)
    said = RecallDemand(
        recall=str(uuid.uuid4()),
        item=found.identity,
        demand=demand,
        ground=ground,
        origin=own_code(),
        answer_by=answer_by or at.date() + ANSWER_WITHIN,
        text=text.strip(),
        corrections={name: value for name, value in (corrections or {}).items() if value},
        marking=marking_document(marking) if marking is not None else None,
    )
    check_demand(said)
    held = _locked_item(item)
    row = _kept(said, held, asked_by="", arrived=None, by=actor, at=at)
    _raise_flag(held, FlagCode.RECALLED, row.reference, at=at)
    for partner in holders:
        _ask(row, said, partner, by=actor, at=at)
    _flag_made_from(held, FlagCode.INPUT_RECALLED, row.reference, at=at)
    _record("item-recalled", row, by=actor, at=at, count=str(len(holders)))
    return _as_recall(row, at.date())


@transaction.atomic
def decide_recall(
    reference: str,
    outcome: Outcome,
    text: str = "",
    *,
    by: Officer,
    at: datetime,
    until: date | None = None,
) -> Recall:
    """Decide what becomes of our copy, and tell who asked.

    To delete drafts a destruction list, and the answer goes once a second person carried it out.

    Raises:
        RecallAnswerError: the answer does not fit the demand, or what is here.
        HeldError: a hold beats deletion. DestructionWaitsError: its list waits for somebody.
        HoldMissingError: nothing says that the law holds it. RecallDecidedError: it was decided.
    """
    actor = by.acting(Permission.DECIDE_ON_USE)
    row = _locked(reference)
    check_answer(Demand(row.demand), outcome, here=row.item is not None and _is_here(row.item))
    if not row.asked_by or row.item is None or Outcome(row.outcome) not in OPEN_TO_DECISION:
        raise RecallDecidedError(reference=reference, outcome=OUTCOME_WORDS[Outcome(row.outcome)])
    for waiting in destruction_lists(state=ListState.DRAFTED):
        if waiting.recall == reference:
            raise DestructionWaitsError(reference=row.item.reference, list=waiting.reference)
    demand = _demand_in(row)
    _pass_on(row, demand, row.item.reference, at=at)  # who got it since the recall arrived
    done = _carried_out(row, demand, outcome, by=by, at=at)
    if done is None:
        facts = {"outcome": "deletion-drafted", "party": row.asked_by}
        record("recall-decided", reference, by=actor, at=at, facts=facts)
        return _as_recall(row, at.date())
    row.outcome, row.held_until = done, until if done is Outcome.HELD_FOR_LAW else None
    row.decided_by, row.decided_at = actor.reference, at
    row.save(update_fields=["outcome", "held_until", "decided_by", "decided_at"])
    _answer_upstream(row, by=actor, at=at, text=text.strip())
    _record("recall-decided", row, by=actor, at=at, outcome=done.value)
    return _as_recall(row, at.date())


def receive_recall(arrived: Arrived, at: datetime) -> None:
    """Keep a recall, pass it on to whoever got the item from us, and answer what is known.

    Raises:
        RecallUnaskedError: the sender did not supply the item to us.
        RecallDemandError: it does not say what is right, or what is laid on the item.
    """
    said, sender = read_recall(arrived.envelope.body), arrived.envelope.header.sender
    if models.Recall.objects.filter(recall=said.recall, asked_by=sender).exists():
        return
    item = models.Item.objects.select_for_update().filter(identity=said.item).first()
    if item is not None and not item.channels.filter(supplier=sender).exists():
        raise RecallUnaskedError(partner=sender)
    check_demand(said)
    row = _kept(said, item, asked_by=sender, arrived=arrived, by=EVIDENCE, at=at)
    if item is None or _is_gone(item):
        row.outcome, row.decided_at, row.decided_by = Outcome.NOT_HELD, at, EVIDENCE.reference
        row.save(update_fields=["outcome", "decided_at", "decided_by"])
    else:
        _raise_flag(item, FlagCode.RECALLED, row.reference, at=at)
        _flag_made_from(item, FlagCode.INPUT_RECALLED, row.reference, at=at)
    if item is not None:
        _pass_on(row, said, item.reference, at=at)
    _answer_upstream(row, by=EVIDENCE, at=at)
    _record("recall-received", row, by=EVIDENCE, at=at)


def note_arrived(references: Sequence[str], *, at: datetime) -> None:
    """These items are here now: what their supplier took back before waits for a person."""
    for item in _locked_items(references):
        suppliers = item.channels.values_list("supplier", flat=True)
        rows = models.Recall.objects.select_for_update(of=("self",)).filter(
            identity=item.identity, item=None, asked_by__in=[each for each in suppliers if each]
        )
        for row in rows.order_by("pk"):
            words = dict(_words(row))
            row.item, row.outcome = item, Outcome.PENDING
            row.decided_by, row.decided_at = "", None
            row.sealed, row.under_item = _sealed_words(item, words)
            row.save()
            _raise_flag(item, FlagCode.RECALLED, row.reference, at=at)
            _answer_upstream(row, by=EVIDENCE, at=at)
            _record("recall-received", row, by=EVIDENCE, at=at)


def receive_answer(arrived: Arrived, at: datetime) -> None:
    """Note what a holder answered for itself and those below it, and tell who asked us.

    Raises:
        RecallUnaskedError: nobody asked the sender.
    """
    said, head = read_recall_answer(arrived.envelope.body), arrived.envelope.header
    rows = models.RecallHolder.objects.select_for_update(of=("self",)).select_related(
        "recall__item"
    )
    asked = rows.filter(partner=head.sender, recall__recall=said.recall)
    holder = asked.filter(identifier=head.in_reply_to).first() if head.in_reply_to else None
    if holder is None or said.copy.administration != head.sender:
        raise RecallUnaskedError(partner=head.sender)
    if said.number <= holder.answer_number:
        return  # overtaken by a later one
    copy = with_signature(said.copy, signed_document_of(arrived.reference))
    item = holder.recall.item
    kept = copy if item is not None and item.state != ItemState.DESTROYED else without_words(copy)
    holder.answer, holder.answer_number = kept.document(), said.number
    holder.verified = list(verified_in(copy))
    holder.answer_message, holder.answered_at = arrived.reference, at
    holder.save()
    row = models.Recall.objects.select_for_update().get(pk=holder.recall_id)
    _answer_upstream(row, by=EVIDENCE, at=at)
    facts = {
        "party": head.sender,
        "outcome": said.copy.outcome.value,
        "request": arrived.reference,
        "sequence": str(said.number),
    }
    record("recall-answered", row.reference, by=EVIDENCE, at=at, facts=facts)


@transaction.atomic
def time_out(*, at: datetime) -> int:
    """Note the recalls whose day has passed with answers missing, once each; how many there are."""
    rows = models.Recall.objects.select_for_update(skip_locked=True).filter(
        answer_by__lt=at.date(), timed_out_at__isnull=True
    )
    late = [row for row in rows if _is_open(row)]
    for row in late:
        row.timed_out_at = at
        row.save(update_fields=["timed_out_at"])
        _answer_upstream(row, by=EVIDENCE, at=at)
    for row in late:
        facts = {"due_on": row.answer_by.isoformat(), "party": row.asked_by or row.origin}
        record("recall-timed-out", row.reference, by=EVIDENCE, at=at, facts=facts)
    return len(late)


def _is_gone(item: models.Item) -> bool:
    """Whether nothing of it is here: destroyed, or given back as a thing that has no file."""
    given_back = item.state == ItemState.RETURNED and not item.blob
    return item.state == ItemState.DESTROYED or given_back


def _is_here(item: models.Item) -> bool:
    """Whether the item or its file is here, so that nobody can say that it is not held."""
    return item.state == ItemState.HELD or (item.state != ItemState.DESTROYED and bool(item.blob))


def _is_open(row: models.Recall) -> bool:
    """Whether a copy is not accounted for."""
    today = row.answer_by
    return not _as_recall(row, today).settled


def _carried_out(
    row: models.Recall, demand: RecallDemand, outcome: Outcome, *, by: Officer, at: datetime
) -> Outcome | None:
    """Do what was decided; the outcome that came of it, None where a second person is needed."""
    item = row.item
    if item is None or item.state == ItemState.DESTROYED:
        return Outcome.NOT_HELD
    match outcome:
        case Outcome.DELETED:
            return _deleted(row, item, by=by, at=at)
        case Outcome.HELD_FOR_LAW:
            if not holds_on(item.reference):
                raise HoldMissingError(item=item.reference)
        case Outcome.CORRECTED:
            for name, value in demand.corrections.items():
                author = Actor(row.origin, "partner")
                items.claim(item.reference, name, value, by=author, at=at)
            _raise_flag(item, FlagCode.CORRECTED, row.reference, at=at)
            _flag_made_from(item, FlagCode.INPUT_CORRECTED, row.reference, at=at)
        case Outcome.NARROWED if demand.marking is not None:
            stricter = read_marking(demand.marking)
            _narrow_channels(item, row.asked_by, stricter, source=row.reference, at=at)
        case _:
            pass
    return outcome


def _deleted(row: models.Recall, item: models.Item, *, by: Officer, at: datetime) -> Outcome | None:
    """Delete what came from who asks: its channel where others brought the same, or all of it."""
    others = item.channels.exclude(supplier=row.asked_by).filter(withdrawal__isnull=True)
    if others.exists():
        _withdraw_channels(item, row.asked_by, source=row.reference, by=by.actor, at=at)
        return Outcome.KEPT_FROM_ANOTHER
    require_free(item.reference)
    destroying.draft(
        {item.reference: DestructionGround.RECALLED}, by=by, at=at, recall=row.reference
    )
    return None


def _kept(
    said: RecallDemand,
    item: models.Item | None,
    *,
    asked_by: str,
    arrived: Arrived | None,
    by: Actor,
    at: datetime,
) -> models.Recall:
    words: dict[str, Any] = {"text": said.text, "corrections": dict(said.corrections)}
    words["marking"] = said.marking
    sealed, under_item = _sealed_words(item, words)
    columns = {
        "recall": said.recall,
        "identity": said.item,
        "item": item,
        "demand": said.demand,
        "ground": said.ground,
        "origin": said.origin,
        "asked_by": asked_by,
        "answer_by": said.answer_by,
        "message": arrived.reference if arrived else "",
        "identifier": arrived.envelope.header.id if arrived else None,
        "sealed": sealed,
        "under_item": under_item,
        "recorded_by": by.reference,
        "recorded_at": at,
    }
    return inserted(models.Recall, LETTERS, columns)


def _pass_on(row: models.Recall, said: RecallDemand, item: str, *, at: datetime) -> None:
    """Ask everybody to whom the item went, but those who asked or were asked already."""
    asked = models.RecallHolder.objects.filter(recall__recall=said.recall)
    known = {row.asked_by, said.origin, *asked.values_list("partner", flat=True)}
    for partner in partners_holding(item):
        if partner not in known:
            _ask(row, said, partner, by=EVIDENCE, at=at)


def _ask(row: models.Recall, said: RecallDemand, partner: str, *, by: Actor, at: datetime) -> None:
    identifier = str(uuid.uuid4())
    draft = Draft(kind=RECALL, to=partner, body=said.body(), identifier=identifier)
    posted = post(draft, by=by, at=at)
    if by is not EVIDENCE:
        posted.require()
    models.RecallHolder.objects.create(
        recall=row,
        partner=partner,
        message=posted.reference,
        identifier=identifier,
        asked_at=at,
    )


def _locked(reference: str) -> models.Recall:
    """The recall, locked after its item, as who destroys the item does."""
    known = models.Recall.objects.filter(reference=reference, item__isnull=False)
    for item in known.values_list("item__reference", flat=True):
        _locked_item(item)
    rows = models.Recall.objects.select_for_update(of=("self",)).select_related("item")
    row = rows.filter(reference=reference).first()
    if row is None:
        raise UnknownRecallError(reference=reference)
    return row


def _record(act: str, row: models.Recall, *, by: Actor, at: datetime, **more: str) -> None:
    facts = {
        "kind": row.demand,
        "reason": row.ground,
        "party": row.asked_by or row.origin,
        "request": row.item.reference if row.item else "",
        "due_on": row.answer_by.isoformat(),
        **more,
    }
    filled = {name: value for name, value in facts.items() if value}
    record(act, row.reference, by=by, at=at, facts=filled)


ITEM_RECALL = Kind(
    RECALL,
    N_("request to delete, correct or narrow an item"),
    receive_recall,
    needs_basis=False,
    largest_body=256 * 1024,
)
ANSWER = Kind(
    RECALL_ANSWER,
    N_("answer to a request to delete, correct or narrow"),
    receive_answer,
    needs_basis=False,
    for_the_desk=False,
    largest_body=1024 * 1024,
)
