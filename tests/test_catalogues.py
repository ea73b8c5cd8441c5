# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from comity.catalogues import Phrase, said, translate


def test_a_word_in_a_field_is_said_in_the_language_of_the_sentence():
    text = "There is no {kind} {reference}."

    assert said(text, {"kind": "release", "reference": "REL-1"}) == "There is no release REL-1."
    french = said(text, {"kind": "release", "reference": "REL-1"}, "fr")
    assert french == translate(text, "fr").format(
        kind=translate("release", "fr"), reference="REL-1"
    )
    assert said(text, {"kind": "", "reference": 7}, "fr").endswith("7.")


def test_a_phrase_in_a_field_is_said_with_its_own_fields_in_the_language():
    phrase = Phrase("There is no {kind} {reference}.", kind="release", reference="REL-1")

    assert phrase == "There is no release REL-1."
    assert said("{obstacle}", {"obstacle": phrase}) == phrase
    french = said("{obstacle}", {"obstacle": phrase}, "fr")
    assert french == said(phrase.template, phrase.fields, "fr")
    assert french != phrase
