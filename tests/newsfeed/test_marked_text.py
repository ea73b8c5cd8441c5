# SPDX-License-Identifier: Apache-2.0
"""A text marked at the places that something was read from stays the text that it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.article import Block, BlockKind
from comity.newsfeed.marked_text import Mark, excerpts, pieces_of

TEXT = "Northland and Southland signed an agreement today. It helps both."
TEXTS = st.text(alphabet="ab \n<>&", max_size=60)
MARKS = st.lists(
    st.builds(
        lambda start, length, event, fact: Mark(start, start + length, event, fact),
        st.integers(0, 70), st.integers(0, 30), st.integers(1, 4), st.booleans(),
    ),
    max_size=8,
)  # fmt: skip


@given(TEXTS, MARKS)
def test_the_pieces_put_together_are_the_text(text, marks):
    assert "".join(piece.text for piece in pieces_of(text, marks)) == text


@given(TEXTS, MARKS)
def test_every_marked_character_stands_in_a_marked_piece(text, marks):
    place = 0
    for piece in pieces_of(text, marks):
        for at in range(place, place + len(piece.text)):
            over = {m.event for m in marks if not m.fact and m.start <= at < m.end}
            assert over == set(piece.events)
        place += len(piece.text)


def test_a_fact_within_a_sentence_is_a_piece_of_its_own():
    pieces = pieces_of(TEXT, [Mark(0, 50, 1), Mark(44, 49, 1, fact=True)])

    assert [(p.text, p.events, p.fact) for p in pieces] == [
        (TEXT[:44], (1,), False),
        ("today", (1,), True),
        (".", (1,), False),
        (" It helps both.", (), False),
    ]
    assert [p.begins for p in pieces] == [(1,), (), (), ()]


def test_one_sentence_may_announce_two_things():
    pieces = pieces_of(TEXT, [Mark(0, 50, 1), Mark(0, 50, 2)])

    assert pieces[0].events == (1, 2)
    assert pieces[0].begins == (1, 2)


def test_an_excerpt_shows_the_marked_paragraphs_and_cuts_long_ones_between_words():
    long = " ".join(["before"] * 200) + " signed here " + " ".join(["after"] * 200)
    text = f"Title\n{long}\nThe end"
    blocks = (
        Block(BlockKind.TITLE, 0, 5),
        Block(BlockKind.PARAGRAPH, 6, 6 + len(long)),
        Block(BlockKind.PARAGRAPH, 7 + len(long), len(text)),
    )
    at = text.index("signed")

    [excerpt] = excerpts(text, blocks, [Mark(at, at + 6, 1)], around=50)

    shown = "".join(piece.text for piece in excerpt.pieces)
    assert excerpt.cut_before
    assert excerpt.cut_after
    assert set(shown.split()) == {"before", "signed", "here", "after"}
    assert len(shown) < 200


def test_an_excerpt_of_one_word_without_end_is_still_short():
    text = "x" * 10_000

    [excerpt] = excerpts(text, (Block(BlockKind.PARAGRAPH, 0, 10_000),), [Mark(5000, 5001, 1)])

    assert len("".join(piece.text for piece in excerpt.pieces)) < 1000
