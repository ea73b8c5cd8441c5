# SPDX-License-Identifier: Apache-2.0
"""The tables that join capabilities: job → task.

Literal on purpose: who reads this file knows everything that runs later, and when.
"""

from __future__ import annotations

from procrastinate import App

from comity.jobs.retry import ONCE
from comity.jobs.task import Task

TASKS: tuple[Task, ...] = (
    Task("jobs.retry_stalled", "comity.jobs.tasks:retry_stalled", ONCE, every="* * * * *"),
    Task("jobs.drop_finished", "comity.jobs.tasks:drop_finished", ONCE, every="17 3 * * *"),
    Task("journal.checkpoint", "comity.jobs.tasks:sign_checkpoint", every="*/10 * * * *"),
)


def register_tasks(app: App) -> None:
    """Tell the queue every task; called once when Django is ready."""
    from comity.jobs.worker import register

    register(app, TASKS)
