# SPDX-License-Identifier: Apache-2.0
"""Countries, unions and customs administrations by their many names in three languages.

A party is named by its country ("Cabo Verde", "Costa Rican"), by its capital or seat of government
where the text speaks of it as an actor, or by its administration ("CBP", "Receita Federal", "HM
Revenue and Customs"). A name that means something else here ("New Mexico", "Jordan Smith") is no
party.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from comity.newsfeed.extraction.party_names import Meant, Name, names
from comity.newsfeed.extraction.phrases import Match, Token


class NamedBy(StrEnum):
    """By what a party is named."""

    COUNTRY = "country"
    ADJECTIVE = "adjective"
    """Such as "Brazilian", "française", "mexicanas"."""
    AUTHORITY = "authority"
    """Such as "CBP" or "Direction générale des douanes et droits indirects"."""


@dataclass(frozen=True, slots=True)
class PartyMention:
    """A party named in the text."""

    start: int
    end: int
    first: int
    """Index of its first token in the sentence."""
    last: int
    code: str
    """ISO 3166-1 alpha-2, or a group's code (`EU`)."""
    named_by: NamedBy = NamedBy.COUNTRY
    authority: str = ""
    """Code of the authority as in the register (`US/CBP`), where it is one."""


def parties_in(tokens: Sequence[Token]) -> tuple[PartyMention, ...]:
    """Every party among the tokens, from left to right, not overlapping.

    Words that name one party together ("the customs administration of Uruguay", "Brazil's Customs
    Authority Receita Federal") are one mention.
    """
    found = [(match, meant) for match, meant in _meanings(tokens)]
    named = {code for _, meant in found if len(meant.codes) == 1 for code in meant.codes}
    mentions: list[PartyMention] = []
    office: Match[Name] | None = None
    for match, meant in found:
        if meant.kind == "office":
            office = match
            if mentions and _joined(tokens, mentions[-1].last, match.first):
                mentions[-1] = _widened(mentions[-1], match)
                office = None
            continue
        code = _code(meant, named)
        if not code:
            continue
        mention = PartyMention(
            match.start,
            match.end,
            match.first,
            match.last,
            code,
            NamedBy(meant.kind),
            meant.authority,
        )
        if office is not None and _joined(tokens, office.last, match.first):
            mention = replace(
                mention, start=office.start, first=office.first, named_by=NamedBy.AUTHORITY
            )
        office = None
        before = mentions[-1] if mentions else None
        if before and before.code == code and _joined(tokens, before.last, mention.first):
            mentions[-1] = replace(
                before,
                end=mention.end,
                last=mention.last,
                named_by=max(before.named_by, mention.named_by, key=_WEIGHT.index),
                authority=before.authority or mention.authority,
            )
        else:
            mentions.append(mention)
    return tuple(mentions)


_WEIGHT = (NamedBy.ADJECTIVE, NamedBy.COUNTRY, NamedBy.AUTHORITY)
_CONNECTING = frozenset("s of de du des del d the la le les los las el l ( ) do da dos".split())


def _joined(tokens: Sequence[Token], last: int, first: int) -> bool:
    """Whether only connecting words stand between."""
    return first - last <= 4 and all(t.folded in _CONNECTING for t in tokens[last:first])


def _widened(mention: PartyMention, office: Match[Name]) -> PartyMention:
    return replace(mention, end=office.end, last=office.last, named_by=NamedBy.AUTHORITY)


def _meanings(tokens: Sequence[Token]) -> Iterator[tuple[Match[Name], Meant]]:
    for match in names().find(tokens):
        capital = tokens[match.first].capitalised
        meant = match.value.capital if capital else match.value.small
        if meant is not None and meant.kind != "none":
            yield match, meant


def _code(meant: Meant, named: set[str]) -> str:
    """Whose name it is; of a shared one, whichever the sentence names besides."""
    if len(meant.codes) == 1:
        return meant.codes[0]
    besides = [code for code in meant.codes if code in named]
    return besides[0] if len(besides) == 1 else meant.default
