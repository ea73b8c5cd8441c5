"""A release as a value: where its blocks stand, and what makes it another edition."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.article import BlockKind, article_of

PARAGRAPHS = (
    (BlockKind.PARAGRAPH, "Northland signs."),
    (BlockKind.PARAGRAPH, "  \n "),
    (BlockKind.CAPTION, "The\n  heads of customs"),
)


def test_blocks_stand_one_a_line_and_empty_ones_are_left_out():
    article = article_of("A  title ", PARAGRAPHS, guid="1")

    assert article.text == "A title\nNorthland signs.\nThe heads of customs"
    assert [(b.kind.value, article.text_of(b)) for b in article.blocks] == [
        ("title", "A title"),
        ("paragraph", "Northland signs."),
        ("caption", "The heads of customs"),
    ]


def test_without_a_title_the_first_block_begins_the_text():
    article = article_of("", PARAGRAPHS, guid="1")

    assert article.blocks[0].kind is BlockKind.PARAGRAPH
    assert article.blocks[0].start == 0


def test_an_article_without_a_guid_is_told_by_its_content():
    one, same = article_of("A title", PARAGRAPHS), article_of("A title", PARAGRAPHS)
    other = article_of("A title", PARAGRAPHS[:1])

    assert one.guid == same.guid != other.guid


def test_another_word_or_another_day_makes_another_edition_and_another_link_does_not():
    first = article_of("A title", PARAGRAPHS, guid="1", published=date(2024, 3, 5))
    moved = article_of("A title", PARAGRAPHS, guid="1", published=date(2024, 3, 5), link="x")
    dated = article_of("A title", PARAGRAPHS, guid="1", published=date(2024, 3, 6))
    worded = article_of("A title", PARAGRAPHS[:1], guid="1", published=date(2024, 3, 5))

    assert first.digest == moved.digest
    assert len({first.digest, dated.digest, worded.digest}) == 3


@pytest.mark.slow
@given(st.text(max_size=30), st.lists(st.tuples(st.sampled_from(BlockKind), st.text(max_size=40))))
def test_every_block_stands_in_the_text_in_order_and_apart(title, blocks):
    article = article_of(title, tuple(blocks))

    assert "\n".join(map(article.text_of, article.blocks)) == article.text
    assert all(b.start < b.end for b in article.blocks)
    assert all("\n" not in article.text_of(b) for b in article.blocks)
