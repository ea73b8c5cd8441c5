# SPDX-License-Identifier: Apache-2.0
"""The duties that we owe or are owed for an item: when each is due, and how it ends.

A duty is opened by its trigger, warned of once, overdue once, and discharged once: each step is
taken at most one time, whatever the clock does. The duties themselves come from the assessment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from comity.agreements.assessment import Debtor, Obligation
from comity.agreements.obligations import due_day
from comity.catalogues import N_
from comity.errors import ConflictError, NotFoundError

WARNED_BEFORE = timedelta(days=7)
"""So long before its day a duty is shown as falling due."""
PROMPTLY = timedelta(days=14)
"""What "promptly" is here: a service standard of ours, never the text's own term."""


class DutyState(StrEnum):
    """Where a duty stands."""

    OPEN = "open"
    WARNED = "warned"
    OVERDUE = "overdue"
    DISCHARGED = "discharged"
    DISCHARGED_LATE = "discharged-late"
    RELEASED = "released"
    """What it was owed for is gone: the item was destroyed, or the supplier released us."""


STATE_WORDS: dict[DutyState, str] = {
    DutyState.OPEN: N_("open"),
    DutyState.WARNED: N_("falling due"),
    DutyState.OVERDUE: N_("overdue"),
    DutyState.DISCHARGED: N_("discharged"),
    DutyState.DISCHARGED_LATE: N_("discharged late"),
    DutyState.RELEASED: N_("released"),
}
LIVE = frozenset({DutyState.OPEN, DutyState.WARNED, DutyState.OVERDUE})
"""Duties that are still owed."""


class Discharge(StrEnum):
    """The acts that end duties."""

    NOTICE = "notice"
    CONSENT = "consent"
    RETURN = "return"
    RETURN_OR_DESTRUCTION = "return-or-destruction"
    DESTRUCTION = "destruction"
    REPORT = "report"
    ANSWER = "answer"
    ADVICE = "advice"


ENDS: dict[Discharge, frozenset[str]] = {
    Discharge.NOTICE: frozenset({"notice"}),
    Discharge.CONSENT: frozenset({"consent"}),
    Discharge.RETURN: frozenset({"return", "return-or-destruction"}),
    Discharge.RETURN_OR_DESTRUCTION: frozenset({"return-or-destruction"}),
    Discharge.DESTRUCTION: frozenset({"destruction", "return-or-destruction"}),
    Discharge.REPORT: frozenset({"report"}),
    Discharge.ANSWER: frozenset({"answer"}),
    Discharge.ADVICE: frozenset({"advice"}),
}
"""Which duties, by the act that they name as theirs, each act ends."""
STANDING = frozenset({"keep-confidential", "keep-restrictions", "ask-consent"})
"""Duties to leave something be: no day, no act, so no line in a calendar."""


class UnknownDutyError(NotFoundError):
    """There is no such duty."""

    code = "duty-unknown"
    message = N_("There is no duty {reference}.")
    remedy = N_("The calendar of obligations lists them all.")


class DutyEndedError(ConflictError):
    """The duty was ended before."""

    code = "duty-ended"
    message = N_("{reference} is {state} already.")
    remedy = N_("Nothing more is to be done.")


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the calendar of obligations."""

    reference: str
    item: str
    code: str
    """Of `agreements.obligations.OBLIGATIONS`."""
    debtor: Debtor
    ours: bool
    """Whether we owe it; it is owed to us otherwise."""
    counterpart: str
    due_on: date | None
    treaty_deadline: bool
    """Whether the text itself sets the term; otherwise the day is a standard of our own."""
    instrument: str
    article: str
    discharge: str
    """The act that ends it."""
    state: DutyState
    opened_on: date
    source: str
    """Reference of the act that opened it, such as a use."""
    discharged_by: str = ""
    """Reference of the act that ended it."""
    discharged_at: datetime | None = None

    @property
    def live(self) -> bool:
        """Whether it is still owed."""
        return self.state in LIVE

    def days_left(self, today: date) -> int | None:
        """Days until it is due, negative once it is overdue; None without a day."""
        return (self.due_on - today).days if self.due_on else None


def due_of(obligation: Obligation, triggered_on: date) -> date | None:
    """The day on which a duty is due; "promptly" gets the day of our own standard."""
    found = due_day(obligation, triggered_on)
    if found is None and obligation.due == "promptly":
        return triggered_on + PROMPTLY
    return found


def opens(obligation: Obligation, triggers: frozenset[str]) -> bool:
    """Whether these happenings open the duty, so that it stands in the calendar."""
    return obligation.trigger in triggers and obligation.code not in STANDING


def step(state: DutyState, due_on: date | None, today: date) -> DutyState:
    """The state that a duty has by this day; one that has ended stays as it is."""
    if state not in LIVE or due_on is None:
        return state
    if today > due_on:
        return DutyState.OVERDUE
    if state is DutyState.OPEN and today >= due_on - WARNED_BEFORE:
        return DutyState.WARNED
    return state


def discharged(due_on: date | None, on: date) -> DutyState:
    """The state after the act that ends the duty, done on this day."""
    late = due_on is not None and on > due_on
    return DutyState.DISCHARGED_LATE if late else DutyState.DISCHARGED
