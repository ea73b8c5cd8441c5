# SPDX-License-Identifier: Apache-2.0
"""Plain text as the blocks of a release: its title, its paragraphs, its lists, its furniture.

Text has no marks for what a line is, so a line is judged by its form and its neighbours only: a
short line without a full stop is a heading, and the first of these is the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise

from comity.newsfeed.article import BlockKind
from comity.newsfeed.formats.boilerplate import Blocks, is_boilerplate, is_furniture, marked
from comity.newsfeed.formats.release_day import TOP, folded, labelled_day, stated_day
from comity.newsfeed.formats.words import one_line

LONGEST_HEADING = 180
LONGEST_HEAD = 80
"""Lines of menus and the like that may stand above the title."""
SHORTEST_PARAGRAPH = 60
ABOVE_TITLE = 6
"""Lines above the title among which the day of publication may stand."""
MAXIMUM_TEXT = 1024 * 1024
MAXIMUM_LINES = 5_000
"""Paragraphs and lines that are read of one text."""
NARROWEST, WIDEST = 56, 120
"""How wide a text is that is broken by hand."""
SLACK = 8
"""How much shorter a broken line may be than it could: some tools count a mark as several."""

_BULLET = re.compile(r"(?:[•‣▪◦·*–—-]|\(?(?:\d{1,2}|[a-z])[.)])\s+\S")
_MARK = re.compile(r"[•‣▪◦·*–—-]\s+")
_SENTENCE_END = (".", "!", "?", "…", ".”", '."', ".»", ";", ",", ":")


@dataclass(frozen=True, slots=True)
class TextPage:
    """A plain text as a reader understands it."""

    title: str
    blocks: tuple[tuple[BlockKind, str], ...]
    published: date | None = None
    labelled: bool = False
    """Whether the day stands after a label such as "Release Date"."""
    cut: bool = False
    """Whether the text is longer than what is read."""


def read_text(text: str, *, title: str = "", month_first: bool = False) -> TextPage:
    """The text's blocks; its title is the first line that has the form of one."""
    found = list(islice(_lines(text[:MAXIMUM_TEXT]), MAXIMUM_LINES + 1))
    lines = found[:MAXIMUM_LINES]
    named = title or _title(lines)
    top = lines[max(0, lines.index(named) - ABOVE_TITLE) if named in lines else 0 :]
    labelled = labelled_day(top[:TOP], month_first=month_first)
    day = labelled or stated_day(top, month_first=month_first)
    cut = len(found) > MAXIMUM_LINES or len(text) > MAXIMUM_TEXT
    blocks = tuple(marked(_blocks(lines, named)))
    return TextPage(named, blocks, published=day, labelled=labelled is not None, cut=cut)


def _lines(text: str) -> Iterator[str]:
    """Every paragraph on one line, every line that stands for itself on its own."""
    longest = max(map(len, text.split("\n")))
    width = longest if NARROWEST <= longest <= WIDEST else 0
    for part in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.strip()):
        lines = [one_line(line) for line in part.split("\n")]
        lines = [line for line in lines if line]
        yield from _joined(lines, width)


def _joined(lines: list[str], width: int) -> Iterator[str]:
    """The lines of one part, those broken by hand put together again."""
    wrapped = _is_wrapped(lines, width)
    waiting: list[str] = []
    for line in lines:
        if waiting and (_BULLET.match(line) or not (wrapped or _goes_on(waiting[-1], line))):
            yield " ".join(waiting)
            waiting = []
        waiting.append(line)
    if waiting:
        yield " ".join(waiting)


def _is_wrapped(lines: list[str], width: int) -> bool:
    """Whether lines are broken for their length: the next word would not have stood in them.

    `width` is that of the whole text; 0 where it has lines too long to have been broken.
    """
    if len(lines) < 2 or max(map(len, lines)) > WIDEST:
        return False
    if not width and len(lines) == 2:
        return not lines[0].endswith(_SENTENCE_END) and lines[1].endswith(_SENTENCE_END)
    width = width or max(NARROWEST, *map(len, lines))
    full = sum(
        len(line) + 1 + len(after.partition(" ")[0]) > width - SLACK
        for line, after in pairwise(lines)
    )
    return full * 10 >= 6 * (len(lines) - 1)


def _goes_on(before: str, line: str) -> bool:
    """Whether a sentence begun in one line ends in the next."""
    return line[:1].islower() and not before.endswith((".", "!", "?", ":"))


def _title(lines: list[str]) -> str:
    """The first line above the first paragraph that has the form of a headline."""
    for line in lines[:LONGEST_HEAD]:
        if is_boilerplate(line) or len(line.split()) < 3 or _BULLET.match(line):
            continue
        if _is_heading(line):
            return line
        if len(line) >= SHORTEST_PARAGRAPH:
            return ""
    return ""


def _is_heading(line: str) -> bool:
    return (
        len(line) <= LONGEST_HEADING
        and not line.endswith(_SENTENCE_END)
        and not _BULLET.match(line)
        and any(letter.isalpha() for letter in line)
    )


def _blocks(lines: list[str], title: str) -> Blocks:
    """The lines by kind; what stands before the title, and the title itself, apart."""
    begun = title not in lines
    told, seen = False, set()
    blocks: Blocks = []
    for position, line in enumerate(lines):
        if not begun:
            begun = line == title
            if not begun:
                blocks.append((BlockKind.BOILERPLATE, line))
            continue
        repeated = line in seen
        seen.add(line)
        if line == title or (repeated and _is_heading(line)):
            continue
        kind = _kind(line, lines[position + 1 :], told=told)
        told = told or kind is BlockKind.PARAGRAPH
        blocks.append((kind, _MARK.sub("", line, count=1) if _BULLET.match(line) else line))
    return blocks


def _kind(line: str, after: list[str], *, told: bool) -> BlockKind:
    if _BULLET.match(line):
        return BlockKind.LIST_ITEM
    if not _is_heading(line) or re.search(r":\s+\S", line):
        return BlockKind.PARAGRAPH
    following = [each for each in after[:2] if each != line]
    if line in after[:1] or (following and folded(following[0]).startswith(("photo", "credit"))):
        return BlockKind.CAPTION
    if is_furniture(line):
        return BlockKind.BOILERPLATE
    return BlockKind.HEADING if told else BlockKind.SUBTITLE
