# SPDX-License-Identifier: Apache-2.0
"""Sentences end where a reader ends them, and quotations are told by where their marks stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.article import BlockKind, article_of
from comity.newsfeed.extraction.sentences import LONGEST, Sentence, sentences_of


def read(*paragraphs: str) -> tuple[Sentence, ...]:
    return sentences_of(article_of("", tuple((BlockKind.PARAGRAPH, p) for p in paragraphs)))


@pytest.mark.parametrize(
    "text",
    [
        "The agreement ended in the U.S.|The parties met again.",
        "They met in Washington, D.C.|On Monday they signed.",
        "U.S. Customs and Border Protection signed.|It took effect.",
        "Brig. Gen. Basil A. North and Dr. Ada South met on Sept. 26 in St. Kitts.|They agreed.",
        "WASHINGTON, D.C. — CBP today signed an agreement.|The arrangement follows.",
        "STERLING, Va. – Officers met.|They left at 4:30 p.m.|The next day they returned.",
        "L'accord n'est pas conclu.|M. Jean Delorme l'a dit à Mme Claire Valmont.",
        "EE. UU. y México firmaron.|El acuerdo rige desde el 3 de mayo.",
        "El Sr. Pérez firmó el convenio (art. 5).|¿Cuándo rige?|Desde hoy.",
        "It was signed in 2023.|The next step follows.",
        "Did they sign?|They did!|No. 5 was signed first.",
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text: str) -> None:
    expected = text.split("|")

    assert [s.text for s in read(" ".join(expected))] == expected


def test_a_stop_without_its_space_ends_a_sentence_and_an_address_does_not() -> None:
    assert len(read("The parties signed in 2023.The next step follows.")) == 2
    assert len(read("Learn more at www.example.org or Example.org today.")) == 1


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("“This arrangement helps both sides,” said the Commissioner.", [True]),
        ('"This helps both sides," he said. "We are glad to sign." He left.', [True, True, False]),
        ("”This helps both of our sides very much,” said the head.", [True]),
        ("« Cet accord renforce nos liens », dit-il. Il est parti.", [True, False]),
        ("«Este acuerdo refuerza los lazos», afirmó. Se fue.", [True, False]),
        ("‘This helps trade in both directions,’ he said. The partners’ plan.", [True, False]),
        ("“We are glad to sign. It is a great step for all.", [True, True]),
        ("The parties signed the “Joint Work Plan” on Monday in Arden.", [False]),
    ],
)
def test_a_quotation_is_somebodys_own_words(text: str, quoted: list[bool]) -> None:
    assert [sentence.quoted for sentence in read(text)] == quoted


def test_boilerplate_and_other_blocks_do_not_run_into_a_sentence() -> None:
    blocks = ((BlockKind.PARAGRAPH, "They signed"), (BlockKind.BOILERPLATE, "About us."))

    assert [s.text for s in sentences_of(article_of("A headline", blocks))] == [
        "A headline",
        "They signed",
    ]


def test_text_without_an_end_is_cut_where_no_sentence_is_as_long() -> None:
    article = article_of("", ((BlockKind.PARAGRAPH, "Customs Director " * 20_000),))
    sentences = sentences_of(article)

    assert max(len(s.text) for s in sentences) <= LONGEST
    assert " ".join(s.text for s in sentences) == article.text


@given(st.lists(st.text(alphabet='aA .!?“”"«»’‘U.S\n1é', max_size=60), max_size=4))
def test_sentences_stand_in_the_text_and_leave_no_word_out(paragraphs: list[str]) -> None:
    article = article_of("", tuple((BlockKind.PARAGRAPH, p) for p in paragraphs))
    sentences = sentences_of(article)

    assert all(article.text[s.start : s.end] == s.text for s in sentences)
    kept = "".join("".join(s.text.split()) for s in sentences)
    assert kept == "".join(article.text.split())
