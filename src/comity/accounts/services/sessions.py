# SPDX-License-Identifier: Apache-2.0
"""The sign-ins of an officer that are still good, and their end."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.queries.sessions import UnknownSessionError
from comity.journal import services as journal


@transaction.atomic
def end_session(number: int, *, by: Officer, at: datetime) -> None:
    """Sign one of the officer's own sessions out."""
    row = UserSession.objects.filter(pk=number, user__reference=by.reference).first()
    if row is None:
        raise UnknownSessionError(number=number)
    row.end()
    journal.record("session-ended", by.reference, by=by.actor, at=at)


@transaction.atomic
def end_other_sessions(keep: str, *, by: Officer, at: datetime) -> int:
    """Sign every own session out except the one with the key `keep`; return how many."""
    ended = _end(UserSession.objects.filter(user__reference=by.reference).exclude(session_key=keep))
    facts = {"count": str(ended)}
    journal.record("other-sessions-ended", by.reference, by=by.actor, at=at, facts=facts)
    return ended


def end_all_sessions(reference: str) -> int:
    """End every session of an officer; the caller journals why."""
    return _end(UserSession.objects.filter(user__reference=reference))


def _end(rows: object) -> int:
    ended = 0
    for row in rows:  # type: ignore[attr-defined]  # allauth ships no types
        row.end()
        ended += 1
    return ended
