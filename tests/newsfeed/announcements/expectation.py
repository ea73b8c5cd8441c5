# SPDX-License-Identifier: Apache-2.0
"""What a careful reader takes from a test announcement: events as values, without any place.

An expectation may name several acceptable values where the text allows more than one careful
reading, and may be *tolerated*: finding it is neither right nor wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.article import Article, Block, BlockKind, article_of

NO_DATE = ""
"""The date expected where the text gives none."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One event. Of an instrument only the first five fields count, of others the facts."""

    type: AnnouncementType
    kinds: frozenset[str] = frozenset()
    """Acceptable kinds; empty in a tolerated event where any will do."""
    event: str = ""
    parties: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()
    """Acceptable dates, `NO_DATE` for none; empty in a tolerated event where any will do."""
    facts: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """For each main fact its values, each with the ways in which it may be given."""
    tolerated: bool = False
    older: bool = False
    """A mention of something that happened before what the release is about."""


@dataclass(frozen=True, slots=True)
class TestAnnouncement:
    """A release nobody published, and what should be found in it."""

    __test__ = False  # pytest collects classes by this name

    code: str
    """`A-en-0001`: set, language, number; permanent for one seed only in set A."""
    language: str
    shape: str
    """What it looks like: release, note, page, digest … or `by hand`."""
    article: Article
    expected: tuple[Expected, ...]

    @property
    def announces(self) -> bool:
        """Whether anything must be found."""
        return any(not one.tolerated for one in self.expected)


def made_article(
    code: str,
    title: str,
    blocks: tuple[tuple[BlockKind, str], ...],
    *,
    language: str,
    published: date | None,
    publisher: str = "",
) -> Article:
    """The article as a reader would hand it over, without a detour by markup."""
    return article_of(
        title,
        blocks,
        guid=code,
        published=published,
        language=language,
        publisher=publisher,
        source="Test announcements",
        licence="Made up for tests",
    )


__all__ = ["NO_DATE", "Article", "Block", "Expected", "TestAnnouncement", "made_article"]
