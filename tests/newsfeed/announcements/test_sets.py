# SPDX-License-Identifier: Apache-2.0
"""The two sets are what their description says: large, in three languages, the same every time."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from comity.newsfeed.announcement import FACTS, AnnouncementType
from comity.reference.taxonomy import Programme
from tests.newsfeed.announcements.by_hand import by_hand
from tests.newsfeed.announcements.expectation import TestAnnouncement
from tests.newsfeed.announcements.filling import SLOT, grammar, instrument_skeletons
from tests.newsfeed.announcements.generation import generated
from tests.newsfeed.announcements.words import LANGUAGES, countries


@pytest.fixture(scope="module")
def both() -> tuple[TestAnnouncement, ...]:
    return (*generated(), *by_hand())


@pytest.mark.slow
def test_the_same_seed_makes_the_same_announcements():
    afresh = generated.__wrapped__  # not what was kept from the first time

    assert afresh(1) == afresh(1)
    assert afresh(1) != afresh(2)


@pytest.mark.slow
def test_set_a_has_its_share_of_languages_instruments_and_negatives():
    made = generated()
    languages = Counter(one.language for one in made)
    announced = [{e.type for e in one.expected if not e.tolerated} for one in made]

    assert len(made) >= 400
    assert all(languages[one] >= len(made) / 4 for one in LANGUAGES)
    assert sum(AnnouncementType.INSTRUMENT in types for types in announced) >= 0.4 * len(made)
    assert sum(not types for types in announced) >= 0.2 * len(made)
    assert set().union(*announced) == set(AnnouncementType)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_enough_sentence_skeletons(language: str):
    texts = {one.text for one in instrument_skeletons(language)}
    others = grammar(language)["others"]

    assert len(texts) >= 60
    assert set(others) == {t.value for t in AnnouncementType} - {"instrument"}
    assert all(len(set(text.splitlines())) >= 12 for text in others.values())


@pytest.mark.slow
def test_what_is_developed_with_has_no_text_and_no_slot_in_common_with_the_unseen():
    known = {one.article.text for one in generated(development=True)}
    for language in LANGUAGES:
        seen, unseen = grammar(language)["lists"], grammar(language, unseen=True)["lists"]
        own = set(unseen) - {"the_words", "hours_as", "recommendation_do"}

        assert all(not set(seen[name]) & set(unseen[name]) for name in own), language
    assert not known & {one.article.text for one in generated()}


def test_set_b_has_as_many_of_each_language_each_its_own():
    written = by_hand()

    assert len(written) >= 60
    assert len(set(Counter(one.language for one in written).values())) == 1
    assert len({one.code for one in written}) == len(written)
    assert len({one.article.text for one in written}) == len(written)


@pytest.mark.slow
def test_no_slot_or_choice_is_left_open(both: tuple[TestAnnouncement, ...]):
    for one in both:
        assert not SLOT.search(one.article.text), one.code
        assert not re.search(r"\[[^\]]*\|", one.article.text), one.code


def test_what_is_expected_is_in_the_codes_of_the_output(both: tuple[TestAnnouncement, ...]):
    kinds = {one.value for one in Programme}
    for one in both:
        for event in (e for e in one.expected if not e.tolerated):
            main = {fact.name for fact in FACTS[event.type] if fact.main}
            if event.type is AnnouncementType.INSTRUMENT:
                assert event.kinds <= kinds, one.code
                assert len(event.parties) >= 2, one.code
                assert all(re.fullmatch(r"[A-Z]{2}", code) for code in event.parties), one.code
                dates = r"|\d{4}(-\d\d(-\d\d)?)?"
                assert all(re.fullmatch(dates, day) for day in event.dates), one.code
            else:
                assert set(event.facts) <= main, one.code
                assert any(event.facts.values()), one.code


def bare(way: str) -> str:
    """Without its article, which may have become part of another word."""
    return re.sub("^(el|le|la|les|los) ", "", way.casefold())


def test_expected_words_stand_in_the_text(both: tuple[TestAnnouncement, ...]):
    free = {"goods", "quantities", "objects", "offence", "port", "visitor", "person", "post"}
    free |= {"name", "subject", "owner"}
    for one in both:
        text = one.article.text.casefold()
        for event in (e for e in one.expected if not e.tolerated):
            for name in free & set(event.facts):
                for ways in event.facts[name]:
                    assert any(bare(way) in text for way in ways), (
                        one.code,
                        ways,
                    )


def test_every_language_names_the_same_countries():
    assert set(countries("en")) == set(countries("fr")) == set(countries("es"))
