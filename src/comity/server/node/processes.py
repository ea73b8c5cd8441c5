# SPDX-License-Identifier: Apache-2.0
"""Which processes a node started, told apart from strangers that reuse their numbers.

A process is known by its number and the moment it began; each child leads a group of its own,
so that what a killed child leaves behind can be found and ended. Reads /proc: Linux.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from comity.server.node.home import Home, write_whole

PROC = Path("/proc")
DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass(frozen=True, slots=True)
class Process:
    """One process as it was when it was started."""

    name: str
    pid: int
    began: int
    """Ticks since the machine started; with the number, no two processes share it."""

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return began(self.pid) == self.began


@dataclass(frozen=True, slots=True)
class _Stat:
    state: str
    group: int
    session: int
    began: int


def _stat(pid: int | str) -> _Stat | None:
    try:
        words = (PROC / str(pid) / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return _Stat(words[0], int(words[2]), int(words[3]), int(words[19]))


def began(pid: int) -> int:
    """When this process began; 0 for none, and for one that has ended and waits to be reaped."""
    found = _stat(pid)
    return found.began if found and found.state not in "ZX" else 0


def process(name: str, pid: int) -> Process:
    """The process of this number as it is now."""
    return Process(name, pid, began(pid))


def members(leader: Process) -> list[int]:
    """The living processes of the session that this child led, itself included."""
    found = []
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (stat := _stat(folder.name)):
            ours = stat.session == leader.pid and stat.began >= leader.began
            if ours and stat.state not in "ZX":
                found.append(int(folder.name))
    return found


def end_all(leader: Process, *, patience: float = 10.0) -> bool:
    """End what is left of a child and its own children: asked first, then made to."""
    if not members(leader):
        return False
    for means, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        for pid in members(leader):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, means)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not members(leader):
                return True
            time.sleep(0.05)
    return True


def resident_kilobytes(pid: int) -> int:
    """How much memory the process holds; 0 when it is gone."""
    try:
        lines = (PROC / str(pid) / "status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def note(home: Home, processes: list[Process]) -> None:
    """Write down which processes run, for `status`, `stop` and the next start."""
    write_whole(home.processes_file, json.dumps([asdict(process) for process in processes]))


def noted(home: Home) -> list[Process]:
    """The processes last written down, alive or not."""
    try:
        return [Process(**item) for item in json.loads(home.processes_file.read_text("utf-8"))]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def end_with_parent() -> None:
    """Ask the system to end this process when the supervisor does, however that happens."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() == 1:  # it ended before we asked
        os.kill(os.getpid(), signal.SIGTERM)
