# SPDX-License-Identifier: Apache-2.0
"""What waits for an officer, sorted by urgency: overdue, due this week, new.

Plain: the pages gather the items from the capabilities, this module decides which column each
stands in. An item without a due date is new until it is dealt with; one due later than this
week is not shown yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be done: what it is, its reference if it has one, where, and by when."""

    what: str
    reference: str
    url: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The three columns of the desk."""

    overdue: tuple[Item, ...]
    this_week: tuple[Item, ...]
    new: tuple[Item, ...]

    @property
    def nothing(self) -> bool:
        """Whether all columns are empty."""
        return not (self.overdue or self.this_week or self.new)


def by_urgency(items: Iterable[Item], *, on: date) -> Waiting:
    """The items in their columns, the most urgent first."""
    everything = list(items)
    dated = sorted((i for i in everything if i.due), key=lambda i: (i.due, i.reference))
    return Waiting(
        overdue=tuple(i for i in dated if i.due and i.due < on),
        this_week=tuple(i for i in dated if i.due and on <= i.due <= on + WEEK),
        new=tuple(i for i in everything if i.due is None),
    )
