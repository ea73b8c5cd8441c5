# SPDX-License-Identifier: Apache-2.0
"""The words by which items are found: folded in every script, whole, and never too many."""

from __future__ import annotations

import pytest

from comity.evidence.title_words import MOST, fits, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bill of lading NL-88123", ("bill", "of", "lading", "nl", "88123")),
        ("Ångström, café & Großhandel", ("angstrom", "cafe", "grosshandel")),
        ("ＦＵＬＬ ﬁle №7", ("full", "file", "no7")),
        ("Накладная; Άλφα", ("накладная", "αλφα")),
        ("بَيَان الشحن", ("بيان", "الشحن")),
        ("輸入申告書", ("輸入", "入申", "申告", "告書")),
        ("สินค้า", ("สน", "นค", "คา")),
        ("한국 세관", ("한국", "세관")),
        ("a - 7 .", ()),
    ],
)
def test_case_accents_and_signs_do_not_count(text: str, words: tuple[str, ...]) -> None:
    assert words_of((text,)) == words


def test_every_word_that_is_asked_for_must_be_there() -> None:
    texts = ("Ledger of the broker", "SEAL-0041")

    assert fits(words_of(("broker LEDGER 0041",)), texts)
    assert not fits(words_of(("ledg",)), texts)


def test_the_same_word_counts_once_and_there_is_a_most() -> None:
    assert words_of(("tea Tea TEA", "tea")) == ("tea",)
    assert len(words_of(f"word{number}" for number in range(MOST * 2))) == MOST
