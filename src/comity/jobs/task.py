# SPDX-License-Identifier: Apache-2.0
"""One kind of job: its name, the function that does it, when and how often it is tried. Plain."""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.jobs.retry import RetryPolicy


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the table of tasks in `server.wiring`."""

    name: str
    """As it stands in the queue: `<capability>.<act>`; never reused for another act."""
    function: str
    """Where it is: `comity.<capability>.tasks:<function>`; imported by the worker and the web."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    every: str = ""
    """A cron line for work that recurs; empty for work that somebody asks for."""
