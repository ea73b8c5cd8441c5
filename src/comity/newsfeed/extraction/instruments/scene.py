# SPDX-License-Identifier: Apache-2.0
"""One sentence with everything it names, and what a cue in it tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.instruments.clauses import Cue
from comity.newsfeed.extraction.instruments.kinds import Named
from comity.newsfeed.extraction.instruments.words import (
    compounds,
)
from comity.newsfeed.extraction.parties import NamedBy, PartyMention
from comity.newsfeed.extraction.phrases import Token


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence with everything it names."""

    tokens: Sequence[Token]
    named: Sequence[Named]
    cues: Sequence[Cue]
    parties: Sequence[PartyMention]
    dates: Sequence[DateMention]
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a cue tells of one instrument, as far as its sentence says it."""

    cue: Cue
    named: Named | None
    """None where only the act is named: "the signing ceremony"."""
    parties: tuple[PartyMention, ...]
    codes: frozenset[str]
    whole: bool
    """Whether the grammar names all parties: "between A and B", "A with B"."""
    ours: bool = False
    """The publisher speaks of itself: "we signed"."""
    day: DateMention | None = None
    announced: bool = False
    """The day is that of the announcement: "today announced the signing"."""
    aside: bool = False
    """It only speaks of a signing: it may complete what is told elsewhere."""


def with_compounds(
    tokens: Sequence[Token], parties: Sequence[PartyMention]
) -> tuple[PartyMention, ...]:
    """The parties and those that stand before a hyphen: "franco-brésilien", "sino-"."""
    found = list(parties)
    begins = {party.first for party in parties}
    for index, token in enumerate(tokens[:-1]):
        code = compounds().get(token.folded)
        if code and index + 1 in begins and index not in begins:
            named_by = NamedBy.ADJECTIVE
            found.append(PartyMention(token.start, token.end, index, index + 1, code, named_by))
    return (
        tuple(sorted(found, key=lambda p: p.first)) if len(found) > len(parties) else tuple(parties)
    )


def abbreviations_in(
    tokens: Sequence[Token], parties: Sequence[PartyMention]
) -> Iterator[tuple[str, str]]:
    """Abbreviations given to administrations, and their codes: "Coastal Customs (CCS)"."""
    for party in parties:
        after = tokens[party.last : party.last + 3]
        if party.named_by is not NamedBy.AUTHORITY or len(after) < len("(X)"):
            continue
        inside = after[1].text
        if after[0].text == "(" and after[2].text == ")" and inside.isupper() and len(inside) > 2:
            yield inside, party.code


def with_abbreviations(
    tokens: Sequence[Token], parties: Sequence[PartyMention], known: Mapping[str, str]
) -> tuple[PartyMention, ...]:
    """The parties and those named by an abbreviation that the release has explained."""
    taken = {index for party in parties for index in range(party.first, party.last)}
    found = [
        PartyMention(token.start, token.end, at, at + 1, known[token.text], NamedBy.AUTHORITY)
        for at, token in enumerate(tokens)
        if at not in taken and token.text in known
    ]
    return tuple(sorted((*parties, *found), key=lambda p: p.first)) if found else tuple(parties)
