# SPDX-License-Identifier: Apache-2.0
"""Made-up releases of a training exercise, in a form that needs no rules to be read.

A line such as `EXERCISE cmaa signed FJ,US 2025-06-01` announces an instrument; what the rules of
the extraction make of real sentences is tested elsewhere. Nobody and nothing here exists.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from comity.agreements.claim import Confidence
from comity.newsfeed.announcement import (
    AnnouncedEvent,
    Announcement,
    AnnouncementType,
    Fact,
    Span,
)
from comity.newsfeed.article import Article, BlockKind, article_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
WEDNESDAY = datetime(2026, 3, 4, 9, tzinfo=UTC)
LINE = re.compile(r"EXERCISE (\S+) (\S+) (\S+)(?: (\d\S*))?(?: (high|medium|low))?")
VISIT = re.compile(r"VISIT (\S+)")


def release(*lines: str, guid: str = "exercise-1", **more: object) -> Article:
    """A release of the exercise with these lines under its title."""
    known: dict[str, object] = {
        "published": date(2026, 3, 1),
        "language": "en",
        "link": f"https://exercise.example/{guid}",
        "publisher": "US",
        "source": "Training exercise",
    }
    title = str(more.pop("title", "Training exercise: customs news"))
    blocks = tuple((BlockKind.PARAGRAPH, line) for line in lines)
    return article_of(title, blocks, guid=guid, **(known | more))


def announced(article: Article) -> Announcement:
    """What the lines of the exercise announce."""
    found = [_instrument(match) for match in LINE.finditer(article.text)]
    found += [_visit(match) for match in VISIT.finditer(article.text)]
    return Announcement(article, tuple(sorted(found, key=lambda event: event.span.start)))


def event(line: str) -> AnnouncedEvent:
    """The event of one line: `cmaa signed FJ,US 2025-06-01 high`."""
    return announced(release(f"EXERCISE {line}")).events[0]


def _instrument(match: re.Match[str]) -> AnnouncedEvent:
    facts = [_fact(match, 1, "kind"), _fact(match, 2, "event")]
    facts += [
        Fact("parties", code, _fact(match, 3, "parties").span)
        for code in sorted(match[3].split(","))
    ]
    facts += [_fact(match, 4, "date")] if match[4] else []
    return AnnouncedEvent(
        AnnouncementType.INSTRUMENT,
        "NWS-199",
        Confidence(match[5] or "high"),
        Span(match.start(), match.end(), match[0]),
        tuple(facts),
    )


def _visit(match: re.Match[str]) -> AnnouncedEvent:
    span = Span(match.start(), match.end(), match[0])
    facts = (_fact(match, 1, "place"),)
    return AnnouncedEvent(AnnouncementType.VISIT, "NWS-729", Confidence.HIGH, span, facts)


def _fact(match: re.Match[str], group: int, name: str) -> Fact:
    return Fact(name, match[group], Span(match.start(group), match.end(group), match[group]))


def read_exercises_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the node read the lines of the exercise instead of sentences."""
    monkeypatch.setattr("comity.newsfeed.services.taking.extract", announced)
