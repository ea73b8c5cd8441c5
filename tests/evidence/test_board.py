# SPDX-License-Identifier: Apache-2.0
"""The board of a case: what was made of what, from left to right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.evidence.board import Link, LinkKind, Place, lay_out

NAMES = [f"ITM-{number:05}" for number in range(1, 8)]


def test_an_item_stands_right_of_all_that_it_was_made_from():
    board = lay_out("abcd", [Link("a", "b"), Link("b", "c"), Link("a", "c"), Link("d", "c")])

    assert board.places["a"].column == 0
    assert board.places["d"].column == 0
    assert board.places["b"].column == 1
    assert board.places["c"].column == 2
    assert (board.columns, board.rows) == (3, 2)


def test_items_without_links_stand_under_one_another():
    board = lay_out("abc", [])

    assert list(board.places.values()) == [Place(0, 0), Place(0, 1), Place(0, 2)]


def test_what_was_made_of_the_upper_item_stands_above():
    board = lay_out("abxy", [Link("a", "y"), Link("b", "x")])

    assert board.places["y"].row < board.places["x"].row


def test_a_line_to_an_item_of_another_case_is_left_out():
    kept = Link("a", "b", LinkKind.SUPERSEDES)

    board = lay_out("ab", [kept, Link("elsewhere", "b"), Link("a", "a")])

    assert board.links == (kept,)


def test_an_empty_case_has_an_empty_board():
    board = lay_out([], [])

    assert (board.columns, board.rows) == (0, 0)


@given(st.lists(st.builds(Link, st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=30))
def test_every_item_has_a_place_of_its_own_whatever_the_lines_say(links):
    board = lay_out(NAMES, links)

    assert set(board.places) == set(NAMES)
    assert len(set(board.places.values())) == len(NAMES)
    assert board.columns <= len(NAMES)
