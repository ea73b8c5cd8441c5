# SPDX-License-Identifier: Apache-2.0
"""What is sent together, when it is tried again, and when it is given up.

Plain: no clock, no chance, no table. A draw between 0 and 1 is given where chance is needed. A
partner that cannot be reached delays the whole way; a message that its recipient cannot take
delays only itself, so that it never stands in front of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

MOST_MESSAGES = 50
MOST_BYTES = 1024 * 1024
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=15)
LONGEST_SLOW_DOWN = timedelta(hours=1)
"""A partner's "not before" is honoured up to this; then it is asked again."""
MOST_ATTEMPTS = 40
"""Attempts in which the partner was reached and yet this message did not come through."""


class GivenUp(StrEnum):
    """Why no further attempt is made; that the time is over is `time_outs`' to say."""

    ATTEMPTS = "too-many-attempts"
    EXPIRED = "expired"


WHOLE_WAY = frozenset(
    {"maintenance", "partner-suspended", "partner-not-active", "quota-reached", "slow-down"}
)
"""What a partner says of everything, and not of the one message to which it says it."""


def batch_length(sizes: Sequence[int], *, failures: int = 0) -> int:
    """How many messages from the front go together.

    After a failure one goes alone: if it was the reason, the others need not suffer again.
    """
    if failures:
        return min(1, len(sizes))
    total = 0
    for number, size in enumerate(sizes[:MOST_MESSAGES]):
        total += size
        if number and total > MOST_BYTES:
            return number
    return min(len(sizes), MOST_MESSAGES)


def pause_after(failures: int, *, draw: float) -> timedelta:
    """How long to wait after so many failures in a row: doubled each time, with jitter.

    Between half and the whole of the pause, so that partners that failed together do not all
    come back together.
    """
    if failures <= 0:
        return timedelta(0)
    doubled: int = 2 ** min(failures - 1, 20)
    whole = min(LONGEST_PAUSE, FIRST_PAUSE * doubled)
    return whole * (0.5 + 0.5 * draw)


def asked_pause(seconds: int, *, draw: float) -> timedelta:
    """How long a partner asked us to wait, never less, and not longer than is reasonable."""
    asked = timedelta(seconds=max(1, seconds))
    return min(asked * (1 + 0.1 * draw), LONGEST_SLOW_DOWN)


def given_up(*, attempts: int, expires_at: datetime | None, at: datetime) -> GivenUp | None:
    """Why a message is not tried again; None where it is."""
    if expires_at is not None and at >= expires_at:
        return GivenUp.EXPIRED
    if attempts >= MOST_ATTEMPTS:
        return GivenUp.ATTEMPTS
    return None
