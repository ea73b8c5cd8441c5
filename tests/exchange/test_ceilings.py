# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.ceilings import (
    MOST,
    OddCeilingError,
    ceilings_document,
    changed_ceilings,
    changed_names,
    read_ceilings,
)
from comity.exchange.partner import Ceilings
from comity.reference.taxonomy import FormOfAssistance

NUMBER = st.integers(0, MOST)
FORMS = st.none() | st.frozensets(st.sampled_from([form.value for form in FormOfAssistance]))
CEILINGS = st.builds(
    Ceilings,
    kinds=st.none() | st.frozensets(st.from_regex(r"[a-z]{1,6}/[1-9]", fullmatch=True)),
    message_bytes=NUMBER,
    parts=NUMBER,
    messages_a_day=NUMBER,
    bytes_a_day=NUMBER,
    waiting=NUMBER,
    forms=FORMS,
)


@given(CEILINGS)
def test_what_is_kept_is_read_again_as_it_was(ceilings):
    assert read_ceilings(ceilings_document(ceilings)) == ceilings


@pytest.mark.slow
@given(CEILINGS, CEILINGS)
def test_only_what_differs_is_named(before, after):
    document = ceilings_document(after)
    changes = {name: document[name] for name in changed_names(before, after)}

    assert changed_ceilings(before, **changes) == after
    assert changed_names(after, after) == ()


def test_no_word_is_the_default_and_no_ceiling_at_all_is_never_guessed():
    assert read_ceilings({}) == Ceilings()
    for odd in (
        {"part": 1},
        {"parts": None},
        {"parts": "9"},
        {"kinds": {"a/1": True}},
        {"kinds": ["note"]},
    ):
        with pytest.raises(OddCeilingError):
            read_ceilings(odd)
