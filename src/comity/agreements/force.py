# SPDX-License-Identifier: Apache-2.0
"""Whether an instrument is in force between two parties on a day: yes, no, or unknown.

Claims are taken together: an instrument is in force only if it is so under every credible reading
of them, not in force only if it is so under none, and otherwise nobody knows. A claim of low
confidence settles nothing. A confirmation by the treaty custodian settles its interval, up to its
review date. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from comity.agreements.claim import Claim, Event
from comity.agreements.instrument import Instrument, Party, territories_of
from comity.agreements.known_overlay import KnownOverlay, known_overlay
from comity.agreements.overlay import Confirmation, Overlay
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.register import Register, country_of
from comity.reference.taxonomy import InstrumentKind


class ForceState(StrEnum):
    """The three answers."""

    IN_FORCE = "in-force"
    NOT_IN_FORCE = "not-in-force"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Force:
    """The answer for one instrument, one pair and one day, with the facts it rests on."""

    state: ForceState
    reason: str
    """A code of `reasons.REASONS`."""
    facts: Mapping[str, str] = field(default_factory=dict)
    basis: Basis | None = None
    article: str = ""
    ended: bool = False
    """True when it had been in force and has ended; false when it never began or nobody knows."""

    @property
    def in_force(self) -> bool:
        """Whether it is in force under every credible reading."""
        return self.state is ForceState.IN_FORCE


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which an event may have happened: surely not before one, surely by another."""

    earliest: date | None
    latest: date | None
    disputed: bool = False

    def happened(self, on: date) -> ForceState:
        """`in-force` when it surely had happened by the day, `not-in-force` when surely not."""
        if self.latest is not None and self.latest <= on:
            return ForceState.IN_FORCE
        if self.earliest is not None and on < self.earliest:
            return ForceState.NOT_IN_FORCE
        return ForceState.UNKNOWN


BEGINNINGS = (Event.IN_FORCE, Event.SUCCEEDED)
ENDINGS = (Event.TERMINATED, Event.SUPERSEDED)
IN_ORDER = {ForceState.IN_FORCE: 0, ForceState.UNKNOWN: 1, ForceState.NOT_IN_FORCE: 2}


def force_on(
    instrument: Instrument,
    day: date,
    *,
    parties: tuple[str, str],
    register: Register,
    overlay: Overlay | None = None,
    known_on: date | None = None,
) -> Force:
    """Whether the instrument is in force between these two parties on the day."""
    known = known_overlay(overlay or EMPTY, known_on)
    one, other = (country_of(party) for party in parties)
    return force_between(instrument, day, one, other, register, known)


EMPTY = Overlay()


def force_between(
    instrument: Instrument,
    day: date,
    one: str,
    other: str,
    register: Register,
    known: KnownOverlay,
) -> Force:
    """As `force_on`, for countries and an overlay already arranged."""
    force = _own_force(instrument, day, (one, other), register, known)
    if force.state is ForceState.NOT_IN_FORCE:
        return force
    for successor in register.successors(instrument.reference):
        if not _binds(successor, one, other, register):
            continue
        later = force_between(successor, day, one, other, register, known)
        facts = {"instrument": instrument.reference, "successor": successor.reference}
        if later.state is ForceState.IN_FORCE:
            return Force(
                ForceState.NOT_IN_FORCE, "force-superseded", facts, later.basis, ended=True
            )
        if later.state is ForceState.UNKNOWN:
            return Force(ForceState.UNKNOWN, "force-perhaps-superseded", facts)
    return force


def _binds(instrument: Instrument, one: str, other: str, register: Register) -> bool:
    references = {i.reference for i in register.between(one, other)}
    return instrument.reference in references


def _own_force(
    instrument: Instrument,
    day: date,
    pair: tuple[str, str],
    register: Register,
    known: KnownOverlay,
) -> Force:
    """The force that claims and confirmations give, successors left aside."""
    claimed = _claimed(instrument, _life_of(instrument, pair, register), day)
    confirmations = known.force.get(instrument.reference, ())
    if not confirmations:
        return claimed
    return _confirmed(confirmations, claimed, day)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is claimed of the days from which one side is bound."""

    party: str
    span: Span | None
    provisional: Span | None
    notifies: bool
    """The side is bound from a day that it must notify, and nobody claims that day."""
    joins: bool
    """The side is bound by joining, and nobody claims that it has."""


@dataclass(frozen=True, slots=True)
class Life:
    """An instrument's claims between two countries, arranged once for every day."""

    instrument: Instrument
    register: Register
    beginnings: tuple[Beginning, Beginning]
    signed: Span | None
    end: Span | None
    turns: tuple[Claim, ...]
    article: str


