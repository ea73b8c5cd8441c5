# SPDX-License-Identifier: Apache-2.0
"""Set B: announcements written by hand, one by one, each in another style; the harder set.

In the files a paragraph is a line; `- `, `[caption] ` and `[boilerplate] ` at its beginning say
what else it is. An instrument is `kind event parties date`, `|` between acceptable values, `none`
for no date, `any` for whatever; `tolerated` or `older` may follow.
Of other types each value of a main fact lists the ways in which it may be given, parted by `||`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.article import BlockKind
from tests.newsfeed.announcements.expectation import Expected, TestAnnouncement, made_article
from tests.newsfeed.announcements.words import FOLDER, LANGUAGES

MARKS = {
    "- ": BlockKind.LIST_ITEM,
    "[caption] ": BlockKind.CAPTION,
    "[boilerplate] ": BlockKind.BOILERPLATE,
}


@cache
def by_hand() -> tuple[TestAnnouncement, ...]:
    """Set B, whole."""
    return tuple(
        _announcement(entry, language)
        for language in LANGUAGES
        for entry in yaml.safe_load((FOLDER / f"by_hand_{language}.yaml").read_text("utf-8"))
    )


def _announcement(entry: dict[str, Any], language: str) -> TestAnnouncement:
    blocks = tuple(_block(line) for line in entry["text"].splitlines())
    article = made_article(
        entry["code"], entry["title"], blocks, language=language, published=entry["published"]
    )
    expected = tuple(_expected(one) for one in entry["expected"])
    return TestAnnouncement(entry["code"], language, "by hand", article, expected)


def _block(line: str) -> tuple[BlockKind, str]:
    for mark, kind in MARKS.items():
        if line.startswith(mark):
            return kind, line.removeprefix(mark)
    return BlockKind.PARAGRAPH, line


def _expected(one: dict[str, Any]) -> Expected:
    ((name, said),) = one.items()
    if name == "instrument":
        return _instrument(said.split())
    facts = {
        fact: tuple(tuple(way.strip() for way in str(value).split("||")) for value in values)
        for fact, values in said.items()
        if fact != "tolerated"
    }
    tolerated = bool(said.get("tolerated"))
    return Expected(AnnouncementType(name), facts=facts, tolerated=tolerated)


def _instrument(said: list[str]) -> Expected:
    kinds, event, parties, day, *more = said
    return Expected(
        AnnouncementType.INSTRUMENT,
        kinds=_either(kinds),
        event="" if event == "any" else event,
        parties=frozenset(() if parties == "any" else parties.split(",")),
        dates=frozenset("" if one == "none" else one for one in _either(day)),
        tolerated="tolerated" in more,
        older="older" in more,
    )


def _either(said: str) -> frozenset[str]:
    return frozenset() if said == "any" else frozenset(said.split("|"))
