# SPDX-License-Identifier: Apache-2.0
"""Two administrations' nodes that exchange messages: real databases and real worker processes.

A node here is its database and as many workers as a test wants, started and killed by the test
itself: no supervisor starts one again behind its back. An actor process posts and looks.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comity.agreements.domestic_law import sign_law
from comity.sealing.keys import SigningKey
from comity.server import postgres
from comity.server.postgres_programs import find_programs
from comity.server.training.nodes import LAWS, MADE_UP
from tests.support.nodes import Node, free_port, made_node, wait_for

CHECKOUT = Path(__file__).parents[2]
SETTLED = ("relayed", "refused", "delivered", "opened")
NORTHLAND, SOUTHLAND = "XN", "XS"


class ActorFailedError(AssertionError):
    """What was asked of the actor was refused or failed."""


@dataclass(slots=True)
class ExchangeNode:
    """One administration's node."""

    code: str
    node: Node
    server: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    actor: subprocess.Popen[str] | None = None
    fault_file: Path = field(init=False)

    def __post_init__(self) -> None:
        self.fault_file = self.node.path.parent / "fault"

    # Its processes

    def cluster(self) -> postgres.Cluster:
        """Its database."""
        return postgres.cluster_of(self.node.path, find_programs())

    def start_database(self) -> None:
        """As the supervisor does."""
        postgres.clear_remains(self.cluster())
        self.server = postgres.start(self.cluster())

    def stop_database(self) -> None:
        """In order."""
        postgres.stop(self.cluster(), self.server)

    def kill_database(self) -> None:
        """Without warning, with everything that belongs to it; the actor goes with it."""
        self._close_actor()
        assert self.server is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def start_worker(self, *, jobs: bool = False, **variables: str) -> subprocess.Popen[bytes]:
        """A worker with its exchange; with the job queue, it is the node's own worker."""
        module = "comity.server.node.worker" if jobs else "tests.support.exchange_worker"
        given = self.variables() | variables
        with (self.node.path.parent / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", module],
                env=given,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def wait_until_listening(self) -> None:
        """Wait until its port for partners takes connections."""
        port = self.node.environment.exchange_port
        wait_for(lambda: not socket.create_connection(("127.0.0.1", port), 1).close())

    def stop_workers(self, seconds: float = 120.0) -> None:
        """Ask all of them to end and wait until they have."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(seconds)
        self.workers.clear()

    def kill_one_worker(self) -> None:
        """The one that was started last, without warning."""
        worker = self.workers.pop()
        worker.kill()
        worker.wait()

    def kill_workers(self) -> None:
        """Without warning."""
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.workers.clear()

    def kill_all(self) -> None:
        """As a power cut does: everything at once, the database too."""
        for worker in self.workers:
            worker.kill()
        self.kill_database()
        self.kill_workers()

    def died(self, seconds: float = 120.0) -> int:
        """Wait until a worker has ended by itself; how."""
        ended = wait_for(lambda: [w for w in self.workers if w.poll() is not None], seconds)
        self.workers.remove(ended[0])
        return int(ended[0].returncode)

    def variables(self) -> dict[str, str]:
        """What its processes see."""
        fault = {"COMITY_TEST_FAULT": f"@{self.fault_file}"}
        return self.node.all_variables() | fault | {"COMITY_DATABASE_POOL": "0"}

    def die_at(self, point: str) -> None:
        """Let the process that comes to this point next be killed there; `point` or `point:nth`."""
        self.fault_file.write_text(point)

    @property
    def log(self) -> str:
        """What its workers wrote."""
        return (self.node.path.parent / "worker.log").read_text("utf-8")

    # What is asked of it

    def ask(self, act: str, **arguments: Any) -> dict[str, Any]:
        """Let the actor do something; its answer."""
        if self.actor is None or self.actor.poll() is not None:
            self._close_actor()
            self.actor = subprocess.Popen(
                [sys.executable, "-m", "tests.support.exchange_actor"],
                env=self.variables(),
                cwd=CHECKOUT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self.tell(act, **arguments)
        return self.answer()

    def tell(self, act: str, **arguments: Any) -> None:
        """Ask, and do not wait for the answer."""
        assert self.actor is not None
        assert self.actor.stdin is not None
        self.actor.stdin.write(json.dumps({"act": act, **arguments}) + "\n")
        self.actor.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """What the actor answers to what it was told."""
        assert self.actor is not None
        assert self.actor.stdout is not None
        line = self.actor.stdout.readline()
        if not line:
            self._close_actor()
        answer: dict[str, Any] = json.loads(line) if line else {"failed": "the actor ended"}
        if "failed" in answer:
            raise ActorFailedError(answer["failed"])
        return answer

    def messages(self, direction: str) -> list[dict[str, Any]]:
        """Its ledger in one direction."""
        found: list[dict[str, Any]] = self.ask("ledger", direction=direction)["messages"]
        return found

    def _close_actor(self) -> None:
        if self.actor and self.actor.stdin and self.actor.stdout:
            with contextlib.suppress(BrokenPipeError):
                self.actor.stdin.close()
            self.actor.stdout.close()
            self.actor.wait()
        self.actor = None

    def remove(self) -> None:
        """End everything and remove its folder."""
        self.kill_workers()
        self._close_actor()
        if self.server is not None and self.server.poll() is None:
            postgres.stop(self.cluster(), self.server)
        data = self.cluster().data.parent
        shutil.rmtree(self.node.path.parent, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)


@dataclass(slots=True)
class Pair:
    """Two nodes that know one another."""

    northland: ExchangeNode
    southland: ExchangeNode

    @property
    def both(self) -> tuple[ExchangeNode, ExchangeNode]:
        """Northland first."""
        return self.northland, self.southland

    def start_workers(self, *, jobs: bool = False) -> None:
        """One on each side, whatever an earlier test left there."""
        for each in self.both:
            if len(each.workers) != 1 or each.workers[0].poll() is not None:
                each.kill_workers()
                each.start_worker(jobs=jobs)
        for each in self.both:
            each.wait_until_listening()

    def wait_until_settled(self, seconds: float = 240.0, *, hurry: bool = False) -> None:
        """Wait until nothing of either side waits any more.

        In a hurry an operator tries again all the time, so that no pause is waited for.
        """
        until = time.monotonic() + seconds
        while not all(map(is_settled, self.both)):
            assert time.monotonic() < until, f"not within {seconds} seconds"
            if hurry:
                self.hurry()
            time.sleep(0.3 if hurry else 0.1)

    def hurry(self) -> None:
        """Try again on both sides, as an operator would: pauses end."""
        self.northland.ask("try_again", partner=SOUTHLAND)
        self.southland.ask("try_again", partner=NORTHLAND)

    def died_in_a_hurry(self, struck: ExchangeNode, seconds: float = 120.0) -> int:
        """Wait until a worker of this node has ended by itself, and wait for no pause; how."""
        until = time.monotonic() + seconds
        while all(worker.poll() is None for worker in struck.workers):
            assert time.monotonic() < until, f"not within {seconds} seconds"
            self.hurry()
            time.sleep(0.3)
        return struck.died()

    def compare(self) -> list[str]:
        """What is lost, doubled or different between the ledgers; nothing where all is well."""
        return [
            *differences(self.northland, self.southland),
            *differences(self.southland, self.northland),
        ]


def is_settled(node: ExchangeNode) -> bool:
    """Whether every message of this node is receipted or refused, and everything told."""
    found = node.ask("waiting")
    open_states = set(found["states"]) - {*SETTLED, "dead", "rejected", "withdrawn"}
    return not open_states and not found["to_tell"]


def differences(sender: ExchangeNode, recipient: ExchangeNode) -> list[str]:
    """Every message that one side says it sent and the other does not have exactly once."""
    sent = {row["id"]: row for row in sender.messages("out")}
    there = recipient.messages("in")
    found = [f"{row['id']} was never sent" for row in there if row["id"] not in sent]
    counted: dict[str, int] = {}
    for row in there:
        counted[row["id"]] = counted.get(row["id"], 0) + 1
        ours = sent.get(row["id"])
        if ours and (ours["digest"], ours["parts"]) != (row["digest"], row["parts"]):
            found.append(f"{row['id']} is another there")
        if ours and ours["receipt"] != row["receipt"]:
            found.append(f"{row['id']} has two receipts")
    found += [f"{message} is there {n} times" for message, n in counted.items() if n != 1]
    receipted = [row["id"] for row in sent.values() if row["receipt"]]
    return found + [f"{message} is lost" for message in receipted if message not in counted]


def exchange_node(code: str, **variables: str) -> ExchangeNode:
    """A node of this administration, made and not running."""
    port = free_port()
    given = {
        "COMITY_ADMINISTRATION": code,
        "COMITY_TRAINING": "true",
        "COMITY_EXCHANGE_PORT": str(port),
        "COMITY_EXCHANGE_URL": f"https://127.0.0.1:{port}",
        "COMITY_OUTBOUND_PRIVATE": "true",
        "COMITY_EXCHANGE_RESERVE": "64",
    }
    node = made_node(**(given | variables))
    enact(node.path, code)
    return ExchangeNode(code, node)


def enact(home: Path, code: str) -> None:
    """Sign the made-up law of this administration, and trust the key."""
    folder = home / LAWS
    folder.mkdir(mode=0o700, exist_ok=True)
    law = Path(shutil.copy(MADE_UP / f"{code.lower()}.yaml", folder))
    key = SigningKey.make()
    key.public.save(folder / f"{key.public.key_id}.pub")
    sign_law(law, key)


def introduce(one: ExchangeNode, other: ExchangeNode) -> None:
    """Exchange the cards, each confirmed by its fingerprint."""
    cards = {each.code: each.ask("make_ready") for each in (one, other)}
    for each, their in ((one, other), (other, one)):
        each.ask("accept", **cards[their.code])


@contextlib.contextmanager
def exchanging_pair(
    north: Mapping[str, str] | None = None, south: Mapping[str, str] | None = None
) -> Iterator[Pair]:
    """Two nodes with their databases running, and cards exchanged; no worker runs yet."""
    with contextlib.ExitStack() as stack:
        nodes = []
        for code, given in ((NORTHLAND, north), (SOUTHLAND, south)):
            made = exchange_node(code, **(given or {}))
            stack.callback(made.remove)
            made.start_database()
            nodes.append(made)
        introduce(*nodes)
        yield Pair(*nodes)


def eventually(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait until the condition holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds} seconds"
        time.sleep(0.1)