CACHED = 20_000
_LIVES: dict[tuple[int, str, str, int], Life] = {}
"""Each life keeps its instrument and register, so that an id never means another one."""


def _life_of(instrument: Instrument, pair: tuple[str, str], register: Register) -> Life:
    key = (id(instrument), *pair, id(register))
    kept = _LIVES.get(key)
    if kept is None:
        if len(_LIVES) >= CACHED:
            _LIVES.clear()
        kept = _LIVES[key] = _life(instrument, pair, register)
    return kept


def _life(instrument: Instrument, pair: tuple[str, str], register: Register) -> Life:
    claims = [c for c in _relevant(instrument, pair, register) if c.credible]
    one, other = (
        _beginning(instrument, claims, parties_of(instrument, code, register), code)
        for code in pair
    )
    end = span_of([c for c in claims if c.event in ENDINGS])
    return Life(
        instrument,
        register,
        (one, other),
        span_of([c for c in claims if c.event is Event.SIGNED]),
        end or _end_of_notice(instrument, claims),
        tuple(c for c in claims if c.event in (Event.SUSPENDED, Event.RESUMED)),
        _article(instrument),
    )


def _beginning(
    instrument: Instrument, claims: list[Claim], through: tuple[Party, ...], code: str
) -> Beginning:
    own = _of_party(claims, BEGINNINGS, code, through)
    span, alone = span_of(own), not any(c.party for c in own)
    joins = span is not None and alone and _joined_one_by_one(instrument)
    return Beginning(
        code,
        # The treaty's own entry into force binds nobody who has not joined.
        Span(span.earliest, None) if joins and span is not None else span,
        span_of(_of_party(claims, (Event.PROVISIONALLY_APPLIED,), code, through)),
        notifies=alone and any(p.obligations_unknown for p in through),
        joins=joins,
    )


def _confirmed(confirmations: Iterable[Confirmation], claimed: Force, day: date) -> Force:
    """What the custodian confirmed, where it speaks of the day and nothing credible contradicts."""
    answers = [_one_confirmation(c, claimed, day) for c in confirmations]
    states = {answer.state for answer in answers if answer.reason != "force-review-is-due"}
    if len(states) > 1:
        references = ", ".join(c.reference for c in confirmations)
        return Force(
            ForceState.UNKNOWN, "force-confirmations-disagree", {"confirmations": references}
        )
    settled = next((a for a in answers if a.reason != "force-review-is-due"), None)
    if settled is not None:
        return settled
    return answers[0] if claimed.state is ForceState.UNKNOWN else claimed


def _one_confirmation(confirmation: Confirmation, claimed: Force, day: date) -> Force:
    begins, ends = confirmation.in_force_from, confirmation.in_force_until
    facts = {
        "confirmation": confirmation.reference,
        "since": _iso(begins),
        "until": _iso(ends),
        "review_by": _iso(confirmation.review_by),
    }
    contradicted = claimed.state is ForceState.NOT_IN_FORCE and claimed.ended
    if begins is not None and day < begins:
        if claimed.state is ForceState.IN_FORCE:
            return Force(ForceState.UNKNOWN, "force-confirmation-contradicted", facts)
        return Force(ForceState.NOT_IN_FORCE, "force-not-yet-confirmed", facts, Basis.CONFIRMED)
    if ends is not None and day >= ends:
        return Force(
            ForceState.NOT_IN_FORCE, "force-confirmed-ended", facts, Basis.CONFIRMED, ended=True
        )
    if contradicted:
        return Force(ForceState.UNKNOWN, "force-confirmation-contradicted", facts)
    if day > confirmation.review_by:
        return Force(ForceState.UNKNOWN, "force-review-is-due", facts)
    return Force(ForceState.IN_FORCE, "force-confirmed", facts, Basis.CONFIRMED)


