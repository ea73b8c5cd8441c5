# SPDX-License-Identifier: Apache-2.0
"""What may strike in a randomised run, and how each is over again.

A strike is a generator in three stretches: before the traffic begins, while it goes on, and when
it is over. The run heals what a strike leaves: processes that died are started again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from random import Random
from typing import Any

from comity.exchange.fault_points import Point
from tests.support.exchange_nodes import ExchangeNode
from tests.support.faulty_network import Fault, FaultyNetwork

Stretches = Generator[None, None, None]
MANY = 10_000_000
LONGEST_WAIT = 2.0


@dataclass(frozen=True, slots=True)
class Strike:
    """One that was drawn."""

    name: str
    side: int
    seed: int


@dataclass(frozen=True, slots=True)
class Field:
    """Where it strikes."""

    node: ExchangeNode
    partner: str
    network: FaultyNetwork
    """That leads to the node."""
    chance: Random
    start_worker: Callable[..., None]
    ask: Callable[..., dict[str, Any]]
    note: Callable[[str], None]


WORKERS = (
    Point.LEASED,
    Point.SEALED,
    Point.DELIVERED,
    Point.SETTLING,
    Point.SETTLED,
    Point.PART_ASKED,
    Point.PART_SENT,
    Point.TELLING,
    Point.TOLD,
    Point.TOLD_SETTLED,
    Point.RECEIVING,
    Point.RECEIVED,
    Point.SEGMENT_TAKEN,
    Point.PART_KEPT,
    Point.PART_TAKING,
    Point.PART_TAKEN,
    Point.HEARING,
    Point.HEARD,
)


def _listens(node: ExchangeNode) -> bool:
    with contextlib.suppress(OSError):
        address = ("127.0.0.1", node.node.environment.exchange_port)
        socket.create_connection(address, timeout=1).close()
        return True
    return False


def _wait_for(condition: Callable[[], bool], seconds: float = LONGEST_WAIT) -> None:
    """Until it has struck; not for long, for there may be nothing that it could strike."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)


def _kill_worker(at: Field) -> Stretches:
    yield
    time.sleep(at.chance.uniform(0, 0.5))
    at.node.kill_workers()
    yield


def _kill_at_point(at: Field) -> Stretches:
    point, nth = at.chance.choice(WORKERS), at.chance.choice((1, 1, 2, 3))
    at.node.die_at(f"{point}:{nth}")
    at.note(f"at {point}:{nth}")
    yield
    yield
    _wait_for(lambda: not at.node.fault_file.exists())


def _kill_poster(at: Field) -> Stretches:
    at.node.die_at(f"{Point.POSTING}:{at.chance.randint(1, 8)}")
    yield
    yield


def _stop_worker(at: Field) -> Stretches:
    yield
    time.sleep(at.chance.uniform(0, 0.3))
    at.node.stop_workers()
    yield


def _kill_actor(node: ExchangeNode) -> None:
    if node.actor is not None:
        node.actor.kill()


def _power_cut(at: Field) -> Stretches:
    yield
    time.sleep(at.chance.uniform(0, 0.5))
    _kill_actor(at.node)
    at.node.kill_all()
    yield


def _kill_database(at: Field) -> Stretches:
    yield
    time.sleep(at.chance.uniform(0, 0.5))
    assert at.node.server is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(at.node.server.pid, signal.SIGKILL)
    at.node.server.wait()
    yield


def _restart_database(at: Field) -> Stretches:
    yield
    time.sleep(at.chance.uniform(0, 0.5))
    at.node.stop_database()
    at.node.start_database()
    yield


def _two_workers(at: Field) -> Stretches:
    at.start_worker(at.node, COMITY_EXCHANGE_PORT="0")
    second = at.node.workers[-1]
    yield
    yield
    time.sleep(at.chance.uniform(1, 3))
    second.kill() if at.chance.random() < 0.5 else second.terminate()
    second.wait(30)


def _network(fault: Fault) -> Callable[[Field], Stretches]:
    def run(at: Field) -> Stretches:
        seconds = at.chance.uniform(0.3, 1.5)
        after = at.chance.choice((0, at.chance.randrange(20_000), at.chance.randrange(200_000)))
        struck = len(at.network.struck)
        at.network.arm(fault, after=after, seconds=seconds, times=at.chance.randint(1, 4))
        yield
        yield
        _wait_for(lambda: len(at.network.struck) > struck)
        at.network.calm()

    return run


