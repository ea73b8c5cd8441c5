# SPDX-License-Identifier: Apache-2.0
"""Telling a partner something about an item, and keeping what partners tell: what all kinds share.

A statement's row and its message are made in one transaction; the row's envelope id is made first,
so that the same statement is never sent twice. What a person wrote is sealed under the item's key.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from comity.evidence import models
from comity.evidence.models.uses import Statement
from comity.evidence.queries.keys import item_key
from comity.evidence.queries.statements import STATED
from comity.evidence.services.keeping import seal_words
from comity.evidence.services.rows import EVIDENCE, inserted
from comity.exchange.draft import Draft, DraftPart
from comity.exchange.kind import Arrived
from comity.exchange.message_state import Direction
from comity.exchange.services import post
from comity.journal.entry import Actor
from comity.journal.facts import Form
from comity.journal.services import record
from comity.storage.services import seal_record

Row = TypeVar("Row", bound=Statement)
_ANSWERS = uuid.UUID("0a0e6a52-7a0e-5c1c-9d57-3f4f8b1f6b21")
"""Names of confirmations that the machine sends: one for each message that it confirms."""


def _tell(
    table: type[Row],
    letters: str,
    item: models.Item,
    partner: str,
    *,
    kind: str,
    body: Mapping[str, Any],
    words: Mapping[str, Any],
    columns: Mapping[str, Any],
    by: Actor,
    at: datetime,
    parts: tuple[DraftPart, ...] = (),
) -> Row:
    """Post a statement about an item of ours, and keep its row.

    Raises:
        MessageRejectedError: the partner, its ceilings or its kinds stand against it.
    """
    identifier = str(uuid.uuid4())
    draft = Draft(kind=kind, to=partner, body=body, parts=parts, identifier=identifier)
    posted = post(draft, by=by, at=at).require()
    sent = {"partner": partner, "message": posted.reference, "identifier": identifier}
    return _noted(table, letters, item, words=words, columns={**sent, **columns}, by=by, at=at)


def _noted(
    table: type[Row],
    letters: str,
    item: models.Item,
    *,
    words: Mapping[str, Any],
    columns: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> Row:
    """Keep a statement about an item; told to nobody unless the columns say to whom."""
    sealed, under_item = _sealed_words(item, words)
    row = {
        "direction": Direction.OUT,
        "item": item,
        "identity": item.identity,
        "partner": "",
        "identifier": uuid.uuid4(),
        "sealed": sealed,
        "under_item": under_item,
        "recorded_by": by.reference,
        "recorded_at": at,
    }
    return inserted(table, letters, {**row, **columns})


def _take(
    table: type[Row],
    letters: str,
    arrived: Arrived,
    identity: str,
    *,
    words: Mapping[str, Any],
    columns: Mapping[str, Any],
    at: datetime,
) -> Row:
    """Keep a partner's statement; about an item that we do not hold, too."""
    head = arrived.envelope.header
    item = models.Item.objects.filter(identity=identity).first()
    sealed, under_item = _sealed_words(item, words)
    row = {
        "direction": Direction.IN,
        "item": item,
        "identity": identity,
        "partner": head.sender,
        "message": arrived.reference,
        "identifier": head.id,
        "sealed": sealed,
        "under_item": under_item,
        "recorded_by": EVIDENCE.reference,
        "recorded_at": at,
    }
    return inserted(table, letters, {**row, **columns})


def _confirm(arrived: Arrived, body: Mapping[str, Any], *, at: datetime) -> None:
    """Answer a statement by the machine, once."""
    head = arrived.envelope.header
    draft = Draft(
        kind=head.kind,
        to=head.sender,
        body=body,
        in_reply_to=head.id,
        identifier=str(uuid.uuid5(_ANSWERS, head.id)),
    )
    post(draft, by=EVIDENCE, at=at)


def _answered(table: type[Row], arrived: Arrived) -> Row | None:
    """Our own statement to this partner that a message replies to, locked; None where none is."""
    head = arrived.envelope.header
    if not head.in_reply_to:
        return None
    rows = table._default_manager.select_for_update(of=("self",)).filter(
        direction=Direction.OUT, partner=head.sender, identifier=head.in_reply_to
    )
    return rows.first()


def _sealed_words(item: models.Item | None, words: Mapping[str, Any]) -> tuple[bytes, bool]:
    """What a person wrote, sealed under the item's key where there is one; and whether it was."""
    said = {name: value for name, value in words.items() if value}
    if not said:
        return b"", False
    if item is not None and models.ItemKey.objects.filter(item=item).exists():
        return seal_words(item_key(item.reference), said, STATED), True
    return seal_record(json.dumps(said).encode(), STATED), False


def _record(
    act: str,
    row: Statement,
    *,
    by: Actor,
    at: datetime,
    instrument: str = "",
    article: str = "",
    **facts: str | date | None,
) -> None:
    """Journal what was told or heard in a statement; what is empty is no fact."""
    said = {"party": row.partner, "request": row.message, **facts}
    record(
        act,
        row.reference,
        by=by,
        at=at,
        instrument=reference_fact(instrument),
        article=article_fact(article),
        facts={name: str(value) for name, value in said.items() if value},
    )


def article_fact(article: str) -> str:
    """The article where it has the form of one; a journal entry takes no other words."""
    return article if Form.ARTICLE.value.fullmatch(article) else ""


def reference_fact(reference: str) -> str:
    """The reference where it has the form of one."""
    return reference if Form.REFERENCE.value.fullmatch(reference) else ""
