# SPDX-License-Identifier: Apache-2.0
"""What somebody says of an instrument's life: an event, its day, the source, how far to trust it.

A date is never a plain fact here. Two sources may disagree, and both claims are kept; a day may be
known to the month or the year only; "unknown" is a value. What follows from the claims taken
together (in force on a day: yes, no, unknown) is decided in `force`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Event(StrEnum):
    """What happened to an instrument (DOMAIN: the lifecycle of an agreement)."""

    REGISTERED = "registered"
    NEGOTIATION_OPENED = "negotiation-opened"
    TEXT_AGREED = "text-agreed"
    SIGNED = "signed"
    NOTIFIED = "notified"
    """One party told the other, or the depositary, that its own requirements are met."""
    PROVISIONALLY_APPLIED = "provisionally-applied"
    IN_FORCE = "in-force"
    DOMESTIC_EFFECT = "domestic-effect"
    """Published or enacted: may come later than force (United States-Brazil: two months)."""
    REVISED = "revised"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    TERMINATION_NOTIFIED = "termination-notified"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"
    SUCCEEDED = "succeeded"


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How far a claim is trusted. Only high and medium claims can settle a question."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNVERIFIED = "unverified"
    """Recalled from memory: a partner's name only, never a state."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: what, where, when."""

    title: str
    url: str = ""
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's statement that an event happened, perhaps on a known day."""

    event: Event
    source: Source
    confidence: Confidence
    recorded_on: date
    """The day the register learned of it: replaying a past day leaves out what came later."""
    on: date | None = None
    """The first day that fits; the month's or year's first where no more is known."""
    precision: Precision = Precision.DAY
    party: str = ""
    """The party (code) to which the claim is limited; empty when it holds for all."""
    annex: str = ""
    territory: str = ""
    """The territory to which the claim is limited (an extension by notes); empty for the whole."""
    other: str = ""
    """The other instrument: the one that supersedes, succeeds or revises this one."""
    note: str = ""

    @property
    def earliest(self) -> date | None:
        """The first day on which the event can have happened, None when unknown."""
        return self.on

    @property
    def latest(self) -> date | None:
        """The last day on which the event can have happened, None when unknown."""
        if self.on is None or self.precision is Precision.DAY:
            return self.on
        if self.precision is Precision.MONTH:
            return self.on.replace(day=monthrange(self.on.year, self.on.month)[1])
        return date(self.on.year, 12, 31)

    @property
    def credible(self) -> bool:
        """Whether the claim can settle a question by itself."""
        return self.confidence in (Confidence.HIGH, Confidence.MEDIUM)
