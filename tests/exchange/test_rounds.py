# SPDX-License-Identifier: Apache-2.0
"""One round of each name at once, none lost, a few in all."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest

from comity.exchange.rounds import Name, Rounds


class Seen:
    """Rounds that are counted, and held up where a test says so."""

    def __init__(self) -> None:
        self.done: Counter[Name] = Counter()
        self.at_once: Counter[Name] = Counter()
        self.most: Counter[Name] = Counter()
        self.most_in_all = 0
        self.left: list[tuple[Name, int]] = []
        self.lock = threading.Lock()
        self.go = threading.Event()
        self.go.set()

    def work(self, name: Name) -> None:
        with self.lock:
            self.at_once[name] += 1
            self.most[name] = max(self.most[name], self.at_once[name])
            self.most_in_all = max(self.most_in_all, self.at_once.total())
        self.go.wait(5)
        with self.lock:
            self.at_once[name] -= 1
            self.done[name] += 1

    def leave(self, name: Name, others: int) -> None:
        self.left.append((name, others))

    def wait(self, name: Name, times: int) -> None:
        until = time.monotonic() + 5
        while self.done[name] < times:
            assert time.monotonic() < until
            time.sleep(0.005)


@pytest.fixture
def seen() -> Seen:
    return Seen()


def test_a_round_that_is_asked_for_while_it_runs_is_done_once_more(seen: Seen):
    rounds = Rounds(seen.work, seen.leave, linger=0)
    seen.go.clear()
    rounds.ask(("XS", "letters"))

    for _ in range(10):
        rounds.ask(("XS", "letters"))
    seen.go.set()

    seen.wait(("XS", "letters"), 2)
    assert rounds.stop(5)
    assert seen.done["XS", "letters"] == 2
    assert seen.most["XS", "letters"] == 1


def test_no_asking_is_lost_however_it_falls(seen: Seen):
    rounds = Rounds(seen.work, seen.leave, linger=0.001)
    for number in range(200):
        before = seen.done["XS", "letters"]
        rounds.ask(("XS", "letters"))
        seen.wait(("XS", "letters"), before + 1)
        time.sleep(0.0001 * (number % 15))

    assert rounds.stop(5)
    assert seen.most["XS", "letters"] == 1


def test_only_a_few_run_in_all_and_each_has_its_turn(seen: Seen):
    rounds = Rounds(seen.work, seen.leave, most=3, linger=5)
    names = [(f"X{number}", "letters") for number in range(12)]

    for name in names:
        rounds.ask(name)

    for name in names:
        seen.wait(name, 1)
    assert rounds.stop(5)
    assert seen.most_in_all <= 3


def test_a_round_that_fails_ends_in_the_log_and_comes_again():
    tried = []

    def fail(name: Name) -> None:
        tried.append(name)
        raise RuntimeError("made up")

    rounds = Rounds(fail, lambda *_: None, linger=0)
    rounds.ask(("XS", "letters"))
    rounds.ask(("XS", "letters"))

    until = time.monotonic() + 5
    while len(tried) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(tried) >= 2
    assert rounds.stop(5)


def test_the_last_round_of_a_partner_knows_that_no_other_runs(seen: Seen):
    rounds = Rounds(seen.work, seen.leave, linger=0)
    rounds.ask(("XS", "letters"))
    seen.wait(("XS", "letters"), 1)

    assert rounds.stop(5)

    assert seen.left == [(("XS", "letters"), 0)]
    rounds.ask(("XS", "letters"))
    assert list(rounds.running) == []