def _claimed(instrument: Instrument, life: Life, day: date) -> Force:
    """What the claims say together: begun for both, not ended, not suspended."""
    first, second = (_begun(instrument, life, side, day) for side in life.beginnings)
    begun = first if IN_ORDER[first.state] >= IN_ORDER[second.state] else second
    if begun.state is ForceState.NOT_IN_FORCE:
        return begun
    ended = _ended(instrument, life, day)
    if ended is not None and ended.state is ForceState.NOT_IN_FORCE:
        return ended
    if begun.state is ForceState.UNKNOWN:
        return begun
    return ended or begun


def _begun(instrument: Instrument, life: Life, side: Beginning, day: date) -> Force:
    """Whether the instrument had begun to bind the side by the day."""
    facts = {"instrument": instrument.reference, "on": day.isoformat(), "party": side.party}
    span, provisional = side.span, side.provisional
    state = span.happened(day) if span else ForceState.UNKNOWN
    if side.notifies and (span is None or state is not ForceState.NOT_IN_FORCE):
        return Force(ForceState.UNKNOWN, "force-obligations-not-notified", facts)
    if side.joins and state is ForceState.UNKNOWN:
        return Force(ForceState.UNKNOWN, "force-accession-unknown", facts)
    if span is not None and state is ForceState.IN_FORCE:
        facts["since"] = _iso(span.latest)
        return Force(state, "force-since", facts, Basis.READ, life.article)
    if provisional and provisional.happened(day) is ForceState.IN_FORCE:
        facts["since"] = _iso(provisional.latest)
        return Force(ForceState.IN_FORCE, "force-provisional", facts, Basis.READ, life.article)
    return _not_begun(facts, span, provisional, life.signed, day)


def _joined_one_by_one(instrument: Instrument) -> bool:
    """Whether parties are bound each from a day of its own, as claims show."""
    return instrument.kind is InstrumentKind.TREATY_MULTILATERAL and any(
        c.party for c in instrument.claims if c.event in BEGINNINGS
    )


def _not_begun(
    facts: dict[str, str],
    span: Span | None,
    provisional: Span | None,
    signed: Span | None,
    day: date,
) -> Force:
    """Why it is not surely in force: not yet, disputed, or signed with nothing known since."""
    first = [s.earliest for s in (span, provisional) if s is not None]
    earliest = min(first) if first and None not in first else None  # type: ignore[type-var]
    if earliest is None and signed is not None:
        earliest = signed.earliest
    if earliest is not None and day < earliest:
        begins = span if span is not None and span.latest is not None else provisional
        known = facts | {
            "since": _iso(begins.latest if begins else earliest),
            "entered": shown(begins) or _iso(earliest),
            "signed": shown(signed),
        }
        unsigned = signed is not None and signed.earliest is not None and day < signed.earliest
        reason = "force-not-yet-signed" if unsigned else "force-not-yet"
        return Force(ForceState.NOT_IN_FORCE, reason, known, Basis.READ)
    if span is not None and span.earliest is not None:
        known = facts | {"earliest": _iso(span.earliest), "latest": _iso(span.latest)}
        return Force(ForceState.UNKNOWN, "force-day-disputed", known)
    if signed is not None and signed.latest is not None:
        known = facts | {"signed": shown(signed)}
        return Force(ForceState.UNKNOWN, "force-signed-only", known)
    return Force(ForceState.UNKNOWN, "force-no-date", facts)


def _ended(instrument: Instrument, life: Life, day: date) -> Force | None:
    """Whether it has ended or is suspended: None when nothing says so."""
    if life.end is not None:
        facts = {
            "instrument": instrument.reference,
            "on": day.isoformat(),
            "ended": _iso(life.end.latest),
        }
        state = life.end.happened(day)
        if state is ForceState.IN_FORCE:  # the ending surely happened
            return Force(ForceState.NOT_IN_FORCE, "force-ended", facts, Basis.READ, ended=True)
        if state is ForceState.UNKNOWN:
            return Force(ForceState.UNKNOWN, "force-perhaps-ended", facts)
    return _suspended(instrument, life.turns, day) if life.turns else None


def _suspended(instrument: Instrument, turns: tuple[Claim, ...], day: date) -> Force | None:
    """Whether it is suspended on the day: the last suspension without a resumption since."""
    facts = {"instrument": instrument.reference, "on": day.isoformat()}
    states = [(c, Span(c.earliest, c.latest).happened(day)) for c in turns]
    if any(state is ForceState.UNKNOWN for _, state in states):
        return Force(ForceState.UNKNOWN, "force-perhaps-suspended", facts)
    passed = [c for c, state in states if state is ForceState.IN_FORCE]
    if not passed:
        return None
    last = max(passed, key=lambda c: (c.latest, c.event is Event.SUSPENDED))
    if last.event is Event.RESUMED:
        return None
    facts["since"] = _iso(last.latest)
    return Force(ForceState.NOT_IN_FORCE, "force-suspended", facts, Basis.READ)


