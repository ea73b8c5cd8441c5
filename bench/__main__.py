# SPDX-License-Identifier: Apache-2.0
"""Run every measurement, or those named, and write their sections of docs/benchmarks.md.

Each module `bench/<name>_bench.py` has `run() -> Measurement`; nothing here asserts: a figure is
stated, with what it stands beside, so that a noisy machine cannot lie.
"""

from __future__ import annotations

import importlib
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.measurement import Measurement

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`. Machines are noisy: read the ratio, which was measured in the same run as
its peer or physical limit, not the absolute figure. The goal stands beside each figure, and under
each table the day and the machine it was measured on.

"""


def main() -> int:
    """Measure what was named on the command line, or everything; other sections stay.

    Each in a process of its own: one node's database and memory are not the next one's.
    """
    wanted = sys.argv[1:]
    names = sorted(path.stem for path in FOLDER.glob("*_bench.py"))
    if len(wanted) == 1 and wanted[0] in names:
        _measure(wanted[0])
        return 0
    chosen = [name for name in names if not wanted or any(word in name for word in wanted)]
    ended = [subprocess.run([sys.executable, "-m", "bench", name]).returncode for name in chosen]
    for name in (name for name, code in zip(chosen, ended, strict=True) if code):
        print(f"not measured: {name}", file=sys.stderr)
    return int(any(ended) or not chosen)


def _measure(name: str) -> None:
    print(f"bench: {name}", flush=True)
    measurement: Measurement = importlib.import_module(f"bench.{name}").run()
    said = measurement.as_markdown()
    print(said, flush=True)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    _write(f"{said}\nMeasured on {datetime.now(UTC).date()}: {machine}.\n")
    print(f"written: {PAGE.relative_to(FOLDER.parent)}")


def _write(section: str) -> None:
    """Put a section in its place on the page, by the alphabet of the titles."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    by_title = {each.partition("\n")[0]: each.strip() for each in [*sections, section]}
    PAGE.write_text(HEAD + "\n\n".join(by_title[title] for title in sorted(by_title)) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
