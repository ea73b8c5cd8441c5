# SPDX-License-Identifier: Apache-2.0
"""A process is known by its number and its beginning, and ended with all it started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from comity.server.node import processes
from comity.server.node.home import Home, NodeHeldError, held, holder
from tests.support.nodes import wait_for

PARENT = (
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path, tmp_path / "backups")


def test_a_number_that_was_used_again_is_not_the_same_process():
    ours = processes.process("test", os.getpid())

    assert ours.alive
    assert not processes.Process("test", os.getpid(), ours.began - 1).alive


def test_a_process_that_ended_and_was_not_reaped_is_not_alive():
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    known = processes.process("test", child.pid)

    wait_for(lambda: not known.alive, 20)

    assert child.wait() == 0


def test_what_a_child_started_is_ended_with_it():
    child = subprocess.Popen([sys.executable, "-c", PARENT], start_new_session=True)
    leader = processes.process("test", child.pid)
    wait_for(lambda: len(processes.members(leader)) == 2, 20)

    assert processes.end_all(leader) is True

    assert processes.members(leader) == []
    assert processes.end_all(leader) is False
    child.wait()


def test_what_a_killed_child_started_is_found_and_ended():
    child = subprocess.Popen([sys.executable, "-c", PARENT], start_new_session=True)
    leader = processes.process("test", child.pid)
    wait_for(lambda: len(processes.members(leader)) == 2, 20)
    child.kill()
    child.wait()

    assert len(processes.members(leader)) == 1
    processes.end_all(leader)

    assert processes.members(leader) == []


def test_the_processes_noted_are_read_again(home: Home):
    known = [processes.process("web", os.getpid())]

    processes.note(home, known)

    assert processes.noted(home) == known
    home.processes_file.write_text("[{]")
    assert processes.noted(home) == []


def test_a_home_is_held_by_one_process_and_named_to_the_next(home: Home):
    assert holder(home) is None
    with held(home, "comity node run"):
        assert holder(home) == (os.getpid(), "comity node run")
        with pytest.raises(NodeHeldError) as refused, held(home, "comity node backup"):
            pass
        assert refused.value.fields["pid"] == os.getpid()
        assert refused.value.fields["act"] == "comity node run"
    assert holder(home) is None
