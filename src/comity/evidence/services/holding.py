# SPDX-License-Identifier: Apache-2.0
"""Legal holds: placed on an item or a case file, lifted with a reason; a hold beats destruction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.evidence import models
from comity.evidence.lifetime import (
    HeldError,
    Hold,
    HoldGround,
    HoldLiftedError,
    HoldTargetError,
    UnknownHoldError,
)
from comity.evidence.queries.cases import UnknownCaseFileError
from comity.evidence.queries.lifetime import HOLD, _as_hold, holds_on, require_kept
from comity.evidence.queries.seeing import narrowed_to, require_seen
from comity.evidence.services.rows import _locked_item, inserted
from comity.journal.services import record
from comity.storage.services import seal_record

LETTERS = "HLD"


@transaction.atomic
def place_hold(
    ground: HoldGround,
    reason: str = "",
    *,
    by: Officer,
    at: datetime,
    item: str = "",
    case: str = "",
) -> Hold:
    """Place a hold on one item, or on all that is and will be in one case file.

    Raises:
        HoldTargetError: both or neither is named. ItemGoneError: the item was destroyed.
    """
    actor = by.acting(Permission.HOLD_EVIDENCE)
    if bool(item) == bool(case):
        raise HoldTargetError(found="both" if item else "neither")
    if item:
        require_seen([item], by)
        require_kept(item)
    words = reason.strip()
    columns = {
        "item": _locked_item(item) if item else None,
        "case_file": _case_file(case, by) if case else None,
        "ground": ground,
        "sealed": seal_record(words.encode(), HOLD) if words else b"",
        "placed_by": actor.reference,
        "placed_at": at,
    }
    row = inserted(models.LegalHold, LETTERS, columns)
    facts = {"kind": ground.value, "request": item or case}
    record("hold-placed", row.reference, by=actor, at=at, facts=facts)
    return _as_hold(row)


@transaction.atomic
def lift_hold(reference: str, *, by: Officer, at: datetime) -> Hold:
    """Lift a hold; destruction lists can then be drafted anew.

    Raises:
        UnknownHoldError, HoldLiftedError: there is nothing to lift.
    """
    actor = by.acting(Permission.HOLD_EVIDENCE)
    rows = models.LegalHold.objects.select_for_update(of=("self",))
    row = rows.select_related("item", "case_file").filter(reference=reference).first()
    if row is None:
        raise UnknownHoldError(reference=reference)
    if row.lifted_at is not None:
        raise HoldLiftedError(reference=reference, on=row.lifted_at.date().isoformat())
    if row.item is not None:
        require_seen([row.item.reference], by)
    elif row.case_file is not None:
        _require_on_case(row.case_file, by)
    row.lifted_by, row.lifted_at = actor.reference, at
    row.save(update_fields=["lifted_by", "lifted_at"])
    record("hold-lifted", reference, by=actor, at=at, facts={"kind": row.ground})
    return _as_hold(row)


def require_free(item: str) -> None:
    """Raise `HeldError` while a hold stands against the item's destruction."""
    for hold in holds_on(item):
        raise HeldError(item=item, hold=hold.reference)


def _case_file(case: str, by: Officer) -> models.CaseFile:
    row = models.CaseFile.objects.select_for_update().filter(reference=case).first()
    if row is None:
        raise UnknownCaseFileError(case=case)
    _require_on_case(row, by)
    return row


def _require_on_case(row: models.CaseFile, by: Officer) -> None:
    """Raise unless the officer works on the case file, or answers for evidence in any."""
    if narrowed_to(by) and by.reference not in (row.opened_by, *row.officers):
        raise UnknownCaseFileError(case=row.reference)
