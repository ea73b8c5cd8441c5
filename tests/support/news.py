# SPDX-License-Identifier: Apache-2.0
"""Made-up releases with what they announce, named by their words so that every place is right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from comity.agreements.claim import Confidence
from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType, Fact, Span
from comity.newsfeed.article import Article, BlockKind, article_of

PUBLISHED = date(2026, 2, 27)
LINK = "https://press.northland.example/2026/agreement"
Told = tuple[str, str]
"""A fact's value and the words of the text that say it."""


def span_of(text: str, words: str) -> Span:
    """Where these words stand in the text."""
    start = text.index(words)
    return Span(start, start + len(words), words)


def release(title: str, *paragraphs: str, guid: str = "", **known: object) -> Article:
    """A release of Northland's press office."""
    blocks = tuple((BlockKind.PARAGRAPH, paragraph) for paragraph in paragraphs)
    given = {"published": PUBLISHED, "language": "en", "link": LINK, "publisher": "US"}
    return article_of(title, blocks, guid=guid or title, **(given | known))


def announced(
    article: Article,
    words: str,
    facts: Mapping[str, Told | list[Told]],
    *,
    type_: AnnouncementType = AnnouncementType.INSTRUMENT,
    rule: str = "NWS-100",
    confidence: Confidence = Confidence.HIGH,
) -> AnnouncedEvent:
    """An event read from these words of the article."""
    read = [
        Fact(name, value, span_of(article.text, said))
        for name, told in facts.items()
        for value, said in (told if isinstance(told, list) else [told])
    ]
    return AnnouncedEvent(type_, rule, confidence, span_of(article.text, words), tuple(read))


def signature(
    article: Article,
    words: str,
    *,
    parties: tuple[Told, Told],
    day: Told,
    kind: Told = ("cmaa", "agreement"),
    event: Told = ("signed", "signed"),
) -> AnnouncedEvent:
    """An instrument signed between two parties, or what else `event` says of it."""
    facts = {"kind": kind, "event": event, "parties": list(parties), "date": day}
    return announced(article, words, facts)
