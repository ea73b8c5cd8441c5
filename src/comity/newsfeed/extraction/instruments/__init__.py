# SPDX-License-Identifier: Apache-2.0
"""Announced events of instruments of customs cooperation: what happened, to what, among whom, when.

Sentence by sentence the cues of `rules/instruments.yaml` are tied to the instruments named beside
them (`kinds`), to parties and days (`frames`); the release fills what a sentence leaves out
(`account`), and accounts of one event are joined (`joining`).
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.instruments.account import Count, read
from comity.newsfeed.extraction.instruments.details import facts_of, facts_of_count
from comity.newsfeed.extraction.instruments.joining import joined
from comity.newsfeed.extraction.instruments.words import COUNTED, rule_of
from comity.newsfeed.extraction.reading import Reading


def instruments(reading: Reading) -> Iterator[AnnouncedEvent]:
    """Every event of an instrument that the release announces."""
    told = read(reading)
    events = joined(told.accounts, reading.article.published)
    for event in events:
        sentence = reading.sentences[event.best.index].sentence
        yield AnnouncedEvent(
            type=AnnouncementType.INSTRUMENT,
            rule=event.best.rule.code,
            confidence=event.confidence,
            span=reading.span(sentence.start, sentence.end),
            facts=facts_of(event, told, reading),
        )
    for count in told.counts:
        if not events:
            yield counted(count, reading)


def counted(count: Count, reading: Reading) -> AnnouncedEvent:
    """Only a number of such instruments is given."""
    sentence = reading.sentences[count.index].sentence
    return AnnouncedEvent(
        type=AnnouncementType.INSTRUMENT,
        rule=COUNTED,
        confidence=rule_of(COUNTED).confidence,
        span=reading.span(sentence.start, sentence.end),
        facts=facts_of_count(count, reading),
    )
