# SPDX-License-Identifier: Apache-2.0
"""What was read from a release, as a reader meets it: codes as words, days written out, safe links.

Releases are written by strangers. Their text goes to the templates as text, and an address is
only made a link where it leads to the web.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from comity.newsfeed.announcement import FACTS, TYPE_WORDS, AnnouncedEvent, AnnouncementType
from comity.newsfeed.article import Article, Block
from comity.newsfeed.marked_text import Excerpt, Mark, Piece, excerpts, marks_of, pieces_of
from comity.newsfeed.pages.rule_book import rule_of, translated
from comity.newsfeed.pages.signs import confidence_sign, language
from comity.newsfeed.records import EventRecord, ReleaseRecord
from comity.newsfeed.sayings import (
    Saying,
    event_words,
    parties_words,
    party_words,
    programme_words,
)

TONES = 6
"""Colours for marks; after the last one they begin anew, and the number tells them apart."""
DAYS_SAID = ("date", "known")
"""Fields of a saying that hold days."""


def type_words(code: AnnouncementType) -> str:
    """What sort of thing is announced."""
    return gettext(TYPE_WORDS[code])


def party(code: str) -> str:
    """The name of a country or union; an unknown code stands for itself."""
    return party_words(code, language()) if code else ""


def day_written(value: str) -> str:
    """A day, month or year as far as it is known, written out; other words as they stand."""
    forms = {10: ("", "DATE_FORMAT"), 7: ("-01", "YEAR_MONTH_FORMAT")}
    more, form = forms.get(len(value), ("", ""))
    try:
        return date_format(date.fromisoformat(f"{value}{more}"), form) if form else value
    except ValueError:
        return value


def days_written(value: str) -> str:
    """Several days, as the register's sources have them, each written out."""
    return " / ".join(day_written(day) for day in value.split(", "))


def said(saying: Saying) -> str:
    """The sentence in the reader's language, its days written out."""
    fields = {n: days_written(v) if n in DAYS_SAID else v for n, v in saying.fields.items()}
    return replace(saying, fields=fields).said(language())


def safe_link(address: str) -> str:
    """The address where it leads to the web; empty for `javascript:` and everything else."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def _programme(code: str) -> str:
    return programme_words(code, language())


def _event(code: str) -> str:
    return event_words(code, language())


FACT_VALUES: dict[str, Callable[[str], str]] = {
    "kind": _programme,
    "event": _event,
    "parties": party,
    "recipient": party,
    "located_in": party,
    "returned_to": party,
    "wanted_by": party,
    "date": day_written,
    "effective": day_written,
    "seized_on": day_written,
}
"""Facts whose value is a code or a day; every other value is words of the text."""


def fact_value(name: str, value: str) -> str:
    """The value in the reader's words."""
    return FACT_VALUES[name](value) if name in FACT_VALUES else value


def fact_rows(event: AnnouncedEvent) -> list[dict[str, Any]]:
    """Every fact with its own words, the main ones first, as the table of facts has them."""
    found = []
    for name in sorted(FACTS[event.type], key=lambda each: not each.main):
        found += [
            {
                "name": gettext(name.words),
                "value": fact_value(name.name, fact.value),
                "words": fact.span.text,
                "start": fact.span.start,
                "end": fact.span.end,
            }
            for fact in event.facts
            if fact.name == name.name
        ]
    return found


def headline(event: AnnouncedEvent) -> str:
    """What is announced in one line, made of the main facts."""
    if event.type is AnnouncementType.INSTRUMENT:
        parties = parties_words(",".join(event.values("parties")), language())
        happened = f"{_event(event.value('event'))} {day_written(event.value('date'))}".strip()
        return " · ".join(filter(None, (_programme(event.value("kind")), parties, happened)))
    main = [name.name for name in FACTS[event.type] if name.main]
    return " · ".join(
        ", ".join(fact_value(name, value) for value in event.values(name))
        for name in main
        if event.values(name)
    )


def rule_view(code: str) -> dict[str, str]:
    """A rule by its code: its plain sentence and where it is explained."""
    rule = rule_of(code)
    says = translated(rule.says) if rule else {"says": "", "lang": ""}
    return {"code": code, "url": f"{reverse('newsfeed:rules')}#{code}", **says}


def piece_views(pieces: Iterable[Piece], tags: dict[int, str]) -> list[dict[str, Any]]:
    """Pieces with the colour of their first event, and its tag where its sentence begins."""
    return [
        {
            "text": piece.text,
            "events": piece.events,
            "fact": piece.fact,
            "tone": (piece.events[0] - 1) % TONES + 1 if piece.events else 0,
            "tags": [tags[number] for number in piece.begins if number in tags],
        }
        for piece in pieces
    ]


def excerpt_views(release: ReleaseRecord, event: AnnouncedEvent) -> list[dict[str, Any]]:
    """The paragraphs of the release from which an event was read, its words marked."""
    article = release.article
    found: tuple[Excerpt, ...] = excerpts(article.text, article.blocks, marks_of((event,)))
    return [
        {
            "pieces": piece_views(each.pieces, {}),
            "cut_before": each.cut_before,
            "cut_after": each.cut_after,
        }
        for each in found
    ]


def text_view(article: Article, events: Sequence[AnnouncedEvent]) -> list[dict[str, Any]]:
    """The whole text, paragraph by paragraph, every event marked, numbered and named."""
    tags = {n: f"{n} {type_words(event.type)}" for n, event in enumerate(events, start=1)}
    marks = marks_of(events)
    return [
        {
            "kind": block.kind.value,
            "pieces": piece_views(
                pieces_of(article.text, _within(marks, block), block.start, block.end), tags
            ),
        }
        for block in article.blocks
    ]


def _within(marks: Iterable[Mark], block: Block) -> list[Mark]:
    return [mark for mark in marks if mark.start < block.end and mark.end > block.start]


def origin_view(article: Article, source: str) -> dict[str, Any]:
    """Where a release is from, as the `origin` include shows it."""
    return {
        "title": article.title or gettext("Release without a title"),
        "source": source,
        "publisher": party(article.publisher),
        "published": article.published,
        "licence": article.licence,
        "link": safe_link(article.link),
        "language": article.language,
    }


def release_view(release: ReleaseRecord) -> dict[str, Any]:
    """A kept release, its place and its origin."""
    return {
        "reference": release.reference,
        "url": reverse("newsfeed:release", args=[release.reference]),
        "edition": release.edition,
        "handed_in_by": release.handed_in_by,
        **origin_view(release.article, release.source_title),
    }


def event_view(number: int, event: AnnouncedEvent) -> dict[str, Any]:
    """One announced event with its facts and its rule."""
    return {
        "number": number,
        "tone": (number - 1) % TONES + 1,
        "type": type_words(event.type),
        "headline": headline(event),
        "rule": rule_view(event.rule),
        "confidence": confidence_sign(event.confidence),
        "facts": fact_rows(event),
    }


def outcome_view(record: EventRecord) -> dict[str, str]:
    """What became of an event of a kept release."""
    return {
        "outcome": said(record.outcome),
        "card": record.card,
        "card_url": reverse("newsfeed:proposal", args=[record.card]) if record.card else "",
    }
