# SPDX-License-Identifier: Apache-2.0
"""Announced events of instruments of customs cooperation: what happened, to what, among whom, when.

Sentence by sentence the cues of `rules/instruments.yaml` are tied to the instruments named beside
them (`kinds`), to parties and days (`frames`); the release fills what a sentence leaves out
(`account`), and accounts of one event are joined (`joining`).
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.instruments.account import accounts_of
from comity.newsfeed.extraction.instruments.details import facts_of
from comity.newsfeed.extraction.instruments.joining import joined
from comity.newsfeed.extraction.reading import Reading


def instruments(reading: Reading) -> Iterator[AnnouncedEvent]:
    """Every event of an instrument that the release announces."""
    for event in joined(accounts_of(reading), reading.article.published):
        sentence = reading.sentences[event.best.index].sentence
        yield AnnouncedEvent(
            type=AnnouncementType.INSTRUMENT,
            rule=event.best.rule.code,
            confidence=event.confidence,
            span=reading.span(sentence.start, sentence.end),
            facts=facts_of(event, reading),
        )
