# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.keyset import UnknownPageKeyError, newest_first, page_of

ROWS = SimpleNamespace(filter=lambda **conditions: conditions)
KEYS = st.lists(st.text("abcdef", min_size=1, max_size=4), unique=True).map(sorted)


@given(KEYS, st.integers(1, 7))
def test_going_on_by_key_sees_every_row_once(rows, size):
    seen, after = [], ""
    while True:
        page = page_of(rows, str, after=after, size=size)
        seen += page.rows
        after = page.older
        if not after:
            break

    assert seen == rows


@given(KEYS, st.integers(1, 7))
def test_going_back_shows_the_page_before(rows, size):
    first = page_of(rows, str, size=size)
    if not first.older:
        return
    second = page_of(rows, str, after=first.older, size=size)

    back = page_of(rows, str, before=second.newer, size=size)

    assert back.rows == first.rows
    assert back.newer == ""


@pytest.mark.parametrize("key", ["nonsense", "MSG-", "MSG-12a", "-12", "MSG-" + "9" * 18])
def test_no_list_goes_on_from_what_is_no_key(key):
    with pytest.raises(UnknownPageKeyError):
        newest_first(ROWS, tuple, after=key)
    with pytest.raises(UnknownPageKeyError):
        newest_first(ROWS, tuple, before=key)


def test_a_row_added_meanwhile_shifts_nothing():
    first = page_of(["b", "d", "f", "h"], str, size=2)

    second = page_of(["a", "b", "c", "d", "f", "h"], str, after=first.older, size=2)

    assert (first.rows, second.rows) == (("b", "d"), ("f", "h"))
