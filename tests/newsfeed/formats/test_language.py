"""Which language a text is written in."""

from __future__ import annotations

import pytest

from comity.newsfeed.formats.language import language_of

TEXTS = {
    "en": "The customs services of the two countries signed an agreement for the exchange of data.",
    "fr": "Les douanes des deux pays ont signé un accord sur l'échange de données dans la région.",
    "es": "Las aduanas de los dos países firmaron un acuerdo para el intercambio de información.",
    "pt": "As aduanas dos dois países assinaram um acordo para a troca de informações no porto.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_small_words_tell_the_language(language):
    assert language_of(TEXTS[language]) == language


@pytest.mark.parametrize("language", TEXTS)
def test_a_declared_language_that_fits_is_kept(language):
    assert language_of(TEXTS[language], f"{language}-XX") == language


def test_a_declared_language_that_the_words_deny_is_not_believed():
    assert language_of(TEXTS["fr"] * 2, "en-US") == "fr"


def test_a_few_words_do_not_outweigh_what_is_declared():
    assert language_of("Accord signé", "fr") == "fr"
    assert language_of("Zollabkommen der Länder", "de") == "de"


def test_a_text_without_words_has_no_language():
    assert language_of("") == ""
    assert language_of("12 / 34", "nonsense") == ""
