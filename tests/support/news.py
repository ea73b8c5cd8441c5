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


# Releases that nobody issued, each with what it announces

VANUATU = release(
    "New arrangement with Vanuatu",
    "PORT VILA — The United States and Vanuatu signed a mutual recognition arrangement "
    "on 26 February 2026. Both sides welcomed it.",
    "Notes for editors follow.",
    licence="Open Northland licence",
)
SIGNED_WITH_VANUATU = signature(
    VANUATU,
    "The United States and Vanuatu signed a mutual recognition arrangement on 26 February 2026.",
    parties=(("US", "The United States"), ("VU", "Vanuatu")),
    day=("2026-02-26", "26 February 2026"),
    kind=("mra", "mutual recognition arrangement"),
)
UZBEKISTAN = release(
    "Agreement with Uzbekistan",
    "The United States and Uzbekistan signed an agreement on 11 October 2024.",
)
SIGNED_WITH_UZBEKISTAN = signature(
    UZBEKISTAN,
    UZBEKISTAN.text.partition("\n")[2],
    parties=(("US", "The United States"), ("UZ", "Uzbekistan signed")),
    day=("2024-10-11", "11 October 2024"),
)


def arrangement_with(code: str, name: str) -> tuple[Article, AnnouncedEvent]:
    """A mutual recognition arrangement signed with this country."""
    article = release(
        f"Customs of the United States and {name} recognise each other's traders",
        f"Today, after two years of joint validation visits, the United States and {name} signed "
        "a mutual recognition arrangement. Traders of both sides pass borders faster.",
        link=f"https://press.northland.example/2026/{code.lower()}",
        licence="Open Northland licence",
    )
    event = signature(
        article,
        f"the United States and {name} signed a mutual recognition arrangement.",
        parties=(("US", "the United States and"), (code, f"{name} signed")),
        day=("2026-02-27", "Today"),
        kind=("mra", "mutual recognition arrangement"),
    )
    return article, event


def busy_month() -> tuple[Article, tuple[AnnouncedEvent, ...]]:
    """One release that announces things of several types, two of them in one sentence."""
    article = release(
        "A busy month for customs",
        "The United States signed joint work plans with Fiji and Samoa on 20 February 2026.",
        "Officers seized 120 kg of cocaine in Northhaven. The port of Northhaven opens from "
        "08:00 to 20:00 as of 1 March 2026.",
        "For more news follow us.",
    )
    both, kind = article.text.split("\n")[1], ("jwp", "joint work plans")
    day = ("2026-02-20", "20 February 2026")
    us, fiji, samoa = ("US", "The United States"), ("FJ", "Fiji"), ("WS", "Samoa")
    seizure = announced(
        article,
        "Officers seized 120 kg of cocaine in Northhaven.",
        {
            "goods": ("cocaine", "cocaine"),
            "quantities": ("120 kg", "120 kg"),
            "place": ("Northhaven", "Northhaven"),
        },
        type_=AnnouncementType.SEIZURE,
        rule="NWS-300",
        confidence=Confidence.MEDIUM,
    )
    hours = announced(
        article,
        "The port of Northhaven opens from 08:00 to 20:00 as of 1 March 2026.",
        {
            "port": ("Northhaven", "port of Northhaven"),
            "hours": ("08:00-20:00", "from 08:00 to 20:00"),
            "effective": ("2026-03-01", "1 March 2026"),
        },
        type_=AnnouncementType.PORT_HOURS,
        rule="NWS-600",
    )
    signed = (
        signature(article, both, parties=(us, fiji), day=day, kind=kind),
        signature(article, both, parties=(us, samoa), day=day, kind=kind),
    )
    return article, (*signed, seizure, hours)
