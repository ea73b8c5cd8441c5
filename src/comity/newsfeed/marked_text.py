# SPDX-License-Identifier: Apache-2.0
"""A text cut into pieces at the places that events and facts were read from.

The pieces put together are the text, whatever the places are: they may overlap, lie within one
another, or reach beyond the end. How a piece is shown is the reader's affair; nothing here makes
markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from comity.newsfeed.announcement import AnnouncedEvent
from comity.newsfeed.article import Block

MOST_AROUND = 280
"""Characters of a paragraph that are shown before and after the words that announce something."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text that is to be seen: an event, or a fact of it."""

    start: int
    end: int
    event: int
    """Which event of the release it belongs to, counted from one."""
    fact: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stand under the same marks."""

    text: str
    events: tuple[int, ...] = ()
    """The events whose sentence this is part of."""
    fact: bool = False
    begins: tuple[int, ...] = ()
    """The events whose sentence begins here."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a text in pieces, and whether the text goes on before and after it."""

    pieces: tuple[Piece, ...]
    cut_before: bool = False
    cut_after: bool = False


def marks_of(events: Sequence[AnnouncedEvent], only: int | None = None) -> tuple[Mark, ...]:
    """The places of the events and of their facts; of one event alone where its index is given."""
    found = []
    for index, event in enumerate(events):
        if only is None or index == only:
            found.append(Mark(event.span.start, event.span.end, index + 1))
            found += [Mark(f.span.start, f.span.end, index + 1, fact=True) for f in event.facts]
    return tuple(found)


def pieces_of(
    text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None
) -> tuple[Piece, ...]:
    """The text from `start` to `end`, cut wherever a mark begins or ends."""
    end = len(text) if end is None else min(end, len(text))
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    cuts = {start, end}
    for mark in inside:
        cuts |= {max(mark.start, start), min(mark.end, end)}
    places = sorted(cuts)
    return tuple(
        _piece(text, inside, first, last, at_start=first == start)
        for first, last in pairwise(places)
        if first < last
    )


def _piece(text: str, marks: list[Mark], first: int, last: int, *, at_start: bool) -> Piece:
    over = [mark for mark in marks if mark.start <= first and mark.end >= last]
    sentences = [mark for mark in over if not mark.fact]
    return Piece(
        text=text[first:last],
        events=tuple(sorted({mark.event for mark in sentences})),
        fact=any(mark.fact for mark in over),
        begins=tuple(
            sorted(m.event for m in sentences if m.start == first or (at_start and m.start < first))
        ),
    )


def excerpts(
    text: str, blocks: Sequence[Block], marks: Sequence[Mark], around: int = MOST_AROUND
) -> tuple[Excerpt, ...]:
    """Only the paragraphs in which something is marked, in the order of the text.

    A long paragraph is shown from `around` characters before its first mark to as many after its
    last one; it is cut between words.
    """
    found = []
    for block in blocks:
        here = [mark for mark in marks if mark.start < block.end and mark.end > block.start]
        if here:
            first = max(block.start, min(mark.start for mark in here) - around)
            last = min(block.end, max(mark.end for mark in here) + around)
            start, end = _between_words(text, block, first, last)
            cut = (start > block.start, end < block.end)
            found.append(Excerpt(pieces_of(text, here, start, end), *cut))
    return tuple(found)


def _between_words(text: str, block: Block, first: int, last: int) -> tuple[int, int]:
    """The stretch made a little longer, so that no word is cut; a huge word is cut all the same."""
    if first > block.start:
        space = text.rfind(" ", max(block.start, first - 40), first)
        first = space + 1 if space >= 0 else first
    if last < block.end:
        space = text.find(" ", last, min(block.end, last + 40))
        last = space if space >= 0 else last
    return first, last
