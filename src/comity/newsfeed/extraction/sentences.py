# SPDX-License-Identifier: Apache-2.0
"""The sentences of an article, each with its place, its block and its words.

A block ends a sentence, and so does a full stop, question or exclamation mark before a capital,
unless the stop belongs to an abbreviation. Boilerplate is left out: it announces nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from comity.newsfeed.article import Article, BlockKind
from comity.newsfeed.extraction.phrases import Token, tokens_of

_END = re.compile(r"[.!?…]+[\"”’»)\]]*(?=\s+[\"“‘«(\[¿¡]*[A-ZÀ-ÖØ-Þ0-9])")
_ABBREVIATED = (
    "mr mrs ms dr prof sr sra st gen maj brig col lt capt sgt gov sen rep asst dep dir hon no art "
    "arts jan feb mar apr jun jul aug sep sept oct nov dec inc ltd co corp vs approx est fig "
    "m mme mm sgtm ing lic dra etc janv févr avr juil déc núm págs"
)
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where it stands in the article's text."""

    start: int
    end: int
    text: str
    block: BlockKind
    tokens: tuple[Token, ...]
    """Their places count from the beginning of the article's text."""
    quoted: bool = False
    """Somebody's own words between quotation marks, wholly or nearly so."""


def sentences_of(article: Article) -> tuple[Sentence, ...]:
    """Every sentence of the article in order, boilerplate left out."""
    return tuple(
        _sentence(article, block.kind, start, end)
        for block in article.blocks
        if block.kind is not BlockKind.BOILERPLATE
        for start, end in _cuts(article.text, block.start, block.end)
    )


def _sentence(article: Article, kind: BlockKind, start: int, end: int) -> Sentence:
    text = article.text[start:end]
    tokens = tokens_of(article.text, start, end)
    return Sentence(start, end, text, kind, tokens, quoted=_is_quoted(article.text, start, end))


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begun = start
    for stop in _END.finditer(text, start, end):
        if stop.end() >= end or _abbreviated(text, stop.start()):
            continue
        yield begun, stop.end()
        begun = stop.end()
        while begun < end and text[begun].isspace():
            begun += 1
    if begun < end:
        yield begun, end


def _abbreviated(text: str, stop: int) -> bool:
    """Whether the full stop belongs to the word before it."""
    if text[stop] != "." or text[stop : stop + 2] == "..":
        return False
    word = re.search(r"[\w.]*$", text[max(0, stop - 20) : stop])
    before = word[0] if word else ""
    # "U.S." before a capital is read as no end: countries are followed by names.
    return before.casefold() in _ABBREVIATIONS or len(before) == 1 or "." in before


_QUOTES = {"“": "”", "«": "»", "„": "“"}


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether more than half of the sentence stands between quotation marks."""
    block = text.rfind("\n", 0, start) + 1
    inside, quoted, straight = 0, 0, False
    closing = ""
    for position in range(block, end):
        mark = text[position]
        if closing:
            if mark == closing:
                closing = ""
            elif position >= start:
                quoted += 1
        elif mark in _QUOTES:
            closing = _QUOTES[mark]
        elif mark == '"':
            straight = not straight
        elif straight and position >= start:
            quoted += 1
        inside += position >= start
    return quoted * 2 > inside
