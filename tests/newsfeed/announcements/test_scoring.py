# SPDX-License-Identifier: Apache-2.0
"""The scorer counts what it says it counts: cases small enough to count by hand."""

from __future__ import annotations

from datetime import date

import pytest

from comity.agreements.claim import Confidence
from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType, Fact, Span
from tests.newsfeed.announcements.expectation import Expected, TestAnnouncement, made_article
from tests.newsfeed.announcements.scoring import (
    Count,
    agree,
    errors_of,
    expected_instrument,
    facts_count,
    instrument_count,
    score,
)

SOMEWHERE = Span(0, 4, "text")


def found(
    type_: AnnouncementType = AnnouncementType.INSTRUMENT,
    confidence: Confidence = Confidence.HIGH,
    **facts: str | tuple[str, ...],
) -> AnnouncedEvent:
    values = {k: (v,) if isinstance(v, str) else v for k, v in facts.items()}
    return AnnouncedEvent(
        type_,
        "NWS-000",
        confidence,
        SOMEWHERE,
        tuple(Fact(name, value, SOMEWHERE) for name, some in values.items() for value in some),
    )


def signed(parties: tuple[str, ...], day: str = "", kind: str = "cmaa") -> AnnouncedEvent:
    more = {"date": day} if day else {}
    return found(kind=kind, event="signed", parties=parties, **more)


def of(count: Count) -> tuple[int, int, int, int]:
    return (
        count.true_positive, count.false_positive, count.false_negative, count.true_negative
    )  # fmt: skip


def counted(expected: list[Expected], got: list[AnnouncedEvent], *, with_event: bool = False):
    return of(instrument_count(expected, got, with_event=with_event).count)


def test_an_instrument_is_right_when_kind_parties_and_date_are():
    expected = [expected_instrument("cmaa", "signed", ["US", "FJ"], "2024-05-02")]

    assert counted(expected, [signed(("FJ", "US"), "2024-05-02")]) == (1, 0, 0, 0)
    assert counted(expected, [signed(("FJ", "US"), "2024-05")]) == (0, 1, 1, 0)
    assert counted(expected, [signed(("FJ", "US"))]) == (0, 1, 1, 0)
    assert counted(expected, [signed(("FJ", "NZ"), "2024-05-02")]) == (0, 1, 1, 0)
    assert counted(expected, [signed(("FJ", "US"), "2024-05-02", "mra")]) == (0, 1, 1, 0)


def test_the_same_triple_told_twice_counts_once():
    expected = [expected_instrument("cmaa", "signed", ["US", "FJ"], "2024-05-02")]
    once = signed(("FJ", "US"), "2024-05-02")

    assert counted(expected, [once, once]) == (1, 0, 0, 0)


def test_told_twice_with_and_without_its_date_it_is_once_wrong():
    expected = [expected_instrument("cmaa", "signed", ["US", "FJ"], "2024-05-02")]

    got = [signed(("FJ", "US"), "2024-05-02"), signed(("FJ", "US"))]

    assert counted(expected, got) == (1, 1, 0, 0)


def test_what_happened_counts_only_where_it_is_asked_for():
    expected = [expected_instrument("cmaa", "in-force", ["US", "FJ"], "2024-05-02")]
    got = [signed(("FJ", "US"), "2024-05-02")]

    assert counted(expected, got) == (1, 0, 0, 0)
    assert counted(expected, got, with_event=True) == (0, 1, 1, 0)


def test_nothing_expected_and_nothing_found_is_a_true_negative():
    assert counted([], []) == (0, 0, 0, 1)
    assert counted([], [signed(("FJ", "US"))]) == (0, 1, 0, 0)


def test_what_is_tolerated_counts_nowhere():
    tolerated = [Expected(AnnouncementType.INSTRUMENT, event="planned", tolerated=True)]

    assert counted(tolerated, []) == (0, 0, 0, 1)
    assert counted(tolerated, [found(kind="mra", event="planned", parties="US")]) == (0, 0, 0, 1)
    assert counted(tolerated, [signed(("FJ", "US"))]) == (0, 1, 0, 0)


def test_any_of_several_acceptable_readings_is_right_once():
    expected = [expected_instrument("other|trade-data", "signed", ["US", "FJ"], "2024|2024-05")]

    assert counted(expected, [signed(("FJ", "US"), "2024-05", "trade-data")]) == (1, 0, 0, 0)
    both = [signed(("FJ", "US"), "2024-05", "other"), signed(("FJ", "US"), "2024", "other")]
    assert counted(expected, both) == (1, 1, 0, 0)


def test_each_kind_of_error_has_its_words():
    expected = [
        expected_instrument("cmaa", "signed", ["US", "FJ"], "2024-05-02"),
        expected_instrument("mra", "signed", ["US", "NZ"], "2019", older=True),
    ]
    got = [signed(("FJ", "US"), "2024"), found(kind="csi", event="planned", parties="GR")]

    pairs = instrument_count(expected, got, with_event=False)

    assert list(errors_of(pairs)) == [
        "date: a day taken for a year",
        "signed, older mention, missed altogether",
        "planned found where nothing such is said",
    ]


