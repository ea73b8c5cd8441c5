"""`comity training run`: from nothing to a running node that tells its story, and again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.node, pytest.mark.scenario, pytest.mark.slow]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def told(home: Path, port: int) -> tuple[str, str, int]:
    """Run until the story is told; what was printed, the map page's redirect, the exit code."""
    environment = os.environ | {
        "COMITY_HOME": str(home),
        "COMITY_PORT": str(port),
        "COMITY_LOCAL_PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
    }
    output = home.with_suffix(".txt")
    with output.open("w") as sink:
        node = subprocess.Popen(
            [sys.executable, "-m", "comity.cli", "training", "run"],
            env=environment,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        patience = time.monotonic() + 240
        while "Ctrl-C.\n" not in output.read_text().partition("Sign in at")[2]:
            assert node.poll() is None, output.read_text()
            assert time.monotonic() < patience, output.read_text()
            time.sleep(0.5)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/agreements/coverage/") as page:
            shown = page.geturl()
    finally:
        node.send_signal(signal.SIGINT)
        code = node.wait(60)
    return output.read_text(), shown, code


def test_a_training_node_turns_a_persons_question_into_a_lawful_yes_twice_in_a_row(
    tmp_path: Path,
) -> None:
    home, port = tmp_path / "node", free_port()

    first, sign_in, stopped = told(home, port)
    again, _, stopped_again = told(home, port)

    for story in (first, again):
        assert "From the shipped register alone: person-must-decide" in story
        assert re.search(r"this node's API: permitted, under us-cv-2023 \(ASM-\d+\)", story)
        assert "countersigned: CNF-00001, CNF-00002, CNF-00003." in story
        assert re.search(r"casey +[a-z0-9-]{24}", story)
        assert "Traceback" not in story
    assert "Making a training node" in first
    assert "Making a training node" not in again
    assert "/account/" in sign_in, "nobody sees a page before signing in"
    assert (stopped, stopped_again) == (0, 0)
