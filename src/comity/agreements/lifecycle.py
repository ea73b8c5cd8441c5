# SPDX-License-Identifier: Apache-2.0
"""The acts of an instrument's life: from which states each may be done, and what records it.

`perform` turns an act into the claims that record it, or refuses with the states found and
expected. No act makes an instrument in force that was never signed, except by succession. Where an
instrument stands on a day is in `agreement_state`; a node journals every act.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comity.agreements.agreement_state import (
    NOT_YET,
    claims_of,
    days_after_notifications,
    entry_into_force_day,
    months_after_notifications,
    standing_on,
    state_on,
)
from comity.agreements.claim import Claim, Confidence, Event, Source
from comity.agreements.instrument import Instrument
from comity.agreements.overlay import Overlay
from comity.agreements.register import Register
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotPermittedError
from comity.reference.taxonomy import AgreementState as State


class Act(StrEnum):
    """What an administration records of an instrument's life. Each act is journalled by a node."""

    REGISTER = "register"
    OPEN_NEGOTIATION = "open-negotiation"
    AGREE_TEXT = "agree-text"
    SIGN = "sign"
    NOTIFY = "notify"
    APPLY_PROVISIONALLY = "apply-provisionally"
    BRING_INTO_FORCE = "bring-into-force"
    SUCCEED = "succeed"
    """A successor state goes on with its predecessor's instrument: force without a signature.
    The predecessor's own instrument is superseded by this one."""
    RECORD_DOMESTIC_EFFECT = "record-domestic-effect"
    OPEN_REVISION = "open-revision"
    REVISE = "revise"
    SUSPEND = "suspend"
    RESUME = "resume"
    GIVE_NOTICE = "give-notice"
    END = "end"
    SUPERSEDE = "supersede"


@dataclass(frozen=True, slots=True)
class Step:
    """From which states an act may be done, and the event that records it."""

    event: Event
    allowed_from: frozenset[State | None]
    names_party: bool = False
    names_other: bool = False


_OPEN: frozenset[State | None] = frozenset(
    {None, State.PROPOSED, State.NEGOTIATING_AUTHORITY_GRANTED}
)
_WORKING: frozenset[State | None] = frozenset(
    {State.IN_FORCE, State.IN_FORCE_PARTIAL, State.UNDER_REVISION}
)
_NOT_YET: frozenset[State | None] = frozenset(NOT_YET)

STEPS: dict[Act, Step] = {
    Act.REGISTER: Step(Event.REGISTERED, frozenset({None})),
    Act.OPEN_NEGOTIATION: Step(Event.NEGOTIATION_OPENED, _OPEN),
    Act.AGREE_TEXT: Step(Event.TEXT_AGREED, _OPEN | {State.UNDER_NEGOTIATION}),
    Act.SIGN: Step(Event.SIGNED, _OPEN | {State.UNDER_NEGOTIATION, State.TEXT_AGREED}),
    Act.NOTIFY: Step(Event.NOTIFIED, _NOT_YET, names_party=True),
    Act.APPLY_PROVISIONALLY: Step(
        Event.PROVISIONALLY_APPLIED, frozenset({State.SIGNED, State.AWAITING_NOTIFICATIONS})
    ),
    Act.BRING_INTO_FORCE: Step(Event.IN_FORCE, _NOT_YET),
    Act.SUCCEED: Step(Event.SUCCEEDED, _OPEN, names_other=True),
    Act.RECORD_DOMESTIC_EFFECT: Step(Event.DOMESTIC_EFFECT, _NOT_YET | _WORKING),
    Act.OPEN_REVISION: Step(
        Event.NEGOTIATION_OPENED, frozenset({State.IN_FORCE, State.IN_FORCE_PARTIAL})
    ),
    Act.REVISE: Step(Event.REVISED, _WORKING),
    Act.SUSPEND: Step(Event.SUSPENDED, _WORKING),
    Act.RESUME: Step(Event.RESUMED, frozenset({State.SUSPENDED})),
    Act.GIVE_NOTICE: Step(
        Event.TERMINATION_NOTIFIED,
        _WORKING | {State.SUSPENDED, State.PROVISIONALLY_APPLIED},
        names_party=True,
    ),
    Act.END: Step(
        Event.TERMINATED,
        _WORKING
        | {State.TERMINATION_NOTIFIED, State.SUSPENDED, State.PROVISIONALLY_APPLIED}
        | {State.TERMINATED},
    ),
    Act.SUPERSEDE: Step(
        Event.SUPERSEDED,
        _WORKING | _NOT_YET | {State.SUSPENDED, State.TERMINATION_NOTIFIED},
        names_other=True,
    ),
}
"""Every act with the states it may start from. `END` from TERMINATED records a clock run out."""


class ActOutOfOrderError(NotPermittedError):
    """The instrument is not in a state from which the act may be done."""

    code = "act-out-of-order"
    message = N_("{instrument} cannot {act} on {on}: it is {found}, and must be {expected}.")
    remedy = N_("Read its life with `comity agreements history {instrument}`.")


