# SPDX-License-Identifier: Apache-2.0
"""How long to wait before a process that died is started again. Plain: no clock, no process."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""A process that lived this many seconds is taken to be well; its next death is a first one."""


@dataclass(frozen=True, slots=True)
class Record:
    """How often in a row a process died soon after its start."""

    early_deaths: int = 0

    def after_death(self, lived: float) -> Record:
        """The record once the process has died after so many seconds."""
        return Record(1 if lived >= STEADY else self.early_deaths + 1)

    @property
    def pause(self) -> float:
        """Seconds to wait before the next start: doubled with each early death."""
        if not self.early_deaths:
            return 0.0
        return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self.early_deaths - 1, 10))
