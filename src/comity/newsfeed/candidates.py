# SPDX-License-Identifier: Apache-2.0
"""Which instrument of the register an announced event is about, where several may fit.

An announcement names a kind, the parties and perhaps a day; never a reference. The claims of the
register decide: whoever already has the event on that day is meant, then whoever has it near that
day, then whoever had begun by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from comity.agreements.claim import Claim, Event, Precision
from comity.agreements.instrument import Instrument
from comity.agreements.register import Register
from comity.reference.days import day_of
from comity.reference.taxonomy import Programme

NEAR_DAYS = 730
"""Two days of one signature as far apart as this are a conflict; farther, two signatures."""

BEGINNINGS = frozenset({Event.SIGNED, Event.TEXT_AGREED, Event.NEGOTIATION_OPENED})
"""Events that come before an instrument stands: another one, years later, is another instrument."""


@dataclass(frozen=True, slots=True)
class Known:
    """A day as precise as it is known; without a first day, nothing is known."""

    first: date | None = None
    last: date | None = None
    precision: Precision = Precision.UNKNOWN

    def fits(self, claim: Claim) -> bool:
        """Whether both can be true: an unknown day contradicts nothing."""
        if self.first is None or self.last is None:
            return True
        if claim.earliest is None or claim.latest is None:
            return True
        return self.first <= claim.latest and claim.earliest <= self.last

    def days_from(self, claim: Claim) -> int | None:
        """Days between the two at the least; None where one of them is unknown."""
        if self.first is None or self.last is None or not claim.earliest or not claim.latest:
            return None
        gap = max((self.first - claim.latest).days, (claim.earliest - self.last).days)
        return max(gap, 0)


def known(text: str) -> Known:
    """`2022-09-16`, `2022-09` or `2022` as a span of days; anything else is not known."""
    forms = {10: ("", Precision.DAY), 7: ("-01", Precision.MONTH), 4: ("-01-01", Precision.YEAR)}
    rest, precision = forms.get(len(text), ("", Precision.UNKNOWN))
    if precision is Precision.UNKNOWN:
        return Known()
    try:
        first = day_of(text + rest)
    except ValueError:
        return Known()
    if precision is Precision.DAY:
        return Known(first, first, precision)
    year, month = first.year, first.month
    following = (year + 1, 1) if precision is Precision.YEAR or month == 12 else (year, month + 1)
    return Known(first, date.fromordinal(date(*following, 1).toordinal() - 1), precision)


@dataclass(frozen=True, slots=True)
class Choice:
    """The instrument that is meant, if any, and those that were there as well."""

    instrument: Instrument | None
    others: tuple[Instrument, ...] = ()
    ambiguous: bool = False
    """Nothing says which of `others` is meant."""


def candidates(
    register: Register, programme: Programme, parties: frozenset[str]
) -> tuple[Instrument, ...]:
    """Instruments of this programme between exactly these parties, in the order of references."""
    return tuple(
        instrument
        for instrument in register.of(min(parties))
        if instrument.programme is programme and codes_of(instrument) == parties
    )


def codes_of(instrument: Instrument) -> frozenset[str]:
    """The codes of its parties."""
    return frozenset(party.code for party in instrument.parties)


def chosen(event: Event, day: Known, found: Sequence[Instrument], *, mention: bool) -> Choice:
    """The instrument that an event on that day is about.

    `mention` is an event told beside the news ("first signed in 2002"): it never makes a second
    instrument of a pair that has one.
    """
    told = _by_claims(event, day, found)
    if told is not None:
        return _choice(told, found)
    if found and _loose(found[0]) and (event in BEGINNINGS or day.first is None):
        return Choice(None, tuple(found), ambiguous=day.first is None)
    if day.first is None:
        return _only(found)
    beginnings = _without_claim(event, day, found) if event in BEGINNINGS else _begun(day, found)
    if len(beginnings) == 1 or (beginnings and event not in BEGINNINGS):
        return _choice(beginnings[0], found, unsure=len(beginnings) > 1)
    if mention and found:
        return _only(found)
    return Choice(None, tuple(found))


def _by_claims(event: Event, day: Known, found: Iterable[Instrument]) -> Instrument | None:
    """The instrument with this very event on, or nearest to, the day."""
    events = {event, Event.SIGNED} if event is Event.REVISED else {event}
    near: list[tuple[int, int, Instrument]] = []
    for place, instrument in enumerate(found):
        for claim in whole(instrument.claims):
            if claim.event not in events:
                continue
            gap = day.days_from(claim)
            limit = 0 if claim.event is not event or _loose(instrument) else NEAR_DAYS
            if gap is not None and gap <= limit:
                near.append((gap, place, instrument))
    return min(near, key=lambda each: each[:2])[2] if near else None


def _loose(instrument: Instrument) -> bool:
    """The word “other” says too little for two of a pair to be the same one."""
    return instrument.programme is Programme.OTHER


def whole(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims that hold for the whole instrument: no single party, annex or territory."""
    return tuple(c for c in claims if not (c.party or c.annex or c.territory))


def _only(found: Sequence[Instrument]) -> Choice:
    if len(found) == 1:
        return Choice(found[0])
    return Choice(None, tuple(found), ambiguous=bool(found))


def _choice(one: Instrument, found: Iterable[Instrument], *, unsure: bool = False) -> Choice:
    return Choice(one, tuple(i for i in found if i is not one), ambiguous=unsure)


def _without_claim(event: Event, day: Known, found: Iterable[Instrument]) -> list[Instrument]:
    """Those of which nobody says when it happened, and which were not working before that day."""
    return [
        instrument
        for instrument in found
        if not any(c.event is event and c.on for c in whole(instrument.claims))
        and not _working_before(day, instrument)
    ]


def _working_before(day: Known, instrument: Instrument) -> bool:
    later = (Event.IN_FORCE, Event.PROVISIONALLY_APPLIED, Event.TERMINATED, Event.SIGNED)
    ends = [c.latest for c in whole(instrument.claims) if c.event in later and c.latest]
    return day.first is not None and any(end < day.first for end in ends)


def _begun(day: Known, found: Iterable[Instrument]) -> list[Instrument]:
    """Those that had begun by that day or have no known beginning, the youngest first."""
    begun = [(_beginning(instrument), instrument) for instrument in found]
    possible = [(b, i) for b, i in begun if b is None or day.last is None or b <= day.last]
    ordered = sorted(possible, key=lambda each: each[0] or date.min, reverse=True)
    return [instrument for _, instrument in ordered]


def _beginning(instrument: Instrument) -> date | None:
    first = (Event.SIGNED, Event.PROVISIONALLY_APPLIED, Event.IN_FORCE)
    days = [c.earliest for c in whole(instrument.claims) if c.event in first and c.earliest]
    return min(days, default=None)
