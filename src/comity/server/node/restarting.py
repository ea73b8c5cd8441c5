# SPDX-License-Identifier: Apache-2.0
"""How long to wait before a process that died is started again. Plain: no clock, no process."""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""A process that lived this many seconds is taken to be well; its next death is a first one."""
FORGIVEN_EVERY = 10.0
"""Each time a process lived this many seconds, one of its early deaths is forgotten."""
SETTLED = 3.0
"""Who ends a process that lived this many seconds is taken to want it started again at once."""
ENDS_AT_ONCE = 3
"""So often in a row, without a steady life between; a process that ends itself is no person."""


@dataclass(frozen=True, slots=True)
class Record:
    """How often in a row a process died soon after its start, and how often it was told to end."""

    early_deaths: int = 0
    ends: int = 0

    def after_death(self, lived: float) -> Record:
        """The record once the process has died after so many seconds."""
        if lived >= STEADY:
            return Record(1)
        left = max(0, self.early_deaths - int(lived / FORGIVEN_EVERY))
        return Record(left + 1, self.ends)

    def after_end(self, lived: float) -> Record:
        """The record once somebody has told the process to end, as to restart it by hand."""
        if lived < SETTLED:
            return self.after_death(lived)
        ends = 1 if lived >= STEADY else self.ends + 1
        if ends > ENDS_AT_ONCE:
            return replace(self.after_death(lived), ends=ends)
        return Record(ends=ends)

    @property
    def pause(self) -> float:
        """Seconds to wait before the next start: doubled with each early death."""
        if not self.early_deaths:
            return 0.0
        return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self.early_deaths - 1, 10))


def was_told_to_end(exit_code: int) -> bool:
    """Whether a process that ended this way did what it was told: nothing failed, nobody killed."""
    return exit_code in (0, -signal.SIGTERM)
