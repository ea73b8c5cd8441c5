# SPDX-License-Identifier: Apache-2.0
"""How many instruments of a kind there are, and which one of its kind a new one is.

"The United States currently has 73 bilateral CMAAs" is a count; "the 65th agreement of its kind"
is an ordinal. A year is neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity.newsfeed.extraction.instruments.kinds import Named
from comity.newsfeed.extraction.instruments.words import word_set
from comity.newsfeed.extraction.phrases import Token


@dataclass(frozen=True, slots=True)
class Number:
    """A number of instruments and its place among the tokens."""

    first: int
    last: int
    value: str


_HAS = word_set(
    "has have counts total now currently network maintains bringing brings reaching compte "
    "comptent dispose disposent possede lie porte portant total tiene tienen cuenta cuentan posee "
    "suma suman alcanza alcanzan mantiene concluded signed reached firmado suscrito"
)
_WORDS = {
    word: str(number)
    for number, words in enumerate(
        (
            "four quatre cuatro",
            "five cinq cinco",
            "six seis",
            "seven sept siete",
            "eight huit ocho",
            "nine neuf nueve",
            "ten dix diez",
            "eleven onze once",
            "twelve douze doce",
            "thirteen treize trece",
            "fourteen quatorze catorce",
            "fifteen quinze quince",
        ),
        start=4,
    )
    for word in words.split()
}


def count_at(tokens: Sequence[Token], one: Named) -> Number | None:
    """The number that stands before a plural name: "73 bilateral CMAAs"."""
    if not one.plural:
        return None
    for index in range(one.head - 2, max(-1, one.first - 4), -1):
        value = _value(tokens[index])
        if value:
            return Number(index, index + 1, value)
    return None


def _partners_at(tokens: Sequence[Token], one: Named) -> Number | None:
    """The number of partners: "arrangements with 52 countries"."""
    for index in range(one.head, min(len(tokens) - 1, one.last + 4)):
        value = _value(tokens[index])
        if value and one.plural and tokens[index + 1].folded in _PARTNERS:
            return Number(index, index + 1, value)
    return None


_PARTNERS = word_set(
    "countries partners economies administrations pays partenaires administrations paises socios "
    "administraciones economias aduanas"
)


def _value(token: Token) -> str:
    text = token.text
    if text.isdigit() and len(text) < 4 and int(text) > 3:
        return text
    return _WORDS.get(token.folded, "")


def counted_in(tokens: Sequence[Token], named: Sequence[Named]) -> tuple[tuple[Named, Number], ...]:
    """The counts that the sentence states."""
    found = []
    for one in named:
        if one.kind is None:
            continue
        number = count_at(tokens, one) or _partners_at(tokens, one)
        if number and not _HAS.isdisjoint(t.folded for t in tokens[: number.first]):
            found.append((one, number))
    return tuple(found)


_SUFFIXES = word_set("st nd rd th e eme er ere re o a º ª °")
_OF_ITS_KIND = word_set(
    "such kind agreement accord type pact instrument acuerdo convenio cmaa mra arm"
)


def ordinal_in(tokens: Sequence[Token], named: Sequence[Named]) -> Number | None:
    """The ordinal of an instrument: "the 65th agreement of its kind"."""
    heads = {one.head - 1 for one in named}
    for index, token in enumerate(tokens[:-1]):
        after = tokens[index + 1]
        if not (token.text.isdigit() and after.start == token.end and after.folded in _SUFFIXES):
            continue
        following = range(index + 2, min(len(tokens), index + 8))
        if heads & set(following) or any(tokens[i].folded in _OF_ITS_KIND for i in following):
            return Number(index, index + 2, f"{token.text}{after.text}")
    return None