def seizure(*goods: str, quantities: tuple[str, ...] = (), place: str = "") -> AnnouncedEvent:
    facts: dict[str, str | tuple[str, ...]] = {"goods": goods, "quantities": quantities}
    return found(AnnouncementType.SEIZURE, **facts, **({"place": place} if place else {}))


def expected_seizure() -> Expected:
    facts = {
        "goods": (("cocaine",), ("heroin",)),
        "quantities": (("1,200 kilograms",),),
        "place": (("the port of Harwick", "Harwick"),),
    }
    return Expected(AnnouncementType.SEIZURE, facts=facts)


def test_of_other_types_every_value_of_a_main_fact_counts():
    got = seizure("cocaine", "tobacco", quantities=("1200 kg",), place="Harwick")

    count = facts_count([expected_seizure()], [got], AnnouncementType.SEIZURE)

    # right: cocaine, quantity, place; wrong: tobacco; missed: heroin
    assert of(count) == (3, 1, 1, 0)


def test_an_event_that_is_missed_misses_all_its_main_facts():
    count = facts_count([expected_seizure()], [], AnnouncementType.SEIZURE)

    assert of(count) == (0, 0, 4, 0)


def test_an_event_that_nobody_announced_is_wrong_in_all_its_main_facts():
    got = seizure("cigarettes", quantities=("20 cartons",), place="Greyford")

    assert of(facts_count([], [got], AnnouncementType.SEIZURE)) == (0, 3, 0, 0)
    expected = [expected_seizure()]
    assert of(facts_count(expected, [got], AnnouncementType.SEIZURE)) == (0, 3, 4, 0)


def test_facts_that_are_not_main_ones_do_not_count():
    got = found(AnnouncementType.VISIT, visitor="Ada Northwood", place="Suva", host="somebody")
    facts = {"visitor": (("Ada Northwood",),), "place": (("Suva", "FJ"),)}

    count = facts_count([Expected(AnnouncementType.VISIT, facts=facts)], [got], got.type)

    assert of(count) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "expected", "got"),
    [
        ("goods", "cigarettes", "undeclared cigarettes"),
        ("place", "the port of Harwick", "Port of Harwick"),
        ("post", "Director General of Customs", "director-general of customs"),
        ("objects", "une tête de marbre", "tete de marbre"),
        ("quantities", "86 400 unités", "86400"),
        ("quantities", "86.400 unidades", "86,400"),
        ("quantities", "1.2 million pieces", "1,200,000"),
        ("quantities", "3,4 tonnes", "3.4 t"),
        ("figures", "12,750 refugees", "12750 people"),
        ("hours", "08:00-20:00", "08:00-20:00"),
        ("port", "Alder Creek crossing", "Alder Creek port of entry"),
    ],
)
def test_values_that_say_the_same_agree(name: str, expected: str, got: str):
    assert agree(name, expected, got)


@pytest.mark.parametrize(
    ("name", "expected", "got"),
    [
        ("goods", "cigarettes", "cigars"),
        ("goods", "ivory", "a great many other things and somewhere among them ivory"),
        ("place", "the port of Harwick", "the port of Eastmouth and Sandhaven terminal"),
        ("quantities", "120 kilograms", "12 kilograms"),
        ("date", "2024-05-02", "2024-05"),
        ("hours", "08:00-20:00", "08:00-22:00"),
        ("post", "Commissioner", ""),
        ("port", "Alder Creek crossing", "Greyford crossing"),
    ],
)
def test_values_that_say_something_else_do_not_agree(name: str, expected: str, got: str):
    assert not agree(name, expected, got)


def announcement(language: str, *expected: Expected) -> TestAnnouncement:
    article = made_article("T-1", "Title", (), language=language, published=date(2024, 5, 2))
    return TestAnnouncement("T-1", language, "note", article, expected)


def test_a_set_is_scored_by_language_type_and_confidence():
    right = expected_instrument("cmaa", "signed", ["US", "FJ"], "2024-05-02")
    older = expected_instrument("mra", "signed", ["US", "FJ"], "2002", older=True)
    announcements = [
        announcement("en", right, older),
        announcement("fr", expected_seizure()),
        announcement("es"),
    ]
    low = found(
        confidence=Confidence.LOW, kind="mra", event="signed", parties=("FJ", "US"), date="2002"
    )
    answers = {
        "en": (signed(("FJ", "US"), "2024-05-02"), low),
        "fr": (seizure("cocaine"),),
        "es": (signed(("PE", "US"), "2024"),),
    }

    result = score(announcements, lambda one: answers[one.language])

    assert of(result.instruments["en"]) == (2, 0, 0, 0)
    assert of(result.instruments["fr"]) == (0, 0, 0, 1)
    assert of(result.instruments["es"]) == (0, 1, 0, 0)
    assert of(result.all_instruments) == (2, 1, 0, 1)
    assert of(result.others["fr", AnnouncementType.SEIZURE]) == (1, 0, 3, 0)
    assert result.confidences == {("high", True): 1, ("low", True): 1, ("high", False): 1}
    assert (result.older["low"], result.older["missed"]) == (1, 0)


def test_precision_and_recall_are_shares_of_what_was_found_and_of_what_should_be():
    count = Count(true_positive=3, false_positive=1, false_negative=3)

    assert (count.precision, count.recall) == (0.75, 0.5)
    assert (Count().precision, Count().recall) == (1.0, 1.0)
