# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.outcome import (
    Held,
    Stated,
    Unknown,
    Wanted,
    WantedPart,
    outcome_document,
    read_outcome,
)
from comity.exchange.wire import WireFormError, WireLimitError
from tests.support.wire import MESSAGE, codes, identifiers, lines

wanted_parts = st.lists(
    st.builds(WantedPart, st.integers(0, 999), st.integers(0, 2**40)),
    min_size=1,
    max_size=5,
    unique_by=lambda part: part.number,
)
outcomes = (
    st.builds(Wanted, identifiers, wanted_parts.map(tuple))
    | st.builds(Stated, identifiers, lines.map(str.encode))
    | st.builds(Held, identifiers, codes, st.integers(0, 3600))
    | st.builds(Unknown, identifiers)
)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(outcomes)
def test_an_outcome_reads_back_through_json_as_it_was_written(outcome):
    assert read_outcome(json.loads(json.dumps(outcome_document(outcome)))) == outcome


@pytest.mark.slow
@given(any_json)
def test_nonsense_is_refused_in_our_own_words(document):
    with pytest.raises((WireFormError, WireLimitError)):
        read_outcome(document)


def test_what_a_newer_partner_adds_is_passed_over():
    assert read_outcome(outcome_document(Unknown(MESSAGE)) | {"hint": 1}) == Unknown(MESSAGE)


@pytest.mark.parametrize(
    "document",
    [
        {"outcome": "lost", "message": MESSAGE},
        {"outcome": "wanted", "message": MESSAGE},
        {"outcome": "wanted", "message": MESSAGE, "parts": []},
        {"outcome": "wanted", "message": MESSAGE, "parts": [{"part": 0, "from": 0}] * 2},
        {"outcome": "wanted", "message": MESSAGE, "parts": [{"part": 1000, "from": 0}]},
        {"outcome": "wanted", "message": MESSAGE, "parts": [{"part": 0, "from": -1}]},
        {"outcome": "wanted", "message": MESSAGE, "parts": [{"part": 0, "from": 10**400}]},
        {"outcome": "stated", "message": MESSAGE, "evidence": "\ud800"},
        {"outcome": "stated", "message": MESSAGE, "evidence": {}},
        {"outcome": "held", "message": MESSAGE, "reason": "x", "retry_after": 10**9},
        {"outcome": "held", "message": MESSAGE, "reason": "x", "retry_after": True},
        {"outcome": "unknown", "message": "another"},
    ],
)
def test_an_outcome_of_another_form_is_refused(document):
    with pytest.raises((WireFormError, WireLimitError)):
        read_outcome(document)
