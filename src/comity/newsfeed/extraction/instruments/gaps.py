# SPDX-License-Identifier: Apache-2.0
"""What neighbouring sentences give to an act: its day, and the parties its own sentence leaves out.

A day or a party comes from the nearest place that tells it, never from elsewhere in the release.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from comity.newsfeed.extraction.instruments.scene import Told
from comity.newsfeed.extraction.instruments.words import (
    WHO,
    WITH,
    Frame,
    Subject,
    subjects,
    word_set,
)
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.reading import Reading
from comity.reference.taxonomy import Programme

REACH = 2
"""How many sentences later a day may still be told: "It was signed on"."""


DAY_ALONE = "NWS-106"
"""Where it names no instrument, it only gives another act its day."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One act as its sentence tells it, with what is known of its kind so far."""

    index: int
    told: Told
    kind: Programme | None
    referring: bool
    """It names the instrument by "the agreement", "it" or the act alone."""
    town: str = ""
    """The country of the seat where two officers signed, where only one country is named."""


def with_days(raw: Sequence[Raw], reading: Reading) -> list[Raw]:
    """Each act with its day, where a later sentence or that of the meeting gives it."""
    result = [_with_day_of_meeting(one, reading) for one in raw]
    told_in = {one.index for one in raw if one.told.day is not None}
    result = [_with_day_of_ceremony(one, reading, told_in) for one in result]
    taken: set[int] = set()
    for number, later in enumerate(result):
        for at in _waiting(result, number):
            result[at] = replace(result[at], told=replace(result[at].told, day=later.told.day))
            taken.add(number)
    return [
        one
        for number, one in enumerate(result)
        if number not in taken and not (one.referring and one.told.cue.rule.code == DAY_ALONE)
    ]


def _waiting(raw: Sequence[Raw], number: int) -> Iterator[int]:
    """The acts without a day that this one gives its day: those told last before it."""
    later = raw[number]
    if later.told.day is None or not later.referring or later.told.announced:
        return
    nearest = -1
    for at in range(number - 1, -1, -1):
        one = raw[at]
        if later.index - one.index > REACH or (nearest >= 0 and one.index != nearest):
            return
        if one.told.cue.rule.event != later.told.cue.rule.event:
            continue
        if one.told.day is not None or not later.told.codes <= one.told.codes:
            return
        if one.referring or (later.kind is not None and later.kind is not one.kind):
            continue
        nearest = one.index
        yield at


def _with_day_of_meeting(one: Raw, reading: Reading) -> Raw:
    """The day of the meeting: "They met on Monday. During the meeting they signed"."""
    if one.told.day is not None or one.index == 0 or one.told.cue.rule.event != "signed":
        return one
    tokens = reading.sentences[one.index].sentence.tokens
    before = reading.sentences[one.index - 1]
    at_meeting = any(t.folded in _MEETINGS for t in tokens[: one.told.cue.first])
    if not at_meeting or before.words.isdisjoint(_MET):
        return one
    days = [d for d in before.dates if d.past and len(d.value) == len("YYYY-MM-DD")]
    return replace(one, told=replace(one.told, day=days[0])) if len(days) == 1 else one


_MEETINGS = word_set(
    "meeting visit occasion talks reunion rencontre visite entretien encuentro visita reunion"
)
_MET = word_set(
    "met meet meets visited visit hosted welcomed received meeting rencontre rencontres recu "
    "accueilli visite reunis reunieron recibio visito reunion encuentro sostuvo"
)


