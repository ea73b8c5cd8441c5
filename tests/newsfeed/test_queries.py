# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.accounts.permissions import Role
from comity.agreements.records import ProposalState
from comity.newsfeed import queries, services
from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.proposal import CHANGES, NOTHING, ClaimSide
from comity.newsfeed.records import ArchiveSearch, SourceState, UnknownNewsRecordError
from comity.newsfeed.sayings import Saying
from comity.newsfeed.stored import (
    blocks_of,
    event_of,
    saying_of,
    side_of_stored,
    stored_blocks,
    stored_event,
    stored_saying,
    stored_side,
)
from tests.support.exercise_news import MONDAY, TUESDAY, event, release

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db,
    pytest.mark.usefixtures("exercises", "shipped_register"),
]

NORTH, SOUTH = "exercise-north", "exercise-south"


def found(**search: object) -> list[str]:
    return [row.title for row in queries.releases(ArchiveSearch(**search)).rows]


@pytest.fixture
def archive(sources):
    services.take_in(
        [
            release(
                "Officers signed the agreements.", "EXERCISE mra signed FJ,US 2025-06-01",
                guid="one", title="Signature", published=date(2026, 1, 10),
            ),
            release(
                "Une délégation visite les douanes.", "VISIT Suva",
                guid="two", title="Visite", language="fr", published=date(2026, 2, 10),
                publisher="FR",
            ),
            release(
                "Los acuerdos fueron firmados.", guid="three", title="Firma", language="es",
                published=date(2026, 3, 10),
            ),
        ],
        NORTH,
        MONDAY,
    )  # fmt: skip
    services.take_in(
        [release("Wörter ohne Wörterbuch.", guid="four", title="Anderes", language="fi")],
        SOUTH,
        TUESDAY,
    )


def test_the_archive_is_listed_newest_first_and_paged_both_ways(sources):
    many = [
        release("Words.", guid=f"n-{n}", title=f"Release {n}",
                published=date(2026, 1, 1) + timedelta(n))
        for n in range(7)
    ]  # fmt: skip
    services.take_in(many, NORTH, MONDAY)

    first = queries.releases(size=3)
    second = queries.releases(size=3, after=first.older)
    third = queries.releases(size=3, after=second.older)

    titles = [row.title for page in (first, second, third) for row in page.rows]
    assert titles == [f"Release {n}" for n in reversed(range(7))]
    assert (first.newer, third.older) == ("", "")
    assert queries.releases(size=3, before=third.newer).rows == second.rows


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("agreement", ["Signature"]),
        ("signing agreements", ["Signature"]),
        ("délégations", ["Visite"]),
        ("acuerdo firmado", ["Firma"]),
        ("wörterbuch", ["Anderes"]),
        ('"signed the agreements"', ["Signature"]),
        ("signed -agreements", []),
        ("signature or firma", ["Firma", "Signature"]),
        ("nobody wrote this", []),
        ("null\0character", []),
        ("' & | ! :* <->", []),
    ],
)
def test_words_are_found_in_the_language_of_the_text(archive, words, titles):
    assert found(words=words) == titles


def test_the_archive_is_narrowed_by_type_country_source_and_day(archive):
    assert found(type=AnnouncementType.INSTRUMENT) == ["Signature"]
    assert found(type=AnnouncementType.VISIT) == ["Visite"]
    assert found(country="FJ") == ["Signature"]
    assert found(country="FR") == ["Visite"]
    assert found(source=SOUTH) == ["Anderes"]
    assert found(since=date(2026, 2, 1), until=date(2026, 2, 28)) == ["Visite"]
    assert found(words="agreements", country="FR") == []


def test_a_list_shows_what_a_release_is_about(archive):
    (row,) = queries.releases(ArchiveSearch(type=AnnouncementType.INSTRUMENT)).rows

    assert row.types == (AnnouncementType.INSTRUMENT,)
    assert row.countries == ("FJ", "US")
    assert (row.events, row.edition, row.source) == (1, 1, NORTH)


