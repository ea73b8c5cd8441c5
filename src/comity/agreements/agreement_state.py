# SPDX-License-Identifier: Apache-2.0
"""Where an instrument stands in its life on a day, and what its clocks say.

`standing_on` reads the state from the credible claims and the administration's confirmations;
where they do not settle it, `in_force` is unknown and the state is the last one that is sure.
Which acts may follow is in `lifecycle`; what binds two administrations, in `legal_basis`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from comity.agreements.claim import Claim, Event, Precision
from comity.agreements.force import BEGINNINGS, ForceState, force_on, months_after
from comity.agreements.instrument import Instrument
from comity.agreements.known_overlay import known_overlay
from comity.agreements.overlay import Overlay
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.register import Register
from comity.reference.groups import Groups
from comity.reference.taxonomy import AgreementState as State
from comity.reference.taxonomy import InstrumentKind


class Sure(StrEnum):
    """Whether something is so on a day, by every credible claim taken together."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """The state on a day. `since` is None where the day is not known."""

    state: State | None
    """The last state that is sure; None where nothing is known but the instrument's name."""
    in_force: Sure
    since: date | None = None
    ends_on: date | None = None
    """After a notice of termination: the day on which the instrument ends, where computable."""
    exact: bool = True
    """False where only the month or the year is known: `since` is then its last day."""

    @property
    def awaiting(self) -> bool:
        """Signed, and not known to be in force: the custodian's list of open questions."""
        return self.state in NOT_YET and self.in_force is not Sure.YES


NOT_YET = frozenset({State.SIGNED, State.AWAITING_NOTIFICATIONS, State.PROVISIONALLY_APPLIED})
ENDED = frozenset({State.TERMINATED, State.SUPERSEDED, State.SUCCEEDED})

LIFECYCLE = (
    State.PROPOSED,
    State.NEGOTIATING_AUTHORITY_GRANTED,
    State.UNDER_NEGOTIATION,
    State.TEXT_AGREED,
    State.SIGNED,
    State.AWAITING_NOTIFICATIONS,
    State.PROVISIONALLY_APPLIED,
    State.IN_FORCE,
)
"""The way of an instrument from the first idea to force, in order, for a bar on a page."""

BEFORE_FORCE: tuple[tuple[Event, State], ...] = (
    (Event.PROVISIONALLY_APPLIED, State.PROVISIONALLY_APPLIED),
    (Event.NOTIFIED, State.AWAITING_NOTIFICATIONS),
    (Event.SIGNED, State.SIGNED),
    (Event.TEXT_AGREED, State.TEXT_AGREED),
    (Event.NEGOTIATION_OPENED, State.UNDER_NEGOTIATION),
    (Event.REGISTERED, State.PROPOSED),
)
"""What each event means while the instrument is not in force, the furthest first."""

ENDINGS: tuple[tuple[Event, State], ...] = (
    (Event.SUPERSEDED, State.SUPERSEDED),
    (Event.TERMINATED, State.TERMINATED),
)


def standing_on(
    instrument: Instrument,
    day: date,
    overlay: Overlay | None = None,
    register: Register | None = None,
) -> Standing:
    """Where the instrument as a whole stands on the day.

    Between two parties this is what `force` says; for more, what is claimed of the whole, since a
    party may be bound later, by an annex only, or not at all. Without the register an instrument
    that supersedes this one is not seen.
    """
    claims = [claim for claim in instrument.claims if claim.credible]
    standing = _standing(instrument, claims, day, overlay or Overlay(), register)
    return replace(standing, exact=_known_to_the_day(claims, standing.since))


def state_on(
    instrument: Instrument,
    day: date,
    overlay: Overlay | None = None,
    register: Register | None = None,
) -> State | None:
    """The state on the day; None where nothing is known but the instrument's name."""
    return standing_on(instrument, day, overlay, register).state


def _standing(
    instrument: Instrument,
    claims: list[Claim],
    day: date,
    overlay: Overlay,
    register: Register | None,
) -> Standing:
    ended = _first_sure(claims, ENDINGS, day)
    if ended is not None:
        state = State.SUCCEEDED if _succeeded(instrument, claims, register) else ended[0]
        return Standing(state, Sure.NO, ended[1])
    force = _force(instrument, claims, day, overlay, register)
    if force.reason == "force-superseded":
        return Standing(State.SUPERSEDED, Sure.NO)
    notice = _happened(claims_of(claims, Event.TERMINATION_NOTIFIED), day)
    if notice[0] is Sure.YES:
        return _after_notice(instrument, notice[1], force, day)
    if force.reason == "force-suspended":
        return Standing(State.SUSPENDED, Sure.NO, force.since)
    if force.reason == "force-provisional":
        return Standing(State.PROVISIONALLY_APPLIED, Sure.YES, force.since)
    if force.sure is Sure.YES:
        return _while_in_force(claims, force, day)
    before = _first_sure(claims, BEFORE_FORCE, day)
    return Standing(before[0] if before else None, force.sure, before[1] if before else None)


