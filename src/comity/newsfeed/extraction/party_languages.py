# SPDX-License-Identifier: Apache-2.0
"""What a party's name means in the language of its release.

"EU" are the United States in a Spanish text and the Union in any other; a French country's name
inside a person's name in an English text ("Inde" in "A. Inde Winter") is no country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from comity.newsfeed.extraction.parties import NamedBy, PartyMention
from comity.newsfeed.extraction.phrases import Token, folded
from comity.reference.countries import countries


def in_language(
    tokens: Sequence[Token], mentions: tuple[PartyMention, ...], language: str
) -> tuple[PartyMention, ...]:
    """The mentions as the language of the release has them; without one, as they are."""
    if language not in _NAMES or not mentions:
        return mentions
    elsewhere = _only_elsewhere(language)
    return tuple(
        _meant(tokens, one, language)
        for one in mentions
        if one.last - one.first > 1
        or tokens[one.first].folded not in elsewhere
        or not _is_within_name(tokens, one)
    )


_NAMES = ("en", "fr", "es")


def _meant(tokens: Sequence[Token], one: PartyMention, language: str) -> PartyMention:
    short = one.last - one.first == 1 and tokens[one.first].text == "EU"
    if language != "es" or not short or one.code != "EU":
        return one
    after = tokens[one.last].folded if one.last < len(tokens) else ""
    in_brackets = one.first > 0 and tokens[one.first - 1].text == "(" and after == ")"
    return one if in_brackets else replace(one, code="US")


@cache
def _only_elsewhere(language: str) -> frozenset[str]:
    """Single words that name a country in the other languages only."""
    names: dict[str, set[str]] = {known: set() for known in _NAMES}
    for country in countries().values():
        names["en"] |= {country.name, *country.other_names}
        names["fr"].add(country.name_fr)
        names["es"].add(country.name_es)
    own = {folded(name) for name in names[language]}
    others = {folded(name) for known in _NAMES if known != language for name in names[known]}
    return frozenset(name for name in others - own if name.isalpha())


def _is_within_name(tokens: Sequence[Token], one: PartyMention) -> bool:
    """Whether it stands directly between two words with capitals, as a middle name does."""
    if one.named_by is not NamedBy.COUNTRY or not 0 < one.first < len(tokens) - 1:
        return False
    before, after = tokens[one.first - 1], tokens[one.last]
    return all(
        word.capitalised and not word.in_capitals and word.text.isalpha()
        for word in (before, after)
    )
