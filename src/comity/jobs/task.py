# SPDX-License-Identifier: Apache-2.0
"""One kind of job: its name, the function that does it, when and how often it is tried. Plain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from comity.jobs.retry import RetryPolicy


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the table of tasks in `server.wiring`."""

    name: str
    """As it stands in the queue: `<capability>.<act>`; never reused for another act."""
    function: Callable[..., Any]  # any: each task has arguments of its own
    """One of the capability's `tasks`; it may wait (`async def`)."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    every: str = ""
    """A cron line for work that recurs; empty for work that somebody asks for."""
    alone: bool = False
    """Whether its jobs run one after the other, as asked for, and leave the threads to others."""
