# SPDX-License-Identifier: Apache-2.0
"""What the words of a search are taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.ledger import Meaning, meaning_of

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize(
    ("words", "meaning", "value"),
    [
        (" msg-00012 ", Meaning.REFERENCE, "MSG-00012"),
        (DIGEST.upper(), Meaning.DIGEST, DIGEST),
        (DIGEST[:8], Meaning.DIGEST, DIGEST[:8]),
        (DIGEST[:7], Meaning.CODE, DIGEST[:7]),
        ("20260041", Meaning.CODE, "20260041"),
        ("REQ-XN-2026-00041", Meaning.CODE, "REQ-XN-2026-00041"),
        ("peer-unreachable", Meaning.CODE, "peer-unreachable"),
        (
            "5610E49D53AF462BB0CE3D50E8B0CD13",
            Meaning.ID,
            "5610e49d-53af-462b-b0ce-3d50e8b0cd13",
        ),
    ],
)
def test_words_are_taken_for_what_they_look_like(words, meaning, value):
    assert meaning_of(words) == (meaning, value)


@given(st.text())
def test_whatever_is_typed_has_a_meaning_without_a_null(words):
    assert "\0" not in meaning_of(words)[1]
