# SPDX-License-Identifier: Apache-2.0
"""Real nodes for tests: made in a folder of their own, run as real processes, ended for sure."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from typing import Any

import psycopg

from comity.server import postgres
from comity.server.environment import Environment, read_environment, without_settings
from comity.server.node import processes
from comity.server.node.home import Home

READY_SECONDS = 90.0


@dataclass(slots=True)
class Node:
    """A node in a folder of its own."""

    path: Path
    variables: dict[str, str] = field(default_factory=dict)
    supervisor: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> Environment:
        """What its commands see."""
        return read_environment(self.all_variables())

    @property
    def home(self) -> Home:
        """The paths in its folder."""
        return Home.of(self.environment)

    @property
    def recovery_key(self) -> Path:
        """The key of its backups, kept outside of it."""
        return self.path.parent / "recovery.pem"

    def all_variables(self) -> dict[str, str]:
        """Its settings over this machine's variables, without this machine's settings."""
        return without_settings(os.environ) | {"COMITY_HOME": str(self.path)} | self.variables

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one `comity` command on it."""
        return subprocess.run(
            [sys.executable, "-m", "comity.cli", *words],
            env=self.all_variables(),
            capture_output=True,
            text=True,
            check=False,
        )

    def answer(self, *words: str) -> dict[str, Any]:
        """What a command answers to a program; it must succeed."""
        done = self.command(*words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def refusal(self, *words: str) -> str:
        """The code with which a command refuses."""
        done = self.command(*words, "--json")
        assert done.returncode != 0, done.stdout
        return str(json.loads(done.stdout)["type"])

    def begin(self) -> Node:
        """Start it and wait until it is ready."""
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "comity.cli", "node", "run", "--log", f"{self.path}.log"],
            env=self.all_variables(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.supervisor.stdout is not None
        first = self.supervisor.stdout.readline()
        assert "ready" in first, first + self.log
        return self

    @property
    def log(self) -> str:
        """Every log line so far."""
        return Path(f"{self.path}.log").read_text("utf-8")

    def end(self) -> int:
        """Ask it to stop, as a terminal does, and wait."""
        assert self.supervisor is not None
        self.supervisor.send_signal(signal.SIGINT)
        code = self.supervisor.wait(60)
        assert self.supervisor.stdout is not None
        self.supervisor.stdout.close()
        return code

    def process(self, name: str) -> processes.Process:
        """One of its processes, as noted."""
        return next(known for known in processes.noted(self.home) if known.name == name)

    def kill(self, name: str) -> processes.Process:
        """Kill one of its processes without warning."""
        killed = self.process(name)
        os.kill(killed.pid, signal.SIGKILL)
        if name == "supervisor" and self.supervisor:
            self.supervisor.wait(10)
            assert self.supervisor.stdout is not None
            self.supervisor.stdout.close()
        return killed

    def database(self) -> psycopg.Connection:
        """The running embedded database, as its superuser."""
        return psycopg.connect(
            host=str(postgres.socket_folder(self.path)),
            user=postgres.SUPERUSER,
            dbname="comity",
            autocommit=True,
        )

    def wait_until_ready(self) -> dict[str, Any]:
        """Wait until every process does its work; the status then."""
        return wait_for(lambda: (found := json.loads(self.status()))["ready"] and found)

    def status(self) -> str:
        """What `comity node status` says to programs."""
        return self.command("node", "status", "--json").stdout

    def remove(self) -> None:
        """End whatever runs and remove the folder."""
        if self.supervisor and self.supervisor.poll() is None:
            self.end()
        if self.supervisor and self.supervisor.stdout:
            self.supervisor.stdout.close()
        if self.path.exists() and self.home.made:
            self.command("node", "stop")
        shutil.rmtree(self.path.parent, ignore_errors=True)


def wait_for(condition: Any, seconds: float = READY_SECONDS) -> Any:  # any: what it returns
    """Wait until the condition holds; what it returned."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(psycopg.OperationalError, OSError):
            if found := condition():
                return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} seconds")


def free_port() -> int:
    """A port on which nobody listens now, below those that the system gives to anybody.

    A node that is killed and started again finds it free still, whatever runs beside it.
    """
    while True:
        port = SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port


def new_node(**variables: str) -> Node:
    """A node that is not made yet, with ports of its own."""
    folder = Path(tempfile.mkdtemp(prefix="comity-node-"))
    folder.chmod(0o711)
    ports = {"COMITY_PORT": str(free_port()), "COMITY_LOCAL_PORT": str(free_port())}
    return Node(folder / "home", ports | variables)


def made_node(**variables: str) -> Node:
    """A node that was made and does not run."""
    node = new_node(**variables)
    node.answer("node", "init", "--recovery-key-file", str(node.recovery_key))
    return node


def copy_of(node: Node) -> Node:
    """A stopped node with the same content."""
    copy = new_node()
    subprocess.run(["cp", "-a", str(node.path), str(copy.path)], check=True)
    shutil.copy(node.recovery_key, copy.recovery_key)
    return copy


@contextlib.contextmanager
def removed(node: Node) -> Iterator[Node]:
    """The node for as long as the block lasts."""
    try:
        yield node
    finally:
        node.remove()
