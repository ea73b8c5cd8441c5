"""Which words of a release are no news."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.article import BlockKind
from comity.newsfeed.formats.boilerplate import (
    BEGINNINGS,
    ENDINGS,
    STANDING,
    WHOLE,
    is_boilerplate,
    marked,
)
from comity.newsfeed.formats.release_day import folded

PARAGRAPH = BlockKind.PARAGRAPH


@pytest.mark.parametrize("cue", [*STANDING, *BEGINNINGS, *WHOLE, *ENDINGS])
def test_every_cue_is_written_as_it_is_compared(cue):
    for words in (cue,) if isinstance(cue, str) else cue:
        assert words == folded(words).lstrip()


@pytest.mark.parametrize(
    "text",
    [
        "Northland signs an agreement with Southland.",
        "The visit of the delegation lasts two days.",
        "The port closes at 8 p.m.",
        "Follow the money: Northland seizes 12 watches.",
        "Contacts between the services go back to 1990.",
        "Officers of Eastland share what they learn.",
        "Home of the service is Port North.",
        "By agreement of both.",
        "Release of 12 containers",
        "Partager des informations est l’objet de l’accord de Northland.",
        "Copyright-infringing goods were seized in Port North.",
        "Share of the traffic by night: 11 percent of all lorries.",
        "Actualizado el acuerdo, las aduanas de Northland cooperan.",
    ],
)
def test_news_is_no_boilerplate(text):
    assert not is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "50",
        "67.8 F",
        "12/03/2024",
        "The Magazine http://magazine.example",
        "Print",
        "Accueil",
        "Share on X",
        "© 2024",
        "Last updated: 5 May 2023",
        "Comunicado No. 045/2023",
        "Press release: 12",
        "By A. Writer",
    ],
)
def test_furniture_of_a_page_is(text):
    assert is_boilerplate(text)


@given(st.lists(st.tuples(st.sampled_from(BlockKind), st.text(max_size=80))))
def test_marking_loses_no_words(blocks):
    before = "".join("".join(text.split()) for _, text in blocks)
    after = "".join("".join(text.split()) for _, text in marked(blocks))

    assert before == after or "photo" in before.lower()


def test_words_after_the_last_news_are_left_where_no_news_came_before():
    blocks = [(BlockKind.HEADING, "See also"), (PARAGRAPH, "Northland signs.")]

    assert marked(blocks)[1] == (PARAGRAPH, "Northland signs.")
