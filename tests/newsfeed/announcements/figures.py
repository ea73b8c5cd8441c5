# SPDX-License-Identifier: Apache-2.0
"""The figures of a set as extraction gives them today, and their goals.

Extraction is called as a program would call it, one article at a time, without anything that only
the test knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.extraction import extract
from tests.newsfeed.announcements.expectation import TestAnnouncement
from tests.newsfeed.announcements.scoring import Count, Found, Score, score

INSTRUMENT_GOAL = (0.95, 0.85)
"""Precision and recall for (kind, parties, date) of instruments."""
OTHERS_GOAL = (0.90, 0.75)
"""Precision and recall for the main facts of every other type, all of them together."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of figures."""

    what: str
    count: Count
    goal: tuple[float, float] | None = None

    def __str__(self) -> str:
        c = self.count
        counts = f"TP {c.true_positive} FP {c.false_positive} FN {c.false_negative}"
        return (
            f"{self.what:<34} P {c.precision:.3f} R {c.recall:.3f} ({counts} TN {c.true_negative})"
        )


def found_in(announcement: TestAnnouncement) -> Found:
    """What extraction finds in the article."""
    return extract(announcement.article).events


def measured(announcements: Iterable[TestAnnouncement]) -> Score:
    """The score of extraction on a set."""
    return score(announcements, found_in)


def lines(result: Score) -> Iterator[Line]:
    """Totals, then languages, then types."""
    yield Line("instruments", result.all_instruments, INSTRUMENT_GOAL)
    yield Line("instruments with event", result.total(result.with_event.values()))
    for language, count in sorted(result.instruments.items()):
        yield Line(f"instruments, {language}", count)
    yield Line("other types, main facts", result.all_others, OTHERS_GOAL)
    for language in sorted(result.instruments):
        of_language = [count for (one, _), count in result.others.items() if one == language]
        yield Line(f"other types, {language}", result.total(of_language))
    for type_ in AnnouncementType:
        if type_ is not AnnouncementType.INSTRUMENT:
            yield Line(type_.value, result.of_type(type_))


def holds(count: Count, goal: tuple[float, float]) -> bool:
    """Whether precision and recall reach the goal."""
    return count.precision >= goal[0] and count.recall >= goal[1]
