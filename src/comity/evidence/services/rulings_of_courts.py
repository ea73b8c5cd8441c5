# SPDX-License-Identifier: Apache-2.0
"""What courts decided on items: kept with the use, and fed back to who supplied the item."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.question import Proceeding
from comity.catalogues import N_
from comity.evidence import models
from comity.evidence.obligation import Discharge
from comity.evidence.queries.statements import _as_ruling
from comity.evidence.services import duties
from comity.evidence.services.rows import EVIDENCE, inserted
from comity.evidence.services.telling import _sealed_words, _take, _tell
from comity.evidence.use import Ruling, UnknownStatementError
from comity.evidence.use_messages import RULING, CourtRuling, RulingOutcome, read_ruling
from comity.exchange.kind import Arrived, Kind
from comity.exchange.message_state import Direction
from comity.journal.entry import Actor
from comity.journal.services import record

LETTERS = "CRT"


@transaction.atomic
def record_ruling(
    use: str,
    outcome: RulingOutcome,
    on: date,
    text: str = "",
    *,
    by: Officer,
    at: datetime,
) -> Ruling:
    """Record a court's ruling on an item in use, and tell its supplier, if it has one.

    Raises:
        UnknownStatementError: there is no such use.
        MessageRejectedError: the message was not accepted for sending.
    """
    actor = by.acting(Permission.USE_EVIDENCE)
    found = models.Use.objects.select_related("item").filter(reference=use).first()
    if found is None:
        raise UnknownStatementError(kind="use", reference=use)
    words = text.strip()
    said = CourtRuling(str(found.item.identity), outcome, on, Proceeding(found.proceeding), words)
    columns = {**_columns(said), "use": found}
    if found.supplier:
        row = _tell(
            models.CourtRuling,
            LETTERS,
            found.item,
            found.supplier,
            kind=RULING,
            body=said.body(),
            words={"text": words},
            columns=columns,
            by=actor,
            at=at,
        )
        duties._end_duties(
            found.item, Discharge.REPORT, row.reference, at=at, counterpart=found.supplier
        )
    else:
        row = _kept(found.item, words, columns, by=actor, at=at)
    _record("court-ruling-recorded", row, by=actor, at=at)
    return _as_ruling(row)


def receive_ruling(arrived: Arrived, at: datetime) -> None:
    """Keep what a court elsewhere decided on an item of ours."""
    said = read_ruling(arrived.envelope.body)
    row = _take(
        models.CourtRuling,
        LETTERS,
        arrived,
        said.item,
        words={"text": said.text},
        columns=_columns(said),
        at=at,
    )
    _record("court-ruling-received", row, by=EVIDENCE, at=at)


def _kept(
    item: models.Item, words: str, columns: dict[str, object], *, by: Actor, at: datetime
) -> models.CourtRuling:
    """A ruling on an item of our own: nobody is told."""
    sealed, under_item = _sealed_words(item, {"text": words})
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
    return inserted(models.CourtRuling, LETTERS, {**row, **columns})


def _columns(said: CourtRuling) -> dict[str, object]:
    return {"outcome": said.outcome, "on": said.on, "proceeding": said.proceeding}


def _record(act: str, row: models.CourtRuling, *, by: Actor, at: datetime) -> None:
    facts = {
        "outcome": row.outcome,
        "on": row.on.isoformat(),
        "party": row.partner,
        "request": row.use.reference if row.use else row.message,
    }
    filled = {name: value for name, value in facts.items() if value}
    record(act, row.reference, by=by, at=at, facts=filled)


COURT_RULING = Kind(
    RULING,
    N_("a court's ruling on an item"),
    receive_ruling,
    needs_basis=False,
    largest_body=64 * 1024,
)
