# SPDX-License-Identifier: Apache-2.0
"""An officer's own sign-ins that are still good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession

from comity.accounts.officer import Officer
from comity.catalogues import N_
from comity.errors import NotFoundError


class UnknownSessionError(NotFoundError):
    """None of the officer's sessions has this number."""

    code = "unknown-session"
    message = N_("None of your sessions has the number {number}.")
    remedy = N_("Open the list of your sessions.")


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in that is still good."""

    number: int
    began_at: datetime
    last_seen_at: datetime
    address: str
    browser: str
    current: bool


def sessions_of(officer: Officer, *, current: str) -> list[Session]:
    """The officer's sessions, the newest first; `current` is the key of the one that asks."""
    rows = UserSession.objects.filter(user__reference=officer.reference).order_by("-created_at")
    return [
        Session(
            number=row.pk,
            began_at=row.created_at,
            last_seen_at=row.last_seen_at,
            address=row.ip,
            browser=row.user_agent,
            current=row.session_key == current,
        )
        for row in rows
        if not row.purge()
    ]