def _with_day_of_ceremony(one: Raw, reading: Reading, told_in: Set[int]) -> Raw:
    """The day of the ceremony, which the next sentences give: "It took place on Monday"."""
    if one.told.day is not None or one.referring or one.told.cue.rule.event != "signed":
        return one
    for index in range(one.index + 1, min(one.index + 1 + REACH, len(reading.sentences))):
        later = reading.sentences[index]
        if index in told_in or later.words.isdisjoint(_CEREMONIES | _CUE_NOUNS):
            continue
        held = next((k for k, t in enumerate(later.sentence.tokens) if t.folded in _HELD), None)
        days = [d for d in later.dates if d.past and len(d.value) == len("YYYY-MM-DD")]
        if held is not None and len(days) == 1 and 0 <= days[0].first - held <= _NEAR_HELD:
            return replace(one, told=replace(one.told, day=days[0]))
    return one


_CEREMONIES = word_set("ceremony ceremonie ceremonia acto event evento")
_CUE_NOUNS = word_set("signing signature firma suscripcion")
_HELD = word_set(
    "held place deroulee deroule tenue tenu lieu realizo celebro llevo lugar desarrollo intervenue"
)
_NEAR_HELD = 8


def is_alike(one: Raw, reading: Reading) -> bool:
    """Whether it is another instrument of the same sort: "a similar agreement was signed"."""
    named = one.told.named
    tokens = reading.sentences[one.index].sentence.tokens
    around = tokens[max(0, named.first - 2) : named.head + 1] if named is not None else ()
    return any(token.folded in _ALIKE for token in around)


_ALIKE = word_set(
    "similar comparable identical pareil pareille similaire similaires semblable semblables "
    "similares parecido parecida semejante"
)


def is_among_customs(one: Raw, reading: Reading) -> bool:
    """Whether customs do it among themselves: "the customs of A and B signed an agreement"."""
    told = one.told
    if not told.whole or told.named is None or told.cue.frame is not Frame.ACT:
        return False
    if told.cue.rule.event not in ("signed", "text-agreed", "planned"):
        return False
    tokens = reading.sentences[one.index].sentence.tokens
    before = tokens[told.cue.first - 1].folded if told.cue.first else ""
    if before in WHO or _is_with_others(tokens, told):
        return False
    topics = subjects().find(tokens)
    if any(topic.value is Subject.FOREIGN for topic in topics):
        return False
    theirs = [t for t in topics if t.value in (Subject.CUSTOMS, Subject.AUTHORITY)]
    return any(
        party.authority or any(party.first - 6 <= t.first <= party.last for t in theirs)
        for party in told.parties
    )


def _is_with_others(tokens: Sequence[Token], told: Told) -> bool:
    """Whether the partner is none of the parties: "a protocol signed with the association"."""
    return any(
        token.folded in WITH and not any(index < party.first <= index + 8 for party in told.parties)
        for index, token in enumerate(tokens[told.cue.first : told.cue.end], told.cue.first)
    )


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of parties that the release tells by their own grammar, and those of its lead."""

    told: Sequence[Raw]
    lead: frozenset[str]
    publisher: str

    def completing(self, one: Raw) -> frozenset[str] | None:
        """The parties of an act whose sentence leaves some out; None where nobody tells them."""
        codes, publisher = one.told.codes, self.publisher
        for other in sorted(self.told, key=lambda other: _distance(one, other)):
            if codes <= other.told.codes:
                return self._at_seat(one, other) or other.told.codes
        if len(codes) == 1 and publisher and publisher not in codes:
            return codes | {publisher}
        if one.town and one.town not in codes:
            return codes | {one.town}
        if codes <= self.lead and len(self.lead) == 2:
            return self.lead
        if publisher and not codes and len(self.lead | {publisher}) == 2:
            return self.lead | {publisher}
        return None

    def _at_seat(self, one: Raw, other: Raw) -> frozenset[str] | None:
        """The town tells more than an act on another instrument does."""
        if not one.town or one.town in one.told.codes or self.publisher:
            return None
        return None if other.kind is one.kind else one.told.codes | {one.town}


def _distance(one: Raw, other: Raw) -> tuple[bool, bool, bool, int]:
    """How far the other act is: in this sentence, of this kind, told before, near."""
    away = one.index - other.index
    return (away != 0, other.kind is not one.kind, away < 0, abs(away))
