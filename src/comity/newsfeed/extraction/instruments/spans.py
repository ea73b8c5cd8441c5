# SPDX-License-Identifier: Apache-2.0
"""Cues with a day in their midst: "put on 4 March 2024 into force", "acordaron ayer el texto"."""

from __future__ import annotations

from collections.abc import Sequence

from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.instruments.words import cues, word_set
from comity.newsfeed.extraction.phrases import Match, Token
from comity.newsfeed.extraction.rules import Rule


def across_days(
    tokens: Sequence[Token], spoken: Sequence[Match[Rule]], dates: Sequence[DateMention]
) -> tuple[Match[Rule], ...]:
    """The cues found, and those that a day parts in two."""
    left = _without(tokens, dates)
    if len(left) == len(tokens):
        return tuple(spoken)
    parted = []
    for match in cues().find([tokens[index] for index in left]):
        first, last = left[match.first], left[match.last - 1] + 1
        if last - first > match.last - match.first:
            parted.append(
                Match(tokens[first].start, tokens[last - 1].end, first, last, match.value)
            )
    whole = [m for m in spoken if not any(p.first < m.last and m.first < p.last for p in parted)]
    return tuple(sorted((*whole, *parted), key=lambda match: match.first))


def _without(tokens: Sequence[Token], dates: Sequence[DateMention]) -> list[int]:
    """Where the tokens stand that belong to no day."""
    taken: set[int] = set()
    for day in dates:
        first = day.first
        while first > 0 and day.first - first < _LEAD and tokens[first - 1].folded in _BEFORE:
            first -= 1
        taken.update(range(first, day.last))
        if first and tokens[first - 1].text == "," and _ends_insertion(tokens, day.last):
            taken |= {first - 1, day.last}
    return [index for index in range(len(tokens)) if index not in taken]


def _ends_insertion(tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma closes what a comma opened: ", on 4 March 2024,"."""
    return at < len(tokens) and tokens[at].text == ","


_LEAD = 3
_BEFORE = word_set(
    "on in this last le la en ce cet cette el este esta pasado fecha con date du au mois"
)
