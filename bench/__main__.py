# SPDX-License-Identifier: Apache-2.0
"""Run every measurement and write docs/benchmarks.md.

Each module `bench/<name>_bench.py` has `run() -> Measurement`; nothing here asserts: a figure is
stated, with what it stands beside, so that a noisy machine cannot lie.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.measurement import Measurement

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`. Machines are noisy: read the ratio, which was measured in the same run as
its peer or physical limit, not the absolute figure. The goal stands beside each figure.

"""


def main() -> int:
    """Measure what was named on the command line, or everything."""
    wanted = sys.argv[1:]
    names = sorted(path.stem for path in FOLDER.glob("*_bench.py"))
    parts = []
    for name in names:
        if wanted and not any(word in name for word in wanted):
            continue
        print(f"bench: {name}", flush=True)
        measurement: Measurement = importlib.import_module(f"bench.{name}").run()
        parts.append(measurement.as_markdown())
        print(parts[-1], flush=True)
    if not wanted:
        machine = (
            f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        )
        day = datetime.now(UTC).date()
        PAGE.write_text(f"{HEAD}Measured on {day}: {machine}.\n\n" + "\n".join(parts), "utf-8")
        print(f"written: {PAGE.relative_to(FOLDER.parent)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
