# SPDX-License-Identifier: Apache-2.0
"""Recalls as the tracker shows them: every copy that is known of, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from comity.evidence import models
from comity.evidence.queries.cases import in_cases_of
from comity.evidence.queries.keys import ITEM_KEY, words_in
from comity.evidence.queries.statements import STATED
from comity.evidence.recall import (
    Copy,
    Demand,
    Ground,
    Outcome,
    Recall,
    RecallDemand,
    UnknownRecallError,
    as_of,
    read_copy,
    read_recall,
)
from comity.exchange.queries.own import own_code
from comity.storage.services import unseal_record


def recalls(
    *, item: str = "", ours: bool | None = None, today: date, officer: str = ""
) -> tuple[Recall, ...]:
    """Recalls that we made and that reached us, the latest first, as they stand on this day.

    For an officer, without those of items in case files that others alone work on.
    """
    rows = _rows().filter(in_cases_of(officer, "item"))
    rows = rows.filter(item__reference=item) if item else rows
    if ours is not None:
        rows = rows.filter(asked_by="") if ours else rows.exclude(asked_by="")
    return tuple(_as_recall(row, today) for row in rows)


def recalls_to_decide(*, today: date) -> tuple[Recall, ...]:
    """Those that a person here has still to decide, the first to be answered first."""
    rows = _rows().exclude(asked_by="").filter(outcome=Outcome.PENDING).order_by("answer_by", "pk")
    return tuple(_as_recall(row, today) for row in rows)


def recall(reference: str, *, today: date) -> Recall:
    """The recall of this reference.

    Raises:
        UnknownRecallError: there is none.
    """
    row = _rows().filter(reference=reference).first()
    if row is None:
        raise UnknownRecallError(reference=reference)
    return _as_recall(row, today)


def demand_of(reference: str) -> RecallDemand:
    """What is demanded in full, with its words; without them once they were erased."""
    row = _rows().filter(reference=reference).first()
    if row is None:
        raise UnknownRecallError(reference=reference)
    return _demand_in(row)


def _as_recall(row: models.Recall, today: date) -> Recall:
    """A recall as a value."""
    return Recall(
        reference=row.reference,
        recall=str(row.recall),
        item=row.item.reference if row.item else "",
        identity=str(row.identity),
        demand=Demand(row.demand),
        ground=Ground(row.ground),
        origin=row.origin,
        asked_by=row.asked_by,
        answer_by=row.answer_by,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        copy=as_of(_copy_of(row), row.answer_by, today),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        message=row.message,
    )


def _copy_of(row: models.Recall) -> Copy:
    """Our copy, and what every holder below us answered."""
    return Copy(
        administration=own_code(),
        outcome=Outcome(row.outcome),
        at=row.decided_at,
        until=row.held_until,
        holders=tuple(_holder(one) for one in row.holders.all()),
    )


def _demand_in(row: models.Recall) -> RecallDemand:
    """The demand of a row."""
    words = _words(row)
    body: dict[str, Any] = {
        "recall": str(row.recall),
        "item": str(row.identity),
        "demand": row.demand,
        "ground": row.ground,
        "origin": row.origin,
        "answer_by": row.answer_by.isoformat(),
        **words,
    }
    return read_recall(body)


def _words(row: models.Recall) -> Mapping[str, Any]:
    content = bytes(row.sealed)
    if not content:
        return {}
    if not row.under_item or row.item is None:
        found: dict[str, Any] = json.loads(unseal_record(content, STATED))
        return found
    key = models.ItemKey.objects.filter(item=row.item).first()
    return words_in(unseal_record(bytes(key.sealed), ITEM_KEY), content, STATED) if key else {}


def _holder(row: models.RecallHolder) -> Copy:
    if row.answer is None:
        return Copy(row.partner, Outcome.PENDING)
    verified = frozenset(row.verified)
    return _with_verified(read_copy(row.answer), verified)


def _with_verified(copy: Copy, verified: frozenset[str]) -> Copy:
    holders = tuple(_with_verified(holder, verified) for holder in copy.holders)
    return replace(copy, holders=holders, verified=copy.administration in verified)


def _rows() -> Any:  # any: a query set of recalls
    return models.Recall.objects.select_related("item").prefetch_related("holders")
