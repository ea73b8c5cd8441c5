# SPDX-License-Identifier: Apache-2.0
"""What a change of a case's purpose would mean for its items, before anybody makes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from comity.accounts.officer import Officer
from comity.agreements.keyset import LONGEST_PAGE
from comity.evidence.item import ItemState
from comity.evidence.queries import items
from comity.evidence.queries.decisions import decide
from comity.evidence.queries.items import ItemSearch
from comity.evidence.record_documents import Beyond
from comity.evidence.way_out import IntendedUse, WayOut


def beyond_conditions(
    case: str, use: IntendedUse, *, by: Officer, at: datetime
) -> tuple[Beyond, ...]:
    """The items of a case that this use goes beyond; nothing is let out or recorded by it."""
    found = []
    for references in _kept(case):
        for one in decide(references, WayOut.PAGE, by=by, at=at, use=use):
            if not one.weighed.permitted:
                found.append(Beyond(one.reference, one.weighed.verdict, one.weighed.reason))
    return tuple(found)


def _kept(case: str) -> Iterator[list[str]]:
    """The references of a case's items that are kept, a page of them at a time."""
    after = ""
    while True:
        page = items.items(ItemSearch(case=case), after=after, size=LONGEST_PAGE)
        yield [one.reference for one in page.rows if one.state is not ItemState.DESTROYED]
        if not page.older:
            return
        after = page.older
