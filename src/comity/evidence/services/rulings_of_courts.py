# SPDX-License-Identifier: Apache-2.0
"""What courts decided on items: kept with the use, and fed back to who supplied the item."""

from __future__ import annotations

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
from comity.evidence.services.rows import EVIDENCE
from comity.evidence.services.telling import _noted, _record, _take, _tell
from comity.evidence.use import Ruling, UnknownStatementError
from comity.evidence.use_messages import RULING, CourtRuling, RulingOutcome, read_ruling
from comity.exchange.kind import Arrived, Kind
from comity.journal.entry import Actor

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
        row = _noted(
            models.CourtRuling,
            LETTERS,
            found.item,
            words={"text": words},
            columns=columns,
            by=actor,
            at=at,
        )
    _told("court-ruling-recorded", row, by=actor, at=at)
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
    _told("court-ruling-received", row, by=EVIDENCE, at=at)


def _columns(said: CourtRuling) -> dict[str, object]:
    return {"outcome": said.outcome, "on": said.on, "proceeding": said.proceeding}


def _told(act: str, row: models.CourtRuling, *, by: Actor, at: datetime) -> None:
    request = row.use.reference if row.use else row.message
    _record(act, row, by=by, at=at, outcome=row.outcome, on=row.on, request=request)


COURT_RULING = Kind(
    RULING,
    N_("a court's ruling on an item"),
    receive_ruling,
    needs_basis=False,
    largest_body=64 * 1024,
)
