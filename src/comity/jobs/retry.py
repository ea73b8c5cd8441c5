# SPDX-License-Identifier: Apache-2.0
"""Whether a job that failed is tried again, and after how long. Plain: no clock, no queue."""

from __future__ import annotations

from dataclasses import dataclass

from comity.errors import (
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    PeerError,
    VerificationError,
)

HOPELESS = (InvalidInputError, NotFoundError, NotPermittedError, VerificationError)
"""Trying again changes nothing about these."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a job is tried, and how the pauses between tries grow."""

    tries: int = 8
    first_pause: int = 5
    """Seconds after the first failure; doubled after each further one."""
    longest_pause: int = 3600

    def pause_after(self, failures: int, error: BaseException) -> int | None:
        """Seconds until the next try after so many failures; None gives up."""
        if failures >= self.tries or not may_pass(error):
            return None
        return min(self.longest_pause, self.first_pause << (failures - 1))


ONCE = RetryPolicy(tries=1)


def may_pass(error: BaseException) -> bool:
    """Whether the same job could succeed another time."""
    if isinstance(error, PeerError):
        return not error.permanent
    return not isinstance(error, HOPELESS)
