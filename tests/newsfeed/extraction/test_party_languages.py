# SPDX-License-Identifier: Apache-2.0
"""What a party's name means in the language of its release."""

import pytest

from comity.newsfeed.extraction.parties import parties_in
from comity.newsfeed.extraction.party_languages import in_language
from comity.newsfeed.extraction.phrases import tokens_of


def codes(text: str, language: str) -> list[str]:
    tokens = tokens_of(text)
    return [party.code for party in in_language(tokens, parties_in(tokens), language)]


@pytest.mark.parametrize(
    ("language", "code"), [("es", "US"), ("en", "EU"), ("fr", "EU"), ("", "EU")]
)
def test_eu_are_the_united_states_in_a_spanish_text_only(language: str, code: str) -> None:
    assert codes("EU y Noruega", language)[0] == code


def test_the_union_explained_in_brackets_stays_the_union_in_a_spanish_text() -> None:
    assert set(codes("la Unión Europea (EU) y Noruega", "es")) == {"EU", "NO"}


def test_a_french_name_within_an_english_persons_name_is_no_country() -> None:
    assert codes("Comptroller Ada Inde Winter met Ola Berg in Norway", "en") == ["NO"]


def test_the_same_name_is_a_country_in_its_own_language() -> None:
    assert codes("La Norvège et l'Inde", "fr") == ["NO", "IN"]


def test_a_foreign_name_that_stands_by_itself_is_still_a_country() -> None:
    assert codes("the customs of Inde and Norway", "en") == ["IN", "NO"]
