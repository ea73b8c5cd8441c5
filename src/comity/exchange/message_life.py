# SPDX-License-Identifier: Apache-2.0
"""A message's whole life on one line: what happened, what is being tried, what is awaited.

Plain: from what the ledger knows and an instant. Each step that somebody stated names its
evidence; what is awaited names the instant after which its absence becomes an evidence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from comity.exchange.evidence import NEGATIVE, Evidence, EvidenceKind
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding
from comity.exchange.time_outs import TERMS, Progress, due

SOON = timedelta(days=1)
FAR = timedelta(days=3650)


class Happening(StrEnum):
    """What a step tells, beside the kinds of evidence."""

    MADE = "made"
    """The sender's node made and signed the envelope."""
    ARRIVED = "arrived"
    """Its envelope reached our node."""
    ATTEMPTED = "attempted"
    """It was tried to be handed over, without success so far."""
    WITHDRAWN = "withdrawn"


class Tone(StrEnum):
    """How a step is to be looked at."""

    PLAIN = ""
    END = "end"
    """It went wrong."""
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the life."""

    what: Happening | EvidenceKind
    at: datetime | None
    """None where only that it happened is known."""
    by: str = ""
    """Administration, or officer of ours."""
    tone: Tone = Tone.PLAIN
    reason: str = ""
    """Code of why: `reasons`, or of what stood in the way."""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Lived:
    """What must be known of a message to tell its life."""

    direction: Direction
    state: MessageState
    sender: str
    submitted_by: str
    created_at: datetime
    recorded_at: datetime
    expires_at: datetime | None
    attempts: int
    next_try_at: datetime | None
    problem: str
    binding: Binding
    for_the_desk: bool
    evidences: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """Something that must have happened by an instant."""

    kind: EvidenceKind
    """What is stated if it has not."""
    until: datetime
    pressing: bool
    """Within a day, or over."""


def life(one: Lived, *, at: datetime) -> tuple[Step, ...]:
    """Every step, the earliest first; what is still awaited stands at the end."""
    steps = [Step(Happening.MADE, one.created_at, one.submitted_by or one.sender)]
    if one.direction is Direction.IN:
        steps.append(Step(Happening.ARRIVED, one.recorded_at))
    steps += [_stated(each) for each in one.evidences]
    steps.sort(key=lambda step: step.at or one.created_at)
    if one.state in (MessageState.QUEUED, MessageState.SENDING) and one.attempts:
        steps.append(Step(Happening.ATTEMPTED, one.next_try_at, reason=one.problem))
    if one.state is MessageState.WITHDRAWN:
        steps.append(Step(Happening.WITHDRAWN, None, tone=Tone.END))
    steps += [Step(c.kind, c.until, tone=Tone.FUTURE) for c in clocks(one, at=at) if c.until > at]
    return tuple(steps)


def clocks(one: Lived, *, at: datetime) -> tuple[Clock, ...]:
    """What is awaited now, the most pressing first."""
    progress = Progress(
        direction=one.direction,
        state=one.state,
        recorded_at=one.recorded_at,
        for_the_desk=one.for_the_desk,
        given={each.kind: each.at for each in one.evidences},
        expires_at=one.expires_at,
    )
    pending = due(progress, TERMS[one.binding], at + FAR)
    return tuple(Clock(each.kind, each.since, each.since <= at + SOON) for each in pending)


def _stated(one: Evidence) -> Step:
    wrong = one.kind in NEGATIVE
    reason = one.reason.code if one.reason else ""
    return Step(one.kind, one.at, one.by, Tone.END if wrong else Tone.PLAIN, reason, one)


def evidence_of(kind: EvidenceKind, evidences: Iterable[Evidence]) -> Evidence | None:
    """The first evidence of this kind; None where there is none."""
    return next((each for each in evidences if each.kind is kind), None)
