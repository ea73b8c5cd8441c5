# SPDX-License-Identifier: Apache-2.0
"""How long an account or an address waits after failed sign-ins.

The answer follows from the times of the failures alone, so it needs no timer and no counter to
reset. An attempt made while locked is refused before the password is looked at and is not a
failure, so that nobody can prolong another person's wait by hammering. Passkeys are exempt: there
is nothing to guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.catalogues import N_
from comity.errors import NotPermittedError


@dataclass(frozen=True, slots=True)
class LockoutRule:
    """After `allowed` failures within `memory`, each further one doubles the wait."""

    allowed: int
    memory: timedelta
    first_wait: timedelta
    longest_wait: timedelta


ACCOUNT = LockoutRule(
    allowed=5,
    memory=timedelta(hours=24),
    first_wait=timedelta(minutes=1),
    longest_wait=timedelta(hours=1),
)
"""For one account: about thirty guesses a day at most, however patient the guesser."""

ADDRESS = LockoutRule(
    allowed=50,
    memory=timedelta(hours=1),
    first_wait=timedelta(minutes=1),
    longest_wait=timedelta(minutes=15),
)
"""For one address: wide enough for an office behind one address, too narrow to try a list."""


def locked_until(
    rule: LockoutRule, failures: Iterable[datetime], *, at: datetime
) -> datetime | None:
    """The instant at which the next attempt is heard, or None when it is heard now."""
    remembered = sorted(moment for moment in failures if moment > at - rule.memory)
    if len(remembered) < rule.allowed:
        return None
    doublings = min(len(remembered) - rule.allowed, 32)
    wait = min(rule.first_wait * 2**doublings, rule.longest_wait)
    until = remembered[-1] + wait
    return until if until > at else None


class SignInLockedError(NotPermittedError):
    """Too many sign-ins failed, so that the next is not heard yet."""

    code = "sign-in-locked"
    message = N_("Too many sign-ins failed: the next one is heard at {until} UTC.")
    remedy = N_("Wait until then, sign in with a passkey, or ask an administrator for help.")
