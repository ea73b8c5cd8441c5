# SPDX-License-Identifier: Apache-2.0
"""How long to wait before a process that died is started again. Plain: no clock, no process."""

from __future__ import annotations

import signal
from dataclasses import dataclass

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""A process that lived this many seconds is taken to be well; its next death is a first one."""
FORGIVEN_EVERY = 10.0
"""Each time a process lived this many seconds, one of its early deaths is forgotten."""
SETTLED = 3.0
"""Who ends a process that lived this many seconds is taken to want it started again at once."""


@dataclass(frozen=True, slots=True)
class Record:
    """How often in a row a process died soon after its start."""

    early_deaths: int = 0

    def after_death(self, lived: float) -> Record:
        """The record once the process has died after so many seconds."""
        if lived >= STEADY:
            return Record(1)
        return Record(max(0, self.early_deaths - int(lived / FORGIVEN_EVERY)) + 1)

    def after_end(self, lived: float) -> Record:
        """The record once somebody has told the process to end, as to restart it by hand."""
        return Record() if lived >= SETTLED else self.after_death(lived)

    @property
    def pause(self) -> float:
        """Seconds to wait before the next start: doubled with each early death."""
        if not self.early_deaths:
            return 0.0
        return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self.early_deaths - 1, 10))


def was_told_to_end(exit_code: int) -> bool:
    """Whether a process that ended this way did what it was told: nothing failed, nobody killed."""
    return exit_code in (0, -signal.SIGTERM)
