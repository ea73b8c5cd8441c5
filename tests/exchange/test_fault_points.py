# SPDX-License-Identifier: Apache-2.0
"""A process ends where it was told to, the nth time, and nowhere else."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from comity.exchange import fault_points
from comity.exchange.fault_points import Point, watched

CHECKOUT = Path(__file__).parents[2]
COME_THREE_TIMES = """
from comity.exchange.fault_points import Point, reach
for number in range(3):
    reach(Point.SEALED)
    print(number, flush=True)
    reach(Point.DELIVERED)
"""


def run(instruction: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COME_THREE_TIMES],
        env=os.environ | {"COMITY_TEST_FAULT": instruction},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_point_is_reached_by_a_node_and_tried_by_killing_one():
    nodes = CHECKOUT / "tests" / "exchange" / "nodes"
    carried = [file.read_text("utf-8") for file in (CHECKOUT / "src").rglob("*.py")]
    tried = [file.read_text("utf-8") for file in nodes.glob("test_faults*.py")]
    reached = re.compile(r"(?:reach|watched)\([^)]*?Point\.([A-Z_]+)")

    assert {name for text in carried for name in reached.findall(text)} == set(Point.__members__)
    for name in Point.__members__:
        assert any(f"Point.{name}" in text for text in tried), name


def test_nothing_happens_unless_a_test_says_so():
    assert run("").returncode == 0
    assert run("settled").returncode == 0


def test_the_process_is_killed_the_nth_time_that_it_comes_there():
    ended = run("sealed:2")

    assert ended.returncode == -9
    assert ended.stdout.split() == ["0"]
    assert run("delivered").stdout.split() == ["0"]


def test_an_instruction_in_a_file_ends_one_process_and_not_its_successor(tmp_path: Path):
    file = tmp_path / "fault"
    file.write_text("sealed")

    assert run(f"@{file}").returncode == -9
    assert not file.exists()
    assert run(f"@{file}").returncode == 0


def test_a_watched_stream_is_the_stream_itself_and_comes_to_its_point(
    monkeypatch: pytest.MonkeyPatch,
):
    stream, come = io.BytesIO(bytes(100)), []
    assert watched(stream, Point.SEGMENT_TAKEN, 10) is stream

    monkeypatch.setattr(fault_points, "end_at_once", lambda: come.append(stream.tell()))
    fault_points.arm("segment-taken")
    try:
        watching = watched(stream, Point.SEGMENT_TAKEN, 30)
        while watching.read(10):
            pass
    finally:
        fault_points.arm("")

    assert come == [30, 60, 90]
