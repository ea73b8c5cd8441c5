# SPDX-License-Identifier: Apache-2.0
"""Instruments announced in made-up releases of three languages, and the facts beside them.

The releases stand in `instruments_<language>.yaml`. They were written together with the rules:
how good the rules are on announcements never seen is measured elsewhere.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from comity.agreements.claim import Confidence
from comity.newsfeed.announcement import AnnouncedEvent
from comity.newsfeed.article import Article, BlockKind, article_of
from comity.newsfeed.extraction.instruments import instruments
from comity.newsfeed.extraction.reading import reading_of

PUBLISHED = date(2024, 3, 15)
HERE = Path(__file__).parent


def releases(language: str) -> list[Any]:
    return list(yaml.safe_load((HERE / f"instruments_{language}.yaml").read_text())["releases"])


def article(release: dict[str, Any]) -> Article:
    blocks = tuple(
        (BlockKind.LIST_ITEM, line[2:]) if line.startswith("- ") else (BlockKind.PARAGRAPH, line)
        for line in release["text"].splitlines()
    )
    return article_of(
        release.get("title", ""),
        blocks,
        published=release.get("published", PUBLISHED),
        publisher=release.get("publisher", ""),
        language=release.get("language", ""),
    )


def found_in(release: dict[str, Any]) -> list[AnnouncedEvent]:
    return list(instruments(reading_of(article(release))))


def told(event: AnnouncedEvent) -> str:
    words = (
        event.value("kind"),
        event.value("event"),
        "-".join(event.values("parties")),
        event.value("date"),
    )
    return " ".join(word for word in words if word)


EVERY_RELEASE = [
    pytest.param(release, id=f"{language}-{number}")
    for language in ("en", "fr", "es")
    for number, release in enumerate(releases(language), start=1)
]


@pytest.mark.parametrize("release", EVERY_RELEASE)
def test_a_release_announces_what_its_reader_would_say(release: dict[str, Any]) -> None:
    assert sorted(told(event) for event in found_in(release)) == sorted(release["gives"])


@pytest.mark.parametrize("release", EVERY_RELEASE)
def test_every_fact_stands_in_the_text(release: dict[str, Any]) -> None:
    text = article(release).text
    for event in found_in(release):
        for fact in event.facts:
            assert fact.value
            assert text[fact.span.start : fact.span.end] == fact.span.text != ""


def test_there_are_releases_enough_in_every_language() -> None:
    assert {language: len(releases(language)) >= 60 for language in ("en", "fr", "es")} == {
        "en": True,
        "fr": True,
        "es": True,
    }


def one(text: str, *, title: str = "", publisher: str = "") -> AnnouncedEvent:
    (event,) = found_in({"title": title, "text": text, "publisher": publisher})
    return event


def test_the_signatories_place_and_occasion_are_read_beside_the_signature() -> None:
    event = one(
        "Customs Commissioner Alex North signed a Customs Mutual Assistance Agreement (CMAA) with "
        "Cabo Verde today during the Atlantic Trade Conference in Lisbon.",
        publisher="US",
    )

    assert event.value("title") == "Customs Mutual Assistance Agreement (CMAA)"
    assert event.value("occasion") == "Atlantic Trade Conference"
    assert event.value("place") == "Lisbon"
    assert "Alex North" in event.value("signatories")


def test_an_ordinal_and_a_count_belong_to_the_signature_they_stand_beside() -> None:
    event = one(
        "CBP today announced the signature of a Customs Mutual Assistance Agreement with Oman. "
        "It is the 65th agreement of its kind. The United States now has 65 CMAAs in all."
    )

    assert event.value("ordinal") == "65th"
    assert event.value("count") == "65"


def test_what_a_release_looks_back_on_is_less_certain_than_its_news() -> None:
    events = found_in(
        {
            "text": "CBP and Receita Federal do Brasil today signed an AEO Mutual Recognition "
            "Arrangement.\nThe United States and Brazil first signed a Customs Mutual Assistance "
            "Agreement in 2002."
        }
    )

    confidence = {event.value("kind"): event.confidence for event in events}
    assert confidence == {"mra": Confidence.HIGH, "cmaa": Confidence.MEDIUM}


def test_two_days_for_one_signature_stay_side_by_side_with_less_confidence() -> None:
    events = found_in(
        {
            "text": "Chile and Peru signed a customs mutual assistance agreement on 4 March 2024.\n"
            "The customs mutual assistance agreement between Chile and Peru was signed on "
            "6 March 2024 in Lima."
        }
    )

    assert [event.value("date") for event in events] == ["2024-03-06", "2024-03-04"]
    assert {event.confidence for event in events} == {Confidence.MEDIUM}


@pytest.mark.parametrize(
    ("follows", "status"),
    [
        ("Once entered into force, it will let both exchange data.", "Once entered into force"),
        ("Une fois entré en vigueur, il permettra des échanges.", "Une fois entré en vigueur"),
        ("El acuerdo entrará en vigor una vez ratificado.", "entrará en vigor una vez"),
        ("It is the ninth of its kind.", ""),
    ],
)
def test_what_is_missing_before_force_is_told_in_the_words_of_the_release(
    follows: str, status: str
) -> None:
    (event,) = found_in(
        {
            "text": "Chile and Peru signed a customs mutual assistance agreement on 4 March 2024.\n"
            + follows
        }
    )

    assert event.value("status") == status


@pytest.mark.slow
def test_hostile_repetition_is_read_in_a_moment() -> None:
    text = "signed an agreement with Chile and " * 4000

    assert len(found_in({"text": text})) <= 1