def _known_to_the_day(claims: list[Claim], since: date | None) -> bool:
    precisions = {claim.precision for claim in claims if claim.latest == since}
    return not precisions or Precision.DAY in precisions


@dataclass(frozen=True, slots=True)
class _Force:
    """Force of the whole, since when, and `force`'s reason."""

    sure: Sure
    since: date | None = None
    reason: str = ""


def _after_notice(
    instrument: Instrument, notified_on: date | None, force: _Force, day: date
) -> Standing:
    """The clock of termination runs: until it has run out the instrument is what it was."""
    months = notice_months(instrument)
    ends_on = months_after(notified_on, months) if notified_on and months is not None else None
    if ends_on is not None and ends_on <= day:
        return Standing(State.TERMINATED, Sure.NO, ends_on, ends_on)
    return Standing(State.TERMINATION_NOTIFIED, force.sure, notified_on, ends_on)


def _while_in_force(claims: list[Claim], force: _Force, day: date) -> Standing:
    suspended = _happened(claims_of(claims, Event.SUSPENDED), day)
    resumed = _happened(claims_of(claims, Event.RESUMED), day)
    if suspended[0] is Sure.YES and not _later(resumed, suspended):
        return Standing(State.SUSPENDED, Sure.NO, suspended[1])
    reopened = _happened(_since(claims, Event.NEGOTIATION_OPENED, force.since), day)
    revised = _happened(claims_of(claims, Event.REVISED), day)
    if reopened[0] is Sure.YES and not _later(revised, reopened):
        return Standing(State.UNDER_REVISION, Sure.YES, reopened[1])
    entered = [claim for claim in claims if claim.event in BEGINNINGS]
    partial = bool(entered) and all(c.annex or c.territory or c.party for c in entered)
    state = State.IN_FORCE_PARTIAL if partial else State.IN_FORCE
    return Standing(state, Sure.YES, force.since)


def _force(
    instrument: Instrument,
    claims: list[Claim],
    day: date,
    overlay: Overlay,
    register: Register | None,
) -> _Force:
    multilateral = instrument.kind is InstrumentKind.TREATY_MULTILATERAL
    if len(instrument.parties) == 2 and not multilateral:
        one, other = instrument.parties
        alone = Register({instrument.reference: instrument}, Groups({}))
        force = force_on(
            instrument,
            day,
            parties=(one.code, other.code),
            register=register or alone,
            overlay=overlay,
        )
        return _Force(_SURE[force.state], _day(force.facts.get("since", "")), force.reason)
    return _force_of_many(instrument, claims, day, overlay)


def _force_of_many(
    instrument: Instrument, claims: list[Claim], day: date, overlay: Overlay
) -> _Force:
    for confirmation in known_overlay(overlay, None).force.get(instrument.reference, ()):
        begins, ends = confirmation.in_force_from, confirmation.in_force_until
        if begins is not None and begins <= day and (ends is None or day < ends):
            in_time = day <= confirmation.review_by
            return _Force(Sure.YES if in_time else Sure.UNKNOWN, begins, "force-confirmed")
    entered = [claim for claim in claims if claim.event in BEGINNINGS]
    if entered:
        return _Force(*_happened(entered, day))
    signed = claims_of(claims, Event.SIGNED)
    not_signed = bool(signed) and _happened(signed, day)[0] is Sure.NO
    return _Force(Sure.NO if not_signed else Sure.UNKNOWN)


_SURE = {
    ForceState.IN_FORCE: Sure.YES,
    ForceState.NOT_IN_FORCE: Sure.NO,
    ForceState.UNKNOWN: Sure.UNKNOWN,
}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if len(text) == 10 else None


