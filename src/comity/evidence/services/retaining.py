# SPDX-License-Identifier: Apache-2.0
"""Noting once that an item's retention is over: a duty of ours that destroying it ends.

The schedule decides the day; a person decides what becomes of the item.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comity.agreements.assessment import Debtor, Obligation
from comity.evidence.obligation import WARNED_BEFORE
from comity.evidence.queries.retention import RetentionDue, retention_due
from comity.evidence.services import duties
from comity.evidence.services.rows import EVIDENCE, _locked_item
from comity.journal.services import record

SOURCE = "RETENTION"
DESTROY_BY = "destroy-by"


@transaction.atomic
def note_due(*, at: datetime) -> int:
    """Open a duty for every item whose retention is over or soon will be; how many were new."""
    new = [due for due in retention_due(at.date() + WARNED_BEFORE) if _opened(due, at)]
    for due in new:
        facts = {"due_on": due.on.isoformat(), "count": "1"}
        record("retention-due", due.item, by=EVIDENCE, at=at, facts=facts)
    return len(new)


def _opened(due: RetentionDue, at: datetime) -> bool:
    duty = Obligation(
        DESTROY_BY,
        Debtor.HOLDER,
        trigger="act",
        due="by-date",
        discharge="return-or-destruction",
        instrument="",
        article="",
        by=due.on,
    )
    row = _locked_item(due.item)
    return bool(duties._open_duties(row, [duty], source=SOURCE, counterpart="", on=at.date()))
