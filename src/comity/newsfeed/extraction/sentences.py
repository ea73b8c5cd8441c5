# SPDX-License-Identifier: Apache-2.0
"""The sentences of an article, each with its place, its block and its words.

A block ends a sentence, and so does a full stop, question or exclamation mark before a capital,
unless the stop belongs to an abbreviation. Boilerplate is left out: it announces nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.newsfeed.article import Article, BlockKind
from comity.newsfeed.extraction.phrases import Tokens, tokens_of
from comity.reference.yaml_files import read_yaml

_END = re.compile(
    r"[.!?…]+[\"”’»)\]]*(?=\s+[\"“”„‘'«(\[¿¡–—•]*\s?[A-ZÀ-ÖØ-Þ0-9])"
    r"|(?<=[0-9a-zà-öø-ÿ]{3})\.(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+[ ,])"
)
"""A mark that may end a sentence; the second form is a stop whose space was forgotten."""

_FILE = read_yaml(Path(__file__).parent / "vocabulary" / "sentences.yaml")
_BEFORE_NAMES = frozenset(_FILE.text("before_names").split())
_BEFORE_NUMBERS = frozenset(_FILE.text("before_numbers").split())
_OTHERS = frozenset(_FILE.text("others").split())
_OPENING = frozenset(_FILE.text("opening").split())

_WORD_BEFORE = re.compile(r"[^\W\d_](?:[\w.]*\w)?\Z")
_WORD_AFTER = re.compile(r"[\s\"“”„‘'«(\[¿¡–—•]*([^\W\d_]+|\d)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where it stands in the article's text."""

    start: int
    end: int
    text: str
    block: BlockKind
    tokens: Tokens
    """Their places count from the beginning of the article's text."""
    quoted: bool = False
    """Somebody's own words between quotation marks, wholly or nearly so."""


def sentences_of(article: Article) -> tuple[Sentence, ...]:
    """Every sentence of the article in order, boilerplate left out."""
    return tuple(
        sentence
        for block in article.blocks
        if block.kind is not BlockKind.BOILERPLATE
        for sentence in _sentences(article.text, block.kind, block.start, block.end)
    )


def _sentences(text: str, kind: BlockKind, start: int, end: int) -> Iterator[Sentence]:
    quotes = _quotes(text, start, end)
    for first, last in _bounded(text, _cuts(text, start, end)):
        quoted = _is_quoted(quotes, first, last)
        tokens = tokens_of(text, first, last)
        yield Sentence(first, last, text[first:last], kind, tokens, quoted)


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begun = start
    for stop in _END.finditer(text, start, end):
        if stop.end() >= end or _abbreviated(text, stop.start(), stop.end(), end):
            continue
        yield begun, stop.end()
        begun = stop.end()
        while begun < end and text[begun].isspace():
            begun += 1
    if begun < end:
        yield begun, end


LONGEST = 3000
"""Characters. Nobody writes a longer sentence; hostile text must not make every rule slow."""


def _bounded(text: str, cuts: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same stretches, cut again at a space where one is longer than any sentence."""
    for first, last in cuts:
        while last - first > LONGEST:
            space = text.rfind(" ", first + 1, first + LONGEST)
            middle = space if space > 0 else first + LONGEST
            yield first, middle
            first = middle + (text[middle] == " ")
        yield first, last


def _abbreviated(text: str, stop: int, after: int, end: int) -> bool:
    """Whether the full stop belongs to the word before it, and the sentence goes on."""
    if text[stop] != "." or text[stop : stop + 2] == "..":
        return False
    found = _WORD_BEFORE.search(text[max(0, stop - 20) : stop])
    before = found[0] if found else ""
    word = before.casefold()
    following = _WORD_AFTER.match(text, after, end)
    opening = following is not None and following[1].casefold() in _OPENING
    if word in _BEFORE_NAMES:
        return True
    if word in _BEFORE_NUMBERS:
        return following is not None and following[1].isdigit()
    # "U.S." before a capital is read as no end: countries are followed by names.
    return (word in _OTHERS or len(before) == 1 or "." in before) and not opening


_QUOTE = re.compile(r"[\"“”„‟«»]|(?<![^\W_])‘|’(?![^\W_])")
_ALWAYS_OPENS = frozenset("„«‘")
_ALWAYS_CLOSES = frozenset("»’")


def _quotes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between quotation marks; one that nobody closes reaches the block's end.

    A mark before a word opens and one behind a word closes, whichever of them was typed: releases
    often have a closing mark where an opening one belongs.
    """
    stretches = []
    opened, by = -1, ""
    for mark in _QUOTE.finditer(text, start, end):
        sign, place = mark[0], mark.start()
        if opened < 0:
            if sign not in _ALWAYS_CLOSES and _may_open(text, place, start, end):
                opened, by = place, sign
        elif not _pairs(by, sign) or sign in _ALWAYS_OPENS:
            continue
        elif sign in _ALWAYS_CLOSES or not _may_open(text, place, start, end):
            stretches.append((opened + 1, place))
            opened = -1
    if opened >= 0:
        stretches.append((opened + 1, end))
    return stretches


def _may_open(text: str, place: int, start: int, end: int) -> bool:
    """Whether a word follows directly, and none stands directly before."""
    before = text[place - 1] if place > start else " "
    after = text[place + 1] if place + 1 < end else " "
    spaced = text[place] == "«"
    return (before.isspace() or before in "([–—-¿¡") and (spaced or not after.isspace())


def _pairs(opened_by: str, sign: str) -> bool:
    """Whether the sign can close what that one opened: quotations within one do not."""
    if opened_by == "‘":
        return sign == "’"
    if opened_by == "«":
        return sign == "»"
    return sign not in "«»‘’"


def _is_quoted(quotes: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether more than half of the sentence stands between quotation marks."""
    if not quotes:
        return False
    inside = sum(max(0, min(end, last) - max(start, first)) for first, last in quotes)
    return inside * 2 > end - start
