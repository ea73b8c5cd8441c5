# SPDX-License-Identifier: Apache-2.0
"""Words of a text and the search for phrases among them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.extraction.phrases import Phrases, tokens_of


def found(phrases: list[str], text: str) -> list[tuple[str, str]]:
    search = Phrases((phrase, phrase) for phrase in phrases)
    return [(m.value, text[m.start : m.end]) for m in search.find(tokens_of(text))]


def test_case_and_accents_do_not_matter() -> None:
    assert found(["república de corea"], "la REPUBLICA DE COREA") == [
        ("república de corea", "REPUBLICA DE COREA")
    ]


def test_the_longest_phrase_wins() -> None:
    assert found(["estados unidos", "estados unidos mexicanos"], "Estados Unidos Mexicanos") == [
        ("estados unidos mexicanos", "Estados Unidos Mexicanos")
    ]


def test_words_may_be_chosen_left_out_or_only_begun() -> None:
    phrase = "sign|signed the? agree*"

    assert found([phrase], "signed the agreements") == [(phrase, "signed the agreements")]
    assert found([phrase], "sign agreement") == [(phrase, "sign agreement")]
    assert found([phrase], "signs an agreement") == []


def test_an_abbreviation_in_capitals_is_no_common_word() -> None:
    assert found(["US"], "the US told us") == [("US", "US")]
    assert found(["US"], "the U.S. told us") == [("US", "U.S.")]


def test_a_phrase_reaches_over_hyphens_and_apostrophes_but_no_other_mark() -> None:
    assert found(["cote d ivoire"], "Côte d’Ivoire") == [("cote d ivoire", "Côte d’Ivoire")]
    assert found(["joint work plan"], "joint-work plan") == [("joint work plan", "joint-work plan")]
    assert found(["joint work plan"], "joint work; plan") == []


def test_a_hyphen_is_remembered() -> None:
    assert [t.hyphened for t in tokens_of("Kwang-hyo Ko")] == [False, True, False]


@given(st.text(max_size=80))
def test_tokens_stand_in_the_text(text: str) -> None:
    assert all(text[t.start : t.end] == t.text for t in tokens_of(text))
