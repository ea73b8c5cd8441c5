# SPDX-License-Identifier: Apache-2.0
"""Answering a recall to whoever asked us: our own copy, and what those below us answered.

Every change is told as a new answer with a higher number. What a holder below signed travels in
it whole, so that the supplier at the far end can verify what it can and sees who reports the rest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from comity.errors import ComityError
from comity.evidence import models
from comity.evidence.queries.recalls import _copy_of
from comity.evidence.recall import (
    RECALL_ANSWER,
    Copy,
    Outcome,
    RecallAnswer,
    as_of,
    read_copy,
    read_recall_answer,
)
from comity.exchange.arrival import KeyRing
from comity.exchange.draft import Draft
from comity.exchange.envelope import PAYLOAD_TYPE, read_envelope
from comity.exchange.partner import KeyUse
from comity.exchange.queries.partners import partner
from comity.exchange.services import post
from comity.exchange.signed_document import read_signed
from comity.journal.entry import Actor
from comity.sealing.canonical_json import canonical


def _answer_upstream(row: models.Recall, *, by: Actor, at: datetime, text: str = "") -> None:
    """Tell who asked us how all copies stand now; nothing where we began the recall."""
    if not row.asked_by or row.identifier is None:
        return
    row.answers_sent += 1
    row.save(update_fields=["answers_sent"])
    copies = as_of(_copy_of(row), row.answer_by, at.date())
    said = RecallAnswer(str(row.recall), row.answers_sent, _own_pending(copies, row), text)
    draft = Draft(
        kind=RECALL_ANSWER, to=row.asked_by, body=said.body(), in_reply_to=str(row.identifier)
    )
    post(draft, by=by, at=at)


def _own_pending(copies: Copy, row: models.Recall) -> Copy:
    """Of our own copy we never say that it is unknown: nobody decided yet."""
    return replace(copies, outcome=Outcome(row.outcome))


def with_signature(copy: Copy, document: bytes) -> Copy:
    """A partner's report with the message by which it was made."""
    return replace(copy, signed=json.loads(document))


def without_words(copy: Copy) -> Copy:
    """A report without the signed messages in which somebody wrote anything."""
    holders = tuple(map(without_words, copy.holders))
    signed = copy.signed if copy.signed is None or not _has_words(copy.signed) else None
    return replace(copy, holders=holders, signed=signed)


def _has_words(signed: Mapping[str, Any]) -> bool:
    """Whether a signed answer, or one that travels in it, brings words; so does what is unread."""
    try:
        read = read_signed(canonical(dict(signed)), PAYLOAD_TYPE)
        said = read_recall_answer(read_envelope(read.payload).body)
    except ComityError:
        return True
    below = (each.signed for each in said.copy.every())
    return bool(said.text) or any(each is not None and _has_words(each) for each in below)


def _erase_answers(item: models.Item) -> None:
    """What holders wrote when they answered recalls of an item; what they answered stays."""
    rows = models.RecallHolder.objects.select_for_update(of=("self",)).filter(
        recall__identity=item.identity, answer__isnull=False
    )
    for row in rows.order_by("pk"):
        row.answer = without_words(read_copy(row.answer or {})).document()
        row.save(update_fields=["answer"])


def verified_in(copy: Copy) -> tuple[str, ...]:
    """The administrations in a report whose own signatures fit what is reported of them."""
    return tuple(
        sorted(
            {
                each.administration
                for each in copy.every()
                if each.signed is not None and _said_so(each, each.signed)
            }
        )
    )


def _said_so(copy: Copy, signed: Mapping[str, Any]) -> bool:
    """Whether this administration, known to us as a partner, signed exactly this outcome."""
    try:
        read = read_signed(canonical(dict(signed)), PAYLOAD_TYPE)
        envelope = read_envelope(read.payload)
        ring = KeyRing.of(partner(copy.administration).keys, KeyUse.ENVELOPE)
        fault, _ = ring.judged(read, envelope.header.created)
        said = read_recall_answer(envelope.body).copy
    except ComityError:
        return False
    signer = (envelope.header.sender, said.administration, said.outcome)
    return fault is None and signer == (
        copy.administration,
        copy.administration,
        copy.outcome,
    )
