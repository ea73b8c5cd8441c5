# SPDX-License-Identifier: Apache-2.0
"""Tables of instruments: one row for each, its partner, its name and the days of its acts.

Whose table it is stands above it. A day belongs to the act named beside it in its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comity.newsfeed.article import BlockKind
from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.instruments.actors import actors_in
from comity.newsfeed.extraction.instruments.clauses import Cue
from comity.newsfeed.extraction.instruments.scene import Scene, Told
from comity.newsfeed.extraction.instruments.words import FRAMES, rule_of
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.reading import Reading

LISTS = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
_ABOVE = 4
"""How many sentences above a table may say whose it is."""

_ACTS = {
    "NWS-100": ("sign", "firm", "suscri", "conclu", "celebr", "fait", "done", "hecho"),
    "NWS-125": (
        "vigor",
        "vigueur",
        "vigen",
        "force",
        "effect",
        "effet",
        "operati",
        "appli",
        "apli",
    ),
}
"""How the words begin that name the act in a cell."""


def owner_of(reading: Reading) -> str:
    """Whose instruments the release lists: the one party named above the rows."""
    codes: set[str] = set()
    for sentence in reading.sentences[:_ABOVE]:
        if sentence.sentence.block in LISTS or len(sentence.sentence.tokens) > 80:
            break
        scene = Scene(sentence.sentence.tokens, (), (), sentence.parties, ())
        codes |= {party.code for party in actors_in(scene)}
    return codes.pop() if len(codes) == 1 else reading.article.publisher


def is_row(tokens: Sequence[Token]) -> bool:
    """Whether it is a row of cells."""
    return any(token.text == "|" for token in tokens)


def told_in_row(scene: Scene, owner: str) -> tuple[Told, ...]:
    """The acts of one row, each with its own day."""
    codes = frozenset(party.code for party in scene.parties)
    if len(codes) == 1 and owner:
        codes |= {owner}
    named = [one for one in scene.named if one.kind is not None]
    if len(codes) != 2 or len(named) != 1:
        return ()
    return tuple(
        Told(cue, named[0], tuple(scene.parties), codes, whole=True, day=day)
        for cue, day in _acts(scene)
    )


def _acts(scene: Scene) -> Iterator[tuple[Cue, DateMention]]:
    after = 0
    for day in scene.dates:
        begin = max(after, _cell(scene.tokens, day.first))
        for index in range(day.first - 1, begin - 1, -1):
            code = _act(scene.tokens[index].folded)
            if code and (day.past or code == "NWS-125"):
                yield _cue(index, code, len(scene.tokens)), day
            if code:
                break
        after = day.last


def _cell(tokens: Sequence[Token], at: int) -> int:
    """Where the cell of this token begins."""
    for index in range(at - 1, -1, -1):
        if tokens[index].text == "|":
            return index + 1
    return 0


def _act(word: str) -> str:
    return next((code for code, begins in _ACTS.items() if word.startswith(begins)), "")


def _cue(index: int, code: str, end: int) -> Cue:
    return Cue(index, index + 1, rule_of(code), FRAMES[code], end=end)
