# SPDX-License-Identifier: Apache-2.0
"""When a message that is not received, delivered or opened becomes an evidence of its own.

Pure: from what a ledger knows of a message and an instant follows what is due, each evidence
exactly once. A warning concerns its own side alone; a failure is told to the other, or ends the
sending. Keeping and signing the evidences is left to `services.timing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.exchange.evidence import EvidenceKind
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take: then it is said, then it has failed."""

    warn: timedelta
    fail: timedelta


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """The terms of one way to a partner."""

    relay: Term
    """From the submission to the receipt."""
    delivery: Term
    """From the receipt to the recipient's desk."""
    opening: Term
    """From the desk to the first officer who opens it."""


_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_DELIVERY, _OPENING = Term(4 * _HOUR, _DAY), Term(3 * _DAY, 10 * _DAY)

TERMS: Mapping[Binding, TimeOuts] = {
    Binding.PUSH: TimeOuts(Term(4 * _HOUR, 3 * _DAY), _DELIVERY, _OPENING),
    Binding.PULL: TimeOuts(Term(_DAY, 7 * _DAY), _DELIVERY, _OPENING),
    Binding.FOLDER: TimeOuts(Term(7 * _DAY, 30 * _DAY), Term(_DAY, 7 * _DAY), _OPENING),
    Binding.LETTER: TimeOuts(
        Term(21 * _DAY, 90 * _DAY), Term(7 * _DAY, 30 * _DAY), Term(14 * _DAY, 60 * _DAY)
    ),
}
"""By the way to the partner: a letter takes weeks where a node takes seconds."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the ledger knows of a message's life."""

    direction: Direction
    state: MessageState
    recorded_at: datetime
    for_the_desk: bool
    """Whether a person opens messages of its kind."""
    given: Mapping[EvidenceKind, datetime]
    """Every evidence about it, of either side, with its instant."""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """An evidence that our side has to make, and since when."""

    kind: EvidenceKind
    since: datetime


ON_ITS_WAY = frozenset((MessageState.QUEUED, MessageState.SENDING, MessageState.DISPATCHED))
SETTLED = frozenset(
    (
        MessageState.REFUSED,
        MessageState.REJECTED,
        MessageState.WITHDRAWN,
        MessageState.OPENED,
    )
)
"""Nothing more is awaited of these."""


def due(progress: Progress, terms: TimeOuts, at: datetime) -> tuple[Due, ...]:
    """What our side has to make by this instant and has not made yet, in the order of time."""
    if progress.state in SETTLED:
        return ()
    steps = _steps(progress, terms)
    found = [step for step in steps if step.since <= at and step.kind not in progress.given]
    return tuple(sorted(found, key=lambda step: step.since))


def next_instant(progress: Progress, terms: TimeOuts, after: datetime) -> datetime | None:
    """When the next evidence can become due, if nothing happens; None where none can."""
    if progress.state in SETTLED:
        return None
    steps = _steps(progress, terms)
    later = [s.since for s in steps if s.since > after and s.kind not in progress.given]
    return min(later, default=None)


def _steps(progress: Progress, terms: TimeOuts) -> Sequence[Due]:
    if progress.direction is Direction.OUT:
        return _ours(progress, terms)
    return _theirs(progress, terms)


def _ours(progress: Progress, terms: TimeOuts) -> Sequence[Due]:
    """What we await of a message that we sent."""
    if progress.state in ON_ITS_WAY:
        start, term = progress.recorded_at, terms.relay
        failed = start + term.fail
        if progress.expires_at is not None:
            failed = min(failed, progress.expires_at)
        warned = min(start + term.warn, failed)
        return (
            Due(EvidenceKind.RELAY_OVERDUE, warned),
            Due(EvidenceKind.RELAY_FAILED, failed),
        )
    if not progress.for_the_desk:
        return ()
    if progress.state is MessageState.RELAYED and EvidenceKind.NOT_DELIVERED not in progress.given:
        start = progress.given.get(EvidenceKind.RELAYED, progress.recorded_at)
        return (Due(EvidenceKind.DELIVERY_OVERDUE, start + terms.delivery.warn),)
    if progress.state is MessageState.DELIVERED and EvidenceKind.NOT_OPENED not in progress.given:
        start = progress.given.get(EvidenceKind.DELIVERED, progress.recorded_at)
        return (Due(EvidenceKind.OPENING_OVERDUE, start + terms.opening.warn),)
    return ()


def _theirs(progress: Progress, terms: TimeOuts) -> Sequence[Due]:
    """What we owe of a message that we received."""
    if not progress.for_the_desk:
        return ()
    if progress.state is MessageState.RECEIVED:
        start = progress.given.get(EvidenceKind.RELAYED, progress.recorded_at)
        return (Due(EvidenceKind.NOT_DELIVERED, start + terms.delivery.fail),)
    if progress.state is MessageState.DELIVERED:
        start = progress.given.get(EvidenceKind.DELIVERED, progress.recorded_at)
        return (Due(EvidenceKind.NOT_OPENED, start + terms.opening.fail),)
    return ()
