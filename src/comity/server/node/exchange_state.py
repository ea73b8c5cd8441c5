# SPDX-License-Identifier: Apache-2.0
"""What the exchange does at this moment, for status and measures: counts and codes alone.

Read from the tables without the framework, so that the supervisor stays small. No message, no
person and no address of anybody is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

WAITING = ("queued", "sending")

_PARTNERS = """
    SELECT p.code, p.state, p.binding, w.failures, w.problem, w.reached_at, w.heard_at
    FROM exchange_partner p JOIN exchange_way w ON w.partner_id = p.id ORDER BY p.code
"""
_MESSAGES = """
    SELECT p.code, m.state, count(*) FROM exchange_message m
    JOIN exchange_partner p ON p.id = m.partner_id GROUP BY 1, 2
"""
_OLDEST = """
    SELECT p.code, extract(epoch FROM now() - min(m.recorded_at)) FROM exchange_message m
    JOIN exchange_partner p ON p.id = m.partner_id
    WHERE m.direction = 'out' AND m.state IN ('queued', 'sending') GROUP BY 1
"""
_TO_TELL = """
    SELECT p.code, count(*) FROM exchange_evidence e
    JOIN exchange_message m ON m.id = e.message_id
    JOIN exchange_partner p ON p.id = m.partner_id WHERE e.to_tell GROUP BY 1
"""
_MAINTENANCE = "SELECT begun_at FROM exchange_maintenance WHERE ended_at IS NULL"
_ALARMS = "SELECT kind, count(*) FROM exchange_alarm WHERE closed_at IS NULL GROUP BY 1"


@dataclass(frozen=True, slots=True)
class PartnerState:
    """How it stands with one partner."""

    partner: str
    state: str
    binding: str
    failures: int
    problem: str
    reached_at: datetime | None
    heard_at: datetime | None
    messages: dict[str, int]
    """By their state."""
    oldest_seconds: float
    """How long the message waits that waits longest; 0 for none."""
    to_tell: int
    """Evidences that the partner has not confirmed."""

    @property
    def waiting(self) -> int:
        """Messages of ours that have not come through yet."""
        return sum(self.messages.get(state, 0) for state in WAITING)

    def as_dict(self) -> dict[str, Any]:
        """The state as a program reads it."""
        return {
            "partner": self.partner,
            "state": self.state,
            "waiting": self.waiting,
            "oldest_seconds": round(self.oldest_seconds),
            "dead": self.messages.get("dead", 0),
            "to_tell": self.to_tell,
            "failures": self.failures,
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """How it stands with the exchange."""

    partners: tuple[PartnerState, ...]
    maintenance_since: datetime | None
    alarms: dict[str, int]
    """Open ones, by their kind."""

    def as_dict(self) -> dict[str, Any]:
        """The state as a program reads it."""
        since = self.maintenance_since
        return {
            "maintenance_since": since.isoformat(timespec="seconds") if since else None,
            "alarms": self.alarms,
            "partners": [each.as_dict() for each in self.partners],
        }


def exchange_state(database: psycopg.Connection) -> ExchangeState | None:
    """The state that the tables hold; None where they are not there yet."""
    found = database.execute("SELECT to_regclass('exchange_way')").fetchone()
    if not found or not found[0]:
        return None
    states: dict[str, dict[str, int]] = {}
    for code, state, count in database.execute(_MESSAGES):
        states.setdefault(code, {})[state] = count
    oldest = {code: float(seconds) for code, seconds in database.execute(_OLDEST)}
    to_tell: dict[str, int] = dict(database.execute(_TO_TELL).fetchall())
    maintenance = database.execute(_MAINTENANCE).fetchone()
    partners = []
    for row in database.execute(_PARTNERS):
        code, state, binding, failures, problem, reached_at, heard_at = row
        partners.append(
            PartnerState(
                partner=code,
                state=state,
                binding=binding,
                failures=failures,
                problem=problem,
                reached_at=reached_at,
                heard_at=heard_at,
                messages=states.get(code, {}),
                oldest_seconds=oldest.get(code, 0.0),
                to_tell=to_tell.get(code, 0),
            )
        )
    return ExchangeState(
        partners=tuple(partners),
        maintenance_since=maintenance[0] if maintenance else None,
        alarms=dict(database.execute(_ALARMS).fetchall()),
    )
