# SPDX-License-Identifier: Apache-2.0
"""A network that drops, delays, stalls, resets, truncates and repeats: nothing lost or doubled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from comity.errors import PeerError
from tests.exchange.transports.conformance import MEBIBYTE
from tests.exchange.transports.test_https import HttpsWay
from tests.exchange.transports.test_pull import PullWay
from tests.support.faulty_network import Fault
from tests.support.memory_node import MemoryNode, acquaint

CONTENT = bytes(range(256)) * 4096 * 4
"""Four segments."""


@pytest.fixture
def way(tmp_path: Path) -> Iterator[HttpsWay]:
    sender, recipient = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    acquaint(sender, recipient)
    with ExitStack() as stack:
        yield HttpsWay(sender, recipient, stack)


@pytest.fixture
def fetching(tmp_path: Path) -> Iterator[PullWay]:
    sender, recipient = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    acquaint(sender, recipient)
    with ExitStack() as stack:
        yield PullWay(sender, recipient, stack)


@pytest.mark.slow
@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("after", [0, 700, 5_000, 1_500_000])
def test_whatever_breaks_once_nothing_is_lost_or_doubled(way: HttpsWay, fault: Fault, after: int):
    way.sender.post(CONTENT, b"small")
    way.sender.post()
    way.up.arm(fault, after=after, seconds=0.2)

    way.carry_all()

    way.require_equal()
    if fault not in (Fault.REFUSE, Fault.CUT_ANSWER):  # which wait for another occasion
        assert way.up.struck == [fault]


@pytest.mark.slow
@pytest.mark.parametrize("after", [0, 700, 5_000, 1_500_000])
def test_whatever_breaks_while_fetching_nothing_is_lost_or_doubled(fetching: PullWay, after: int):
    fetching.sender.post(CONTENT, b"small")
    fetching.sender.post()
    for fault in Fault:
        fetching.network.arm(fault, after=after, seconds=0.2)
        with suppress(PeerError):
            fetching.carry()
        fetching.recipient.wait_until_quiet()
    fetching.network.calm()

    fetching.carry_all()

    fetching.require_equal()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_one_fault_after_another_loses_and_doubles_nothing(way: HttpsWay, seed: int):
    faults = {
        Fault.CUT: 4,
        Fault.RESET: 4,
        Fault.DELAY: 3,
        Fault.LOSE_ANSWER: 4,
        Fault.TRUNCATE_ANSWER: 3,
        Fault.CUT_ANSWER: 2,
        Fault.REFUSE: 1,
        Fault.STALL: 1,
    }
    way.up.random.seed(seed)
    way.up.chaos(faults, within=30_000, seconds=0.05)
    for number in range(30):
        way.sender.post(text=f"the {number}th")
        if number % 10 == 0:
            way.sender.post(CONTENT, CONTENT[:100_000])
        with suppress(PeerError):
            way.carry()
        way.recipient.wait_until_quiet()
    struck = len(way.up.struck)
    way.up.calm()

    way.carry_all()

    way.require_equal()
    assert struck >= 10, f"seed {seed} tried too little"


def test_a_slow_partner_is_waited_for(way: HttpsWay):
    way.sender.post(CONTENT)
    way.up.arm(Fault.DELAY, after=2 * MEBIBYTE, seconds=1.0)

    assert way.carry_all() == 0

    way.require_equal()


@pytest.mark.slow
def test_a_partner_that_stalls_is_given_up_in_time_and_asked_again(way: HttpsWay):
    way.sender.post(CONTENT)
    way.up.arm(Fault.STALL, after=2 * MEBIBYTE, seconds=30)
    begun = time.monotonic()

    broken = way.carry_all()

    assert broken == 1
    assert time.monotonic() - begun < 15
    way.require_equal()


def test_what_was_recorded_on_the_way_and_is_sent_again_has_no_effect(way: HttpsWay):
    message = way.sender.post(b"a file")
    way.carry_all()
    taken = len(way.recipient.used)

    answer = way.up.replay()

    assert b"HTTP" not in answer
    assert len(way.recipient.used) == taken
    assert way.recipient.inbox[message].effects == 1


def test_a_kept_connection_that_ended_meanwhile_is_replaced_unnoticed(way: HttpsWay):
    way.sender.post()
    way.carry()
    way.up.end_connections()
    time.sleep(0.1)
    way.sender.post()

    way.carry()

    way.require_equal()


def test_two_threads_send_over_one_client_at_the_same_time(way: HttpsWay):
    from concurrent.futures import ThreadPoolExecutor

    large = way.sender.post(CONTENT * 4)
    small = [way.sender.post() for _ in range(20)]

    with ThreadPoolExecutor(4) as threads:
        sent = [threads.submit(way.sender.send, way.there, of=[m]) for m in (large, *small)]
    for each in sent:
        each.result()

    way.require_equal()
