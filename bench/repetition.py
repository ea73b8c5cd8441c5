# SPDX-License-Identifier: Apache-2.0
"""Repeating some work for a while, and how much memory a process takes for it at most.

Nothing of Comity is imported: a peer's process, in an environment of its own, reads it as well.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def paces(work: Callable[[], object], seconds: float) -> float:
    """The median seconds that the work takes, repeated for about so long, three times at least."""
    took: list[float] = []
    end = time.perf_counter() + seconds
    while len(took) < 3 or time.perf_counter() < end:
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def memory(work: Callable[[], object]) -> tuple[float, float] | None:
    """Mebibytes: the process's most while it works, and by how much it grew for that.

    None where the system does not say.
    """
    gc.collect()
    status, forget = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    try:
        forget.write_text("5")  # the kernel's highest mark begins anew (proc(5))
        before = _mebibytes(status, "VmRSS")
        work()
        most = _mebibytes(status, "VmHWM")
    except OSError:
        return None
    return most, max(0.0, most - before)


def most_memory(process: int | str = "self") -> float:
    """The most memory that a process has had since it began, in mebibytes.

    Not `ru_maxrss`, which a new process takes over from whoever started it.
    """
    return _mebibytes(Path(f"/proc/{process}/status"), "VmHWM")


def _mebibytes(status: Path, name: str) -> float:
    line = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024