class ActIncompleteError(InvalidInputError):
    """The act needs a party, or the other instrument, and none was named."""

    code = "act-incomplete"
    message = N_("To {act} {instrument}, name the {part}.")
    remedy = N_("Give the {part} and record the act again.")


class UnknownPartyError(InvalidInputError):
    """Somebody acts who is no party to the instrument."""

    code = "not-a-party"
    message = N_("{party} is no party to {instrument}; the parties are {parties}.")
    remedy = N_("Name one of the parties.")


class EntryDayError(ConflictError):
    """The day of entry into force is not the one that the text and the notifications give."""

    code = "entry-into-force-day"
    message = N_(
        "{instrument} enters into force on {computed}, after the last notification and the term "
        "of the text, not on {on}."
    )
    remedy = N_("Record {computed}, or correct the notifications first.")


class NotificationMissingError(NotPermittedError):
    """A party has not yet notified that its requirements are met."""

    code = "notification-missing"
    message = N_("{instrument} needs the notification of {missing} before it is in force.")
    remedy = N_("Record the notification with the act `notify`.")


class NoticeRunningError(ConflictError):
    """The notice of termination still runs."""

    code = "notice-running"
    message = N_("{instrument} ends on {ends_on}, not on {on}: its notice still runs.")
    remedy = N_("Record the end on {ends_on} or later.")


@dataclass(frozen=True, slots=True)
class Deed:
    """One act as somebody reports it: what, on which day, by which party, on what evidence."""

    act: Act
    on: date
    source: Source
    recorded_on: date
    party: str = ""
    annex: str = ""
    territory: str = ""
    other: str = ""
    note: str = ""
    confidence: Confidence = Confidence.HIGH


def allowed_acts(
    instrument: Instrument,
    day: date,
    overlay: Overlay | None = None,
    register: Register | None = None,
) -> list[Act]:
    """The acts that may be done on the day."""
    state = state_on(instrument, day, overlay, register)
    return [act for act, step in STEPS.items() if state in step.allowed_from]


def perform(
    instrument: Instrument,
    deed: Deed,
    overlay: Overlay | None = None,
    register: Register | None = None,
) -> tuple[Claim, ...]:
    """The claims that record the deed, to be added to the instrument's.

    Raises:
        ActOutOfOrderError: the state on that day does not allow the act.
        ActIncompleteError, UnknownPartyError: the party or the other instrument is missing.
        EntryDayError, NotificationMissingError, NoticeRunningError: a clock says otherwise.
    """
    step = STEPS[deed.act]
    state = state_on(instrument, deed.on, overlay, register)
    if state not in step.allowed_from:
        raise ActOutOfOrderError(
            instrument=instrument.reference,
            act=deed.act,
            on=deed.on,
            found=state or "unknown",
            expected=" or ".join(sorted(s or "unknown" for s in step.allowed_from)),
        )
    _check_named(instrument, deed, step)
    CLOCKS.get(deed.act, _no_clock)(instrument, deed)
    return (
        Claim(
            event=step.event,
            source=deed.source,
            confidence=deed.confidence,
            recorded_on=deed.recorded_on,
            on=deed.on,
            party=deed.party,
            annex=deed.annex,
            territory=deed.territory,
            other=deed.other,
            note=deed.note,
        ),
    )


def _check_named(instrument: Instrument, deed: Deed, step: Step) -> None:
    parties = [party.code for party in instrument.parties]
    if step.names_party and not deed.party:
        raise ActIncompleteError(act=deed.act, instrument=instrument.reference, part="party")
    if deed.party and deed.party not in parties:
        raise UnknownPartyError(
            party=deed.party, instrument=instrument.reference, parties=", ".join(parties)
        )
    if step.names_other and not deed.other:
        raise ActIncompleteError(
            act=deed.act, instrument=instrument.reference, part="other instrument"
        )


def _no_clock(_instrument: Instrument, _deed: Deed) -> None:
    """Most acts wait for no clock."""


def _check_entry(instrument: Instrument, deed: Deed) -> None:
    """The second notification plus the text's term, where it has one; partial entries are apart."""
    terms = (days_after_notifications(instrument), months_after_notifications(instrument))
    if terms == (None, None) or deed.annex or deed.territory or deed.party:
        return
    computed = entry_into_force_day(instrument)
    if computed is None:
        notified = {claim.party for claim in claims_of(instrument.claims, Event.NOTIFIED)}
        missing = sorted({party.code for party in instrument.parties} - notified)
        raise NotificationMissingError(instrument=instrument.reference, missing=", ".join(missing))
    if computed != deed.on:
        raise EntryDayError(instrument=instrument.reference, computed=computed, on=deed.on)


def _check_end(instrument: Instrument, deed: Deed) -> None:
    standing = standing_on(instrument, deed.on)
    if standing.state is State.TERMINATION_NOTIFIED and standing.ends_on is not None:
        raise NoticeRunningError(
            instrument=instrument.reference, ends_on=standing.ends_on, on=deed.on
        )


CLOCKS: dict[Act, Callable[[Instrument, Deed], None]] = {
    Act.BRING_INTO_FORCE: _check_entry,
    Act.END: _check_end,
}
"""The acts whose day the text computes."""
