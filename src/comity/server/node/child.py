# SPDX-License-Identifier: Apache-2.0
"""One process that the supervisor keeps running, and what is remembered of its restarts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

from comity.server.node import processes
from comity.server.node.restarting import Record


@dataclass(slots=True)
class Child:
    """One process that is kept running."""

    name: str
    begin: Callable[[], subprocess.Popen[bytes]]
    running: subprocess.Popen[bytes] | None = None
    identity: processes.Process | None = None
    record: Record = field(default_factory=Record)
    since: float = 0.0
    not_before: float = 0.0
    restarts: int = 0

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self.running is not None and self.running.poll() is None