def _happened(claims: Iterable[Claim], day: date) -> tuple[Sure, date | None]:
    """Whether all these claims of one event, some, or none put it on the day or before.

    With the day the last of them names: a state is sure only from then on. Claims limited to a
    party, annex or territory are left aside where the same event is claimed for the whole.
    """
    whole = [c for c in claims if not (c.party or c.annex or c.territory)] or list(claims)
    # Several partial claims are several happenings, not a conflict: the first of them counts.
    partial = bool(whole) and bool(whole[0].party or whole[0].annex or whole[0].territory)
    judged = [_one_happened(claim, day) for claim in whole]
    if partial and Sure.YES in judged:
        happened = [c.on for c, so in zip(whole, judged, strict=True) if so is Sure.YES and c.on]
        return Sure.YES, min(happened, default=None)
    if judged and all(so is Sure.YES for so in judged):
        days = [claim.latest for claim in whole if claim.latest is not None]
        return Sure.YES, max(days, default=None)
    if all(so is Sure.NO for so in judged):
        return Sure.NO, None
    return Sure.UNKNOWN, None


def _one_happened(claim: Claim, day: date) -> Sure:
    if claim.earliest is None or claim.latest is None:
        # A signature of unknown date has happened; force of unknown date may lie ahead.
        return Sure.YES if claim.event is Event.SIGNED else Sure.UNKNOWN
    if claim.latest <= day:
        return Sure.YES
    return Sure.NO if day < claim.earliest else Sure.UNKNOWN


def _succeeded(instrument: Instrument, claims: list[Claim], register: Register | None) -> bool:
    """Whether what took its place is the same instrument, continued by a successor state."""
    named = {claim.other for claim in claims_of(claims, Event.SUPERSEDED)}
    known = register.instruments if register is not None else {}
    return any(
        claim.other == instrument.reference
        for name in named & known.keys()
        for claim in claims_of(known[name].claims, Event.SUCCEEDED)
    )


def _first_sure(
    claims: list[Claim], table: tuple[tuple[Event, State], ...], day: date
) -> tuple[State, date | None] | None:
    for event, state in table:
        whole = [c for c in claims_of(claims, event) if event not in _WHOLE_ONLY or _is_whole(c)]
        happened, since = _happened(whole, day)
        if happened is Sure.YES:
            return state, since
    return None


_WHOLE_ONLY = frozenset({Event.SUPERSEDED, Event.TERMINATED})
"""A party's leaving, or one pair's new agreement, ends nothing for the others."""


def _is_whole(claim: Claim) -> bool:
    return not (claim.party or claim.annex or claim.territory)


def claims_of(claims: Iterable[Claim], event: Event) -> list[Claim]:
    """The claims of one event."""
    return [claim for claim in claims if claim.event is event]


def _since(claims: Iterable[Claim], event: Event, day: date | None) -> list[Claim]:
    return [
        c for c in claims_of(claims, event) if c.on is not None and day is not None and c.on >= day
    ]


def _later(one: tuple[Sure, date | None], other: tuple[Sure, date | None]) -> bool:
    return one[0] is Sure.YES and (one[1] or date.min) >= (other[1] or date.min)


def notice_months(instrument: Instrument) -> int | None:
    """Months between notice and end, where the text was read or confirmed; None where unknown."""
    return _number(instrument, ProvisionType.DURATION_TERMINATION, "notice_months")


def days_after_notifications(instrument: Instrument) -> int | None:
    """Days between the last notification and force, where the text was read or confirmed."""
    return _number(instrument, ProvisionType.ENTRY_INTO_FORCE, "days_after_notifications")


def months_after_notifications(instrument: Instrument) -> int | None:
    """Months between the last notification and force, where the text was read or confirmed."""
    return _number(instrument, ProvisionType.ENTRY_INTO_FORCE, "months_after_notifications")


def entry_into_force_day(instrument: Instrument) -> date | None:
    """The last party's notification plus the term of the text; None until both are known."""
    days, months = days_after_notifications(instrument), months_after_notifications(instrument)
    notified = {
        c.party: c.on for c in claims_of(instrument.claims, Event.NOTIFIED) if c.on and c.party
    }
    missing = {party.code for party in instrument.parties} - set(notified)
    if (days is None and months is None) or missing or not notified:
        return None
    return months_after(max(notified.values()), months or 0) + timedelta(days=days or 0)


def _number(instrument: Instrument, kind: ProvisionType, name: str) -> int | None:
    for provision in instrument.provisions:
        given = provision.parameters.get(name)
        # Where the text counts from another day than the notice, the term alone computes nothing.
        known = provision.basis is not Basis.ASSUMED and "effective" not in provision.parameters
        if provision.type is kind and known and isinstance(given, int):
            return given
    return None
