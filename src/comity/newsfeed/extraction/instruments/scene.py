# SPDX-License-Identifier: Apache-2.0
"""One sentence with everything it names, and what a cue in it tells."""

from __future__ import annotations

from collections.abc import Sequence
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
