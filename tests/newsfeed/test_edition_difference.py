# SPDX-License-Identifier: Apache-2.0
"""What an edited release says differently is shown, and nothing else."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.edition_difference import Change, ChangeKind, difference

SAME, REMOVED, ADDED = ChangeKind.SAME, ChangeKind.REMOVED, ChangeKind.ADDED


def test_a_changed_day_is_shown_within_its_paragraph():
    [paragraph] = difference("Title\nSigned on 3 May.\nEnd", "Title\nSigned on 4 May.\nEnd")

    assert paragraph == (
        Change(SAME, "Signed on "),
        Change(REMOVED, "3"),
        Change(ADDED, "4"),
        Change(SAME, " May."),
    )


def test_a_paragraph_that_came_or_went_is_shown_whole():
    assert difference("One\nTwo", "One") == ((Change(REMOVED, "Two"),),)
    assert difference("One", "One\nTwo") == ((Change(ADDED, "Two"),),)


def test_nothing_is_shown_where_nothing_changed():
    assert difference("One\nTwo", "One\nTwo") == ()


PARAGRAPHS = st.lists(st.text(alphabet="ab ", max_size=8), max_size=6).map("\n".join)


@given(PARAGRAPHS, PARAGRAPHS)
def test_what_was_removed_stood_before_and_what_was_added_stands_now(before, after):
    for paragraph in difference(before, after):
        old = "".join(change.text for change in paragraph if change.kind is not ADDED)
        new = "".join(change.text for change in paragraph if change.kind is not REMOVED)
        assert old in before
        assert new in after


def test_a_hostile_text_does_not_take_long():
    before = "\n".join(f"a{n % 7} " * 40 for n in range(900))
    after = "\n".join(f"a{n % 5} " * 40 for n in range(900))
    begun = time.perf_counter()

    difference(before, after)
    difference("a " * 100_000, "b " * 100_000)

    assert time.perf_counter() - begun < 20