def _bad_network(at: Field) -> Stretches:
    likely = {
        Fault.CUT: 3,
        Fault.RESET: 3,
        Fault.DELAY: 3,
        Fault.LOSE_ANSWER: 2,
        Fault.TRUNCATE_ANSWER: 2,
        Fault.CUT_ANSWER: 2,
        Fault.REFUSE: 1,
    }
    at.network.random.seed(at.chance.random())
    at.network.chaos(likely, within=at.chance.choice((5_000, 50_000, 500_000)))
    yield
    yield
    time.sleep(0.5)
    at.network.calm()


def _end_connections(at: Field) -> Stretches:
    yield
    for _ in range(3):
        time.sleep(at.chance.uniform(0, 0.2))
        at.network.end_connections()
    yield


def _maintenance(at: Field) -> Stretches:
    at.ask("begin_maintenance", minutes=at.chance.choice((0, 30)))
    yield
    yield
    at.ask("end_maintenance")


def _suspension(at: Field) -> Stretches:
    at.ask("suspend", partner=at.partner)
    yield
    yield
    at.ask("resume", partner=at.partner)


def _quota(at: Field) -> Stretches:
    at.ask("set_ceilings", partner=at.partner, messages_a_day=at.chance.choice((1, 100)))
    yield
    yield
    at.ask("set_ceilings", partner=at.partner, messages_a_day=MANY)


def _rotation(at: Field) -> Stretches:
    uses = at.chance.choice((["envelope"], ["encryption"], ["envelope", "encryption"]))
    return _rotate(at, uses)


def _tls_renewal(at: Field) -> Stretches:
    return _rotate(at, ["tls"])


def _rotate(at: Field, uses: list[str]) -> Stretches:
    if not at.ask("rotate", uses=uses)["rotated"]:
        at.note("not rotated: an earlier card is still on its way")
    yield
    yield
    at.ask("prepare_keys")


def _crowd(at: Field) -> Stretches:
    with contextlib.ExitStack() as stack:
        for _ in range(60):
            with contextlib.suppress(OSError):
                address = ("127.0.0.1", at.node.node.environment.exchange_port)
                stack.enter_context(socket.create_connection(address, timeout=1))
        yield
        yield
        time.sleep(0.5)


def _disk_reserve(at: Field) -> Stretches:
    free = shutil.disk_usage(at.node.node.path).free // 2**20
    reserve = at.chance.choice((free * 2 // 3, min(free * 2, 1024 * 1024)))
    return _another_worker(at, COMITY_EXCHANGE_RESERVE=str(reserve))


def _clock_off(at: Field) -> Stretches:
    return _another_worker(at, COMITY_TEST_CLOCK_HOURS=str(at.chance.choice((-7, -2, 3, 7))))


def _another_worker(at: Field, **variables: str) -> Stretches:
    at.node.kill_workers()
    at.start_worker(at.node, **variables)
    worker = at.node.workers[-1]
    _wait_for(lambda: worker.poll() is not None or _listens(at.node), 15)
    if worker.poll() is not None:
        at.note(f"{variables}: the worker did not start: {at.node.log[-400:]}")
    yield
    yield
    time.sleep(at.chance.uniform(0.5, 1.5))
    at.node.kill_workers()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of strike."""

    run: Callable[[Field], Stretches]
    weight: int = 2


STRIKES = {
    "kill worker": Kind(_kill_worker, 4),
    "kill at point": Kind(_kill_at_point, 8),
    "kill poster": Kind(_kill_poster, 3),
    "stop worker": Kind(_stop_worker, 1),
    "power cut": Kind(_power_cut, 3),
    "kill database": Kind(_kill_database),
    "restart database": Kind(_restart_database),
    "two workers": Kind(_two_workers),
    **{f"network {f}": Kind(_network(f)) for f in Fault},
    "bad network": Kind(_bad_network, 4),
    "end connections": Kind(_end_connections),
    "maintenance": Kind(_maintenance),
    "suspension": Kind(_suspension),
    "quota": Kind(_quota, 1),
    "key rotation": Kind(_rotation),
    "tls renewal": Kind(_tls_renewal),
    "crowd": Kind(_crowd, 1),
    "disk reserve": Kind(_disk_reserve, 1),
    "clock off": Kind(_clock_off),
}
