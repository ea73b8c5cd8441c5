"""Whatever stands in a release, reading it ends well: no error, every span a place in the text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.announcement import FACTS
from comity.newsfeed.article import BlockKind, article_of
from comity.newsfeed.extraction import extract
from comity.newsfeed.extraction.rules import families, rules_of

WORDS = [
    example.text.split()
    for family in families()
    for rule in rules_of(family)
    for example in rule.examples
]
"""The words of every rule's examples."""


@st.composite
def jumbled(draw: st.DrawFn) -> str:
    """Pieces of several examples, cut at any word and put together in any order."""
    pieces = []
    for words in draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)):
        begin = draw(st.integers(0, len(words)))
        pieces += words[begin : draw(st.integers(begin, len(words)))]
    return " ".join(pieces)


@pytest.mark.slow
@given(st.lists(jumbled(), min_size=1, max_size=3), st.sampled_from(["", "US", "FR", "ES"]))
def test_cut_and_jumbled_sentences_are_read_without_an_error(
    paragraphs: list[str], publisher: str
) -> None:
    blocks = tuple((BlockKind.PARAGRAPH, words) for words in paragraphs)
    article = article_of("", blocks, published=date(2024, 5, 8), publisher=publisher)

    for event in extract(article).events:
        assert {fact.name for fact in event.facts} <= {name.name for name in FACTS[event.type]}
        for span in (event.span, *(fact.span for fact in event.facts)):
            assert span.start < span.end
            assert article.text[span.start : span.end] == span.text
