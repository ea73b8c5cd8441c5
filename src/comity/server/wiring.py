# SPDX-License-Identifier: Apache-2.0
"""The tables that join capabilities: job → task.

Literal on purpose: who reads this file knows everything that runs later, and when.
"""

from __future__ import annotations

from procrastinate import App

from comity.jobs import tasks as jobs
from comity.jobs.retry import ONCE
from comity.jobs.task import Task
from comity.jobs.worker import register
from comity.journal import tasks as journal

TASKS: tuple[Task, ...] = (
    Task("jobs.retry_stalled", jobs.retry_stalled, ONCE, every="* * * * *"),
    Task("jobs.drop_finished", jobs.drop_finished, ONCE, every="17 3 * * *"),
    Task("journal.checkpoint", journal.sign_checkpoint, every="*/10 * * * *"),
)


def register_tasks(app: App) -> None:
    """Tell the queue every task; called once when Django is ready."""
    register(app, TASKS)
