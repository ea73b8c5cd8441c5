# SPDX-License-Identifier: Apache-2.0
"""What stands in the queue, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many jobs of one task are in one state."""

    task: str
    state: str
    """`todo`, `doing`, `succeeded`, `failed`, `cancelled` or `aborted`."""
    jobs: int


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """One job as the queue keeps it."""

    number: int
    task: str
    state: str
    attempts: int
    not_before: datetime | None


def queue_counts() -> list[QueueCount]:
    """How many jobs there are of each task in each state."""
    statement = """
        SELECT task_name, status::text, count(*)
        FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2
    """
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [QueueCount(*row) for row in cursor.fetchall()]


def jobs_of_task(task: str, *, limit: int = 100) -> list[QueuedJob]:
    """The latest jobs of one task, newest first."""
    statement = """
        SELECT id, task_name, status::text, attempts, scheduled_at
        FROM procrastinate_jobs WHERE task_name = %s ORDER BY id DESC LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [task, limit])
        return [QueuedJob(*row) for row in cursor.fetchall()]
