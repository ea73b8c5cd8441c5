# SPDX-License-Identifier: Apache-2.0
"""The simplest reader that could work, to see how much the sets ask for.

A paragraph with a word for an instrument, a word for signing or force, and two countries is taken
for an announcement, of the first whole date in it, else of the day of publication. Whatever
extraction finds more, or wrongly less, its rules have earned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from comity.agreements.claim import Confidence
from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType, Fact, Span
from comity.newsfeed.article import BlockKind
from tests.newsfeed.announcements.expectation import TestAnnouncement
from tests.newsfeed.announcements.words import MONTHS, countries

KINDS = {
    "jwp": r"work plan|plan de travail|plan de trabajo",
    "mra": r"mutual recognition|reconnaissance mutuelle|reconocimiento mutuo",
    "csi": r"container security|sécurité des conteneurs|seguridad de (?:los )?contenedores",
    "cmaa": r"mutual (?:administrative )?assistance|assistance (?:administrative )?mutuelle|"
    r"asistencia (?:administrativa )?mutua",
    "other": r"memorandum|protocole|memor[aá]n",
}
SIGNING = r"sign|conclu|inked|firm|suscr"
FORCE = r"into force|took effect|in force|en vigueur|en vigor"


def keywords_found(announcement: TestAnnouncement) -> tuple[AnnouncedEvent, ...]:
    """An event for each paragraph that has the three sorts of words."""
    return tuple(_events(announcement))


def _events(announcement: TestAnnouncement) -> Iterator[AnnouncedEvent]:
    article = announcement.article
    for block in article.blocks:
        if block.kind is BlockKind.BOILERPLATE:
            continue
        text = article.text_of(block)
        plain = text.casefold()
        kind = next((kind for kind, words in KINDS.items() if re.search(words, plain)), "")
        event = "in-force" if re.search(FORCE, plain) else ""
        event = event or ("signed" if re.search(SIGNING, plain) else "")
        parties = sorted(code for code, name in _names(announcement.language) if name in plain)
        if kind and event and len(parties) >= 2 and article.published:
            span = Span(block.start, block.end, text)
            values = [("kind", kind), ("event", event), ("date", _day(plain, announcement))]
            values += [("parties", code) for code in parties]
            facts = tuple(Fact(name, value, span) for name, value in values)
            type_ = AnnouncementType.INSTRUMENT
            yield AnnouncedEvent(type_, "NWS-000", Confidence.LOW, span, facts)


def _day(text: str, announcement: TestAnnouncement) -> str:
    months = [month.casefold() for month in MONTHS[announcement.language]]
    names = "|".join(months)
    written = (
        rf"(?P<d>\d{{1,2}})(?:er)? (?:de )?(?P<m>{names}) (?:del? )?(?P<y>\d{{4}})",
        rf"(?P<m>{names}) (?P<d>\d{{1,2}}), (?P<y>\d{{4}})",
    )
    for pattern in written:
        if found := re.search(pattern, text):
            month = months.index(found["m"]) + 1
            return f"{found['y']}-{month:02}-{int(found['d']):02}"
    return announcement.article.published.isoformat() if announcement.article.published else ""


@cache
def _names(language: str) -> tuple[tuple[str, str], ...]:
    bare = re.compile(r"^(?:the|le|la|les|el|los) |^l'")
    return tuple(
        (code, bare.sub("", one.name.casefold())) for code, one in countries(language).items()
    )
