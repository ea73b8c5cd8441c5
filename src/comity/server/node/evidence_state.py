# SPDX-License-Identifier: Apache-2.0
"""What waits for somebody in evidence at this moment, for the measures: counts and codes alone.

Read from the tables without the framework, so that the supervisor stays small. No item, no person
and no case is in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

_ALARMS = "SELECT kind, count(*) FROM evidence_alarm WHERE closed_at IS NULL GROUP BY 1"
_DUTIES = """
    SELECT CASE WHEN ours THEN 'us' ELSE 'partner' END, count(*) FROM evidence_duty
    WHERE state IN ('open', 'warned', 'overdue') AND due_on < current_date GROUP BY 1
"""
_HAND_OVERS = """
    SELECT CASE WHEN incoming OR officer <> '' THEN 'us' ELSE 'partner' END, count(*)
    FROM evidence_handover WHERE state = 'proposed' GROUP BY 1
"""
_RECALLS_OF_PARTNERS = """
    SELECT count(*) FROM evidence_recall WHERE asked_by <> '' AND outcome = 'pending'
"""
_RECALLS_OF_OURS = "SELECT count(*) FROM evidence_recallholder WHERE answered_at IS NULL"


@dataclass(frozen=True, slots=True)
class EvidenceState:
    """How many things of each kind wait."""

    alarms: dict[str, int]
    """Open ones, by their kind."""
    overdue: dict[str, int]
    """Obligations past their day, by whose they are: `us` or `partner`."""
    hand_overs: dict[str, int]
    """Hand-overs that wait, by who has to answer."""
    recalls: dict[str, int]
    """Answers to recalls that are missing, by who owes them."""


def evidence_state(database: psycopg.Connection) -> EvidenceState | None:
    """The state that the tables hold; None where they are not there yet."""
    found = database.execute("SELECT to_regclass('evidence_recallholder')").fetchone()
    if not found or not found[0]:
        return None
    return EvidenceState(
        alarms=_counts(database, _ALARMS),
        overdue=_of_both(_counts(database, _DUTIES)),
        hand_overs=_of_both(_counts(database, _HAND_OVERS)),
        recalls={
            "us": _count(database, _RECALLS_OF_PARTNERS),
            "partner": _count(database, _RECALLS_OF_OURS),
        },
    )


def _of_both(found: dict[str, int]) -> dict[str, int]:
    """With a zero for whom nothing waits, so that a graph has a line."""
    return {"us": 0, "partner": 0} | found


def _counts(database: psycopg.Connection, query: str) -> dict[str, int]:
    return dict(database.execute(query).fetchall())


def _count(database: psycopg.Connection, query: str) -> int:
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0