def _end_of_notice(instrument: Instrument, claims: Iterable[Claim]) -> Span | None:
    """The end that a notice of termination brings after the term of the text."""
    notice = span_of([c for c in claims if c.event is Event.TERMINATION_NOTIFIED])
    if notice is None:
        return None
    for provision in instrument.provisions:
        months = provision.parameters.get("notice_months")
        if provision.type is ProvisionType.DURATION_TERMINATION and months is not None:
            read = provision.basis is not Basis.ASSUMED and not provision.parameters.get(
                "effective"
            )
            term = int(str(months))
            return Span(
                notice.earliest and months_after(notice.earliest, term),
                months_after(notice.latest, term) if read and notice.latest else None,
            )
    return Span(notice.earliest, None)


def span_of(claims: Iterable[Claim]) -> Span | None:
    """The days that the credible claims of one event leave open; None without such a claim."""
    credible = [claim for claim in claims if claim.credible]
    if not credible:
        return None
    earliest = [claim.earliest for claim in credible]
    latest = [claim.latest for claim in credible]
    return Span(
        None if None in earliest else min(earliest),  # type: ignore[type-var]
        None if None in latest else max(latest),  # type: ignore[type-var]
        disputed=len(set(zip(earliest, latest, strict=True))) > 1,
    )


def version_on(instrument: Instrument, day: date) -> str | None:
    """The version in force on the day; None when nobody knows which, "" for the original text."""
    found = ""
    for version in instrument.versions:
        span = span_of([c for c in version.claims if c.event in (Event.IN_FORCE, Event.REVISED)])
        signed = span_of([c for c in version.claims if c.event is Event.SIGNED])
        state = span.happened(day) if span else ForceState.UNKNOWN
        if span is None and signed is not None and signed.earliest and day < signed.earliest:
            state = ForceState.NOT_IN_FORCE
        if state is ForceState.UNKNOWN:
            return None
        if state is ForceState.IN_FORCE:
            found = version.code
    return found


def parties_of(instrument: Instrument, code: str, register: Register) -> tuple[Party, ...]:
    """The parties through which a country can be bound: itself, and groups it ever belonged to."""
    direct = tuple(p for p in instrument.parties if p.code == code)
    if direct:
        return direct
    return tuple(
        p
        for p in instrument.parties
        if code in register.groups.members_ever(p.code) or code in territories_of(instrument, p)
    )


def _of_party(
    claims: Iterable[Claim], events: tuple[Event, ...], code: str, through: tuple[Party, ...]
) -> list[Claim]:
    """The claims that begin the instrument for this party: its own, else those for all."""
    of_event = [c for c in claims if c.event in events]
    own = [c for c in of_event if c.party == code]
    if own:
        return own
    groups = {party.code for party in through}
    own = [c for c in of_event if c.party in groups]
    return own or [c for c in of_event if not c.party]


def _relevant(
    instrument: Instrument, pair: tuple[str, str], register: Register
) -> tuple[Claim, ...]:
    """Claims on the whole instrument that touch the pair; annex and territory claims are apart."""
    codes = {"", *pair}
    for code in pair:
        codes.update(p.code for p in parties_of(instrument, code, register))
    return tuple(
        c
        for c in instrument.claims
        if c.party in codes and not c.annex and (not c.territory or c.territory in pair)
    )


def _article(instrument: Instrument) -> str:
    for provision in instrument.provisions:
        if provision.type is ProvisionType.ENTRY_INTO_FORCE:
            return provision.article
    return ""


def shown(span: Span | None) -> str:
    """The days that a span leaves open, as exactly as they are known: a day, a month, a year."""
    if span is None or span.earliest is None or span.latest is None:
        return ""
    first, last = span.earliest, span.latest
    if first == last:
        return first.isoformat()
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return str(first.year)
    if first.day == 1 and last == months_after(first, 1) - timedelta(days=1):
        return first.isoformat()[:7]
    return f"{first.isoformat()} / {last.isoformat()}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last day."""
    from calendar import monthrange

    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
