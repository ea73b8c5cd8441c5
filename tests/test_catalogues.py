# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from comity.catalogues import said, translate


def test_a_word_in_a_field_is_said_in_the_language_of_the_sentence():
    text = "There is no {kind} {reference}."

    assert said(text, {"kind": "release", "reference": "REL-1"}) == "There is no release REL-1."
    french = said(text, {"kind": "release", "reference": "REL-1"}, "fr")
    assert french == translate(text, "fr").format(
        kind=translate("release", "fr"), reference="REL-1"
    )
    assert said(text, {"kind": "", "reference": 7}, "fr").endswith("7.")
