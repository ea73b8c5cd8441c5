# SPDX-License-Identifier: Apache-2.0
"""A thousand messages through faults drawn from a seed: nothing lost, nothing doubled, all proven.

The seed is another at every run and stands in the failure; COMITY_TEST_SEED replays it. That the
run would notice is tried with rules that are broken on purpose.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import SystemRandom

import pytest

from tests.support.broken_rules import NO_DUPLICATE_CHECK, RECEIPT_BEFORE_COMMIT
from tests.support.exchange_nodes import Pair
from tests.support.faulty_network import FaultyNetwork
from tests.support.random_faults import Run, faulty_pair, planned

pytestmark = [pytest.mark.node, pytest.mark.slow]

MESSAGES = int(os.environ.get("COMITY_TEST_MESSAGES", "1000"))
BURST = 50
"""Messages of a step, in the middle; something strikes in each."""
BEHIND_A_BROKEN_RULE = 50
AWAY = ("network lose-answer", "network truncate-answer")
"""What makes a sender hand the same over again."""

Nodes = tuple[Pair, tuple[FaultyNetwork, FaultyNetwork]]


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    """Two nodes with a bad network between them."""
    with faulty_pair() as made:
        yield made


def test_whatever_strikes_nothing_is_lost_and_nothing_is_doubled(nodes: Nodes):
    seed = int(os.environ.get("COMITY_TEST_SEED") or SystemRandom().randrange(10**6))
    run = Run(seed, *nodes)

    run.go(planned(seed, MESSAGES, burst=BURST))

    print(run.summary)
    replay = f"COMITY_TEST_SEED={seed} COMITY_TEST_MESSAGES={MESSAGES} pytest {__file__}"
    assert not run.wrong, run.failure(replay)


def test_the_plan_follows_from_the_seed():
    assert planned(7, 300) == planned(7, 300)
    assert planned(7, 300) != planned(8, 300)
    assert sum(len(set(side)) for step in planned(7, 300) for side in step.traffic) >= 300


def test_a_receipt_that_is_given_before_the_commit_shows_as_a_loss(nodes: Nodes):
    run = Run(1, *nodes, broken=RECEIPT_BEFORE_COMMIT)

    run.go(planned(1, BEHIND_A_BROKEN_RULE, burst=8, strikes=AWAY))

    assert any("is lost with its recipient" in each for each in run.wrong), run.summary


def test_an_effect_at_every_arrival_shows_as_a_double(nodes: Nodes):
    run = Run(2, *nodes, broken=NO_DUPLICATE_CHECK)

    run.go(planned(2, BEHIND_A_BROKEN_RULE, burst=8, strikes=AWAY))

    assert any("times message-received" in each for each in run.wrong), run.summary
