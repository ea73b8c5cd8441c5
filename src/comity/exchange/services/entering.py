# SPDX-License-Identifier: Apache-2.0
"""What every service writes into the ledger: references, rows of messages and parts, acts.

Rows are made here and written by whoever calls, many in one statement. Nothing a person wrote
stands in a row unless it is sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import connection

from comity.exchange import models
from comity.exchange.envelope import Envelope
from comity.exchange.evidence import LegalFinding
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.queries.messages import ENVELOPES, PART_KEYS, PART_NAMES
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.journal.facts import Form
from comity.storage.services import seal_record, seal_text_record

MACHINE = Actor("EXCHANGE", "integrator")
"""Who acts where no officer does."""
LETTERS = "MSG"


class Ledgered(Protocol):
    """What the journal says of a message, whatever holds it."""

    kind: Any  # any: a column, or its value
    digest: Any  # any: as above


@dataclass(frozen=True, slots=True)
class Done:
    """An act to be journalled at the end of the transaction."""

    act: str
    subject: str
    facts: Mapping[str, str] = field(default_factory=dict)
    instrument: str = ""
    article: str = ""
    by: Actor = MACHINE


def record_all(acts: Iterable[Done], *, at: datetime) -> None:
    """Journal the acts, as the last thing that the transaction does."""
    for done in acts:
        journal.record(
            done.act,
            done.subject,
            by=done.by,
            at=at,
            instrument=_of_form(done.instrument, Form.REFERENCE),
            article=_of_form(done.article, Form.ARTICLE),
            facts=done.facts,
        )


def references(count: int) -> list[tuple[int, str]]:
    """The next numbers of the ledger, and the references made of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('exchange_message', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [(number, f"{LETTERS}-{number:05d}") for (number,) in cursor.fetchall()]


def _message_row(
    envelope: Envelope,
    document: bytes,
    *,
    place: tuple[int, str],
    direction: Direction,
    partner: int,
    state: MessageState,
    digest: str,
    at: datetime,
) -> models.Message:
    """The row of an envelope, its document sealed."""
    head = envelope.header
    number, reference = place
    return models.Message(
        pk=number,
        reference=reference,
        identifier=head.id,
        direction=direction,
        partner_id=partner,
        kind=head.kind,
        conversation=head.conversation,
        in_reply_to=head.in_reply_to or None,
        case=head.case,
        state=state,
        digest=digest,
        sealed=seal_record(document, ENVELOPES),
        size=len(document) + sum(part.size for part in envelope.parts),
        created_at=head.created,
        recorded_at=at,
        expires_at=head.expires,
        instrument=head.basis.instrument if head.basis else "",
        article=head.basis.article if head.basis else "",
    )


def _part_rows(
    message: int, envelope: Envelope, *, blobs: Sequence[str], keys: Sequence[bytes] = ()
) -> list[models.Part]:
    """The rows of an envelope's parts; `keys` open what is still to arrive."""
    return [
        models.Part(
            message_id=message,
            number=number,
            sealed_name=seal_text_record(part.name, PART_NAMES),
            media_type=part.media_type,
            size=part.size,
            digest=part.digest,
            blob=blobs[number],
            sealed_key="" if blobs[number] else seal_text_record(keys[number].hex(), PART_KEYS),
        )
        for number, part in enumerate(envelope.parts)
    ]


def _note_law(row: models.Message, finding: LegalFinding | None) -> None:
    """Our answer to the question of the law."""
    if finding is not None:
        row.law, row.verdict = finding.as_dict(), finding.verdict


def facts_of(row: Ledgered, partner: str, **more: str) -> dict[str, str]:
    """What the journal says of any message: whose, of which kind, by its digest."""
    facts = {"party": partner, "message_kind": row.kind, "digest": row.digest}
    return facts | {name: value for name, value in more.items() if value}


def _of_form(text: str, form: Form) -> str:
    """The text where it has the form; a journal entry takes no other words."""
    return text if form.value.fullmatch(text) else ""
