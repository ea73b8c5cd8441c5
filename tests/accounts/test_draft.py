# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from comity.accounts import draft


@pytest.mark.parametrize("key", ["/administration/officers/register/", "agreements:confirm", "a"])
def test_a_form_is_known_by_a_short_key(key):
    assert draft.checked_form_key(key) == key


@pytest.mark.parametrize("key", ["", " a", "a b", "x" * 121, "é"])
def test_an_odd_key_is_refused(key):
    with pytest.raises(draft.OddFormKeyError):
        draft.checked_form_key(key)


def test_a_draft_is_a_form_and_not_a_store_of_files():
    assert draft.checked_content({"a": ["b"]}) == {"a": ["b"]}
    with pytest.raises(draft.DraftTooLongError):
        draft.checked_content({"a": ["x" * draft.LONGEST_DRAFT]})
