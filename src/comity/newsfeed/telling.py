# SPDX-License-Identifier: Apache-2.0
"""What releases announce, told to a person in sentences with their evidence, or to a program.

The words that an announcement was read from stand between brackets in the paragraph that has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill, shorten
from typing import Any

from comity import clock
from comity.agreements.claim import Confidence, Event
from comity.agreements.instrument_files import load_register
from comity.agreements.register import Register
from comity.catalogues import N_, said, translate
from comity.newsfeed.announcement import (
    FACTS,
    TYPE_WORDS,
    AnnouncedEvent,
    Announcement,
    AnnouncementType,
    as_document,
)
from comity.newsfeed.article import Article
from comity.newsfeed.feed import Feed
from comity.newsfeed.formats.received import NOTE_WORDS, Note
from comity.newsfeed.marked_text import Mark, excerpts
from comity.newsfeed.proposal import (
    FORCE,
    Change,
    ChangeKind,
    NothingToPropose,
    proposed_change,
)
from comity.newsfeed.sayings import (
    Saying,
    day_words,
    event_words,
    party_words,
    programme_words,
)

CONFIDENCES: dict[Confidence, str] = {
    Confidence.HIGH: N_("high confidence"),
    Confidence.MEDIUM: N_("medium confidence"),
    Confidence.LOW: N_("low confidence"),
    Confidence.UNVERIFIED: N_("unverified"),
}
INSTRUMENT = N_("{kind}, {parties}: {event}, {date}.")
OTHER = N_("{type}: {facts}.")
RULE = N_("Rule {rule}, {confidence}.")
LICENCE = N_("Terms of use: {licence}")
IN_THE_REGISTER = N_("In the register: {day}, {confidence}, by {source}")
NO_EVENTS = N_("Announces nothing that is looked for.")
LEFT_OUT = N_("Item {item}: {reason}.")
ON_THE_WHOLE = N_("{reason}.")
SEVERAL_LEFT_OUT = N_("From item {item} on, {count} items: {reason}.")
NOTHING_READ = N_("No release could be read from it.")

OF_PARTIES = frozenset(("parties", "recipient", "located_in", "returned_to", "nationality"))
"""Facts whose values are codes of countries or unions."""
MADE_INTO_A_SENTENCE = frozenset(("kind", "event", "parties", "date"))
_MARGIN = re.compile(r"\s*(?:\d+\. )?")
AROUND = 60
"""Characters of the paragraph that are shown on either side of the evidence."""


def as_json(
    source: str,
    feed: Feed,
    announcements: Sequence[Announcement],
    *,
    language: str = "en",
    compare: bool = False,
) -> dict[str, Any]:
    """A document with its announcements, and with what was left out of it."""
    documents = [as_document(announcement) for announcement in announcements]
    if compare:
        register = load_register()
        for document, announcement in zip(documents, announcements, strict=True):
            for event, found in zip(document["events"], announcement.events, strict=True):
                event["change"] = _change(found, announcement.article, register, language)
    return {
        "source": source,
        "format": feed.format.value,
        "title": feed.title or None,
        "licence": feed.licence or None,
        "count": len(documents),
        "announcements": documents,
        "left_out": [_note(note) for note in feed.left_out],
        "notes": [_note(note) for note in feed.notes if not note.left_out],
    }


def told(
    feed: Feed,
    announcements: Sequence[Announcement],
    *,
    language: str = "en",
    compare: bool = False,
    width: int = 100,
) -> str:
    """Every release with what it announces, one below the other."""
    register = load_register() if compare else None
    parts = [_filled(_release(each, language, register), width) for each in announcements]
    parts = parts or [translate(NOTHING_READ, language)]
    notes = [_said_note(note, language) for note in feed.notes]
    return "\n\n".join([*parts, *(["\n".join(notes)] if notes else [])])


def sentence_of(event: AnnouncedEvent, language: str = "en") -> str:
    """What is announced, in one sentence made of its main facts."""
    if event.type is AnnouncementType.INSTRUMENT:
        return translate(INSTRUMENT, language).format(
            kind=programme_words(event.value("kind"), language) if event.value("kind") else "?",
            parties="–".join(party_words(code, language) for code in event.values("parties")),
            event=event_words(event.value("event"), language),
            date=day_words(event.value("date"), language),
        )
    main = [
        _fact(event, each.name, each.words, language) for each in FACTS[event.type] if each.main
    ]
    words = translate(TYPE_WORDS[event.type], language)
    return translate(OTHER, language).format(type=words, facts="; ".join(filter(None, main)))


def _release(announcement: Announcement, language: str, register: Register | None) -> Iterator[str]:
    article = announcement.article
    yield article.title or shorten(article.text, AROUND * 2, placeholder=" …") or article.guid
    day = article.published.isoformat() if article.published else ""
    publisher = party_words(article.publisher, language) if article.publisher else ""
    yield "  " + " · ".join(filter(None, (day, publisher, article.language, article.guid)))
    if article.licence:
        yield "  " + translate(LICENCE, language).format(licence=article.licence)
    if not announcement.events:
        yield "  " + translate(NO_EVENTS, language)
    for number, event in enumerate(announcement.events, start=1):
        yield f"  {number}. {sentence_of(event, language)}"
        yield from ("     " + line for line in _about(event, article, language))
        if register is not None:
            change = proposed_change(event, article, register, read_on=clock.today())
            yield f"     > {change.why.said(language)}"
            yield from (f"       {line}" for line in _weighed(change, language))


def _weighed(change: Change | NothingToPropose, language: str) -> Iterator[str]:
    """What speaks against the change, and what whoever decides should know."""
    if not isinstance(change, Change):
        return
    if change.kind is ChangeKind.CONFLICT:
        for side in change.against:
            trust = translate(CONFIDENCES[Confidence(side.confidence)], language)
            facts = {"day": day_words(side.date, language), "source": side.source}
            yield said(IN_THE_REGISTER, facts | {"confidence": trust}, language)
    for note in change.notes:
        if note.code != "announced-only" or Event(change.ours.event) in FORCE:
            yield note.said(language)


def _filled(lines: Iterable[str], width: int) -> str:
    """The lines within this width; what is broken off stands as far in as its line."""
    return "\n".join(
        fill(
            line,
            width,
            subsequent_indent=" " * len(_MARGIN.match(line)[0]),  # type: ignore[index]  # always fits
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines
    )


def _about(event: AnnouncedEvent, article: Article, language: str) -> Iterator[str]:
    """The further facts, the rule, the evidence."""
    for fact in FACTS[event.type]:
        in_sentence = fact.name in MADE_INTO_A_SENTENCE
        if in_sentence if event.type is AnnouncementType.INSTRUMENT else fact.main:
            continue
        words = _fact(event, fact.name, fact.words, language)
        if words:
            yield words
    confidence = translate(CONFIDENCES.get(event.confidence, event.confidence.value), language)
    yield translate(RULE, language).format(rule=event.rule, confidence=confidence)
    yield from _evidence(event, article)


def _fact(event: AnnouncedEvent, name: str, words: str, language: str) -> str:
    values = event.values(name)
    if name in OF_PARTIES:
        values = tuple(party_words(value, language) for value in values)
    between = ", " if name in OF_PARTIES else "; "
    return f"{translate(words, language)}: {between.join(values)}" if values else ""


def _evidence(event: AnnouncedEvent, article: Article) -> Iterator[str]:
    """The paragraph around the words of the event, those words in brackets."""
    mark = Mark(event.span.start, event.span.end, 1)
    for excerpt in excerpts(article.text, article.blocks, [mark], AROUND):
        line = "".join(f"[{p.text}]" if p.events else p.text for p in excerpt.pieces)
        before, after = "… " * excerpt.cut_before, " …" * excerpt.cut_after
        yield f"{before}{line}{after}"


def _change(
    event: AnnouncedEvent, article: Article, register: Register, language: str
) -> dict[str, Any]:
    """What the event would change in the register."""
    change: Change | NothingToPropose = proposed_change(
        event, article, register, read_on=clock.today()
    )
    kind = change.kind.value if isinstance(change, Change) else None
    return {
        "kind": kind,
        "instrument": change.instrument or None,
        "code": change.why.code,
        "sentence": change.why.said(language),
        "confidence": change.ours.confidence if isinstance(change, Change) else None,
        "notes": [{"code": note.code, "sentence": note.said(language)} for note in _notes(change)],
        "against": [
            {"date": side.date or None, "confidence": side.confidence, "source": side.source}
            for side in _sides(change)
        ],
    }


def _sides(change: Change | NothingToPropose) -> Iterable[Any]:
    return change.against if isinstance(change, Change) else ()


def _notes(change: Change | NothingToPropose) -> Iterable[Saying]:
    return change.notes if isinstance(change, Change) else ()


def _note(note: Note) -> dict[str, Any]:
    return {
        "reason": note.reason.value,
        "item": note.item or None,
        "guid": note.guid or None,
        "count": note.count,
    }


def _said_note(note: Note, language: str) -> str:
    reason = translate(NOTE_WORDS[note.reason], language)
    text = ON_THE_WHOLE if not note.item else SEVERAL_LEFT_OUT if note.count > 1 else LEFT_OUT
    return translate(text, language).format(item=note.item, count=note.count, reason=reason)