def test_only_the_latest_edition_is_listed_and_found(archive):
    services.take_in(
        [release("Withdrawn.", guid="one", title="Signature", published=date(2026, 1, 10))],
        NORTH,
        TUESDAY,
    )

    assert found(words="agreements") == []
    assert found(type=AnnouncementType.INSTRUMENT) == []
    assert found(words="withdrawn") == ["Signature"]


def test_what_is_not_there_is_said(sources):
    for asked in (
        lambda: queries.release("REL-99999"),
        lambda: queries.card("NPR-99999"),
        lambda: queries.public_change("PUB-99999"),
        lambda: queries.source("nobody-there"),
    ):
        with pytest.raises(UnknownNewsRecordError):
            asked()


def test_the_first_edition_differs_from_nothing(archive):
    assert queries.release_difference(queries.releases().rows[0].reference) is None


def test_cards_are_narrowed_by_state_and_source(archive, officer):
    services.take_in(
        [release("EXERCISE cmaa signed TO,US 2025-01-01", guid="five")], SOUTH, TUESDAY
    )
    second, first = queries.cards().rows
    by = officer(Role.UNIT_HEAD)
    services.reject(first.reference, reason="No.", version=None, by=by, at=TUESDAY)

    assert queries.cards(state=ProposalState.OPEN).rows == (second,)
    rejected = queries.cards(state=ProposalState.REJECTED).rows
    assert [card.reference for card in rejected] == [first.reference]
    assert [card.reference for card in queries.cards(source=SOUTH).rows] == [second.reference]
    assert queries.cards(size=1).older == second.reference
    assert queries.cards_waiting() == 1


def test_a_page_of_cards_takes_a_fixed_number_of_queries(sources, django_assert_max_num_queries):
    lines = [f"EXERCISE cmaa signed {code},US 2025-01-01" for code in ("FJ", "TO", "WS", "VU")]
    services.take_in([release(line, guid=f"g-{n}") for n, line in enumerate(lines)], NORTH, MONDAY)

    with django_assert_max_num_queries(10):
        assert len(queries.cards().rows) == 4


def test_the_health_of_the_newsfeed_in_one_line(archive):
    services.take_in(
        [release("EXERCISE cmaa signed TO,US 2025-01-01", guid="five")], SOUTH, TUESDAY
    )

    health = queries.news_health()

    assert (health.active, health.failing, health.releases, health.open_cards) == (2, 0, 5, 2)
    assert health.states[SourceState.NEVER_READ] == 2
    assert {s.code: s.releases for s in queries.sources() if s.active} == {NORTH: 3, SOUTH: 2}


# What is kept comes back as it was


DAYS = st.sampled_from(["", " 2025", " 2025-06", " 2025-06-01"])


@given(st.sampled_from(["cmaa", "mra"]), DAYS, st.sampled_from(["high", "medium", "low"]))
def test_an_event_comes_back_as_it_was_stored(kind, day, trust):
    told = event(f"{kind} signed FJ,US{day} {trust}")

    assert event_of(stored_event(told)) == told


@given(st.sampled_from(sorted(CHANGES | NOTHING)))
def test_a_sentence_is_kept_by_its_code(code):
    said = Saying(code, (CHANGES | NOTHING)[code], {"card": "NPR-00001"})

    assert "text" not in stored_saying(said)
    assert saying_of(stored_saying(said)) == said


def test_a_sentence_of_no_table_is_kept_whole():
    said = Saying("elsewhere", "Taken by {whom}.", {"whom": "us"})

    assert saying_of(stored_saying(said)) == said


def test_a_side_and_the_blocks_of_a_text_come_back():
    side = ClaimSide("us-fj-2020", "signed", "2020", "high", "Gazette", "", date(2026, 1, 1))

    assert side_of_stored(stored_side(side)) == side
    undated = replace(side, recorded_on=None)
    assert side_of_stored(stored_side(undated)) == undated
    blocks = release("One.", "Two.").blocks
    assert blocks_of(stored_blocks(blocks)) == blocks
