# SPDX-License-Identifier: Apache-2.0
"""The pause before a restart grows with every early death and starts over after a steady life."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.server.node.restarting import FIRST_PAUSE, LONGEST_PAUSE, STEADY, Record


def test_a_process_that_never_died_is_started_at_once():
    assert Record().pause == 0.0


def test_each_early_death_doubles_the_pause():
    record, pauses = Record(), []
    for _ in range(9):
        record = record.after_death(lived=1.0)
        pauses.append(record.pause)

    assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_death_after_a_steady_life_is_a_first_one():
    assert Record(7).after_death(lived=STEADY).pause == FIRST_PAUSE


@given(st.lists(st.floats(0, 1000)))
def test_no_pause_is_longer_than_the_longest(lives: list[float]):
    record = Record()
    for lived in lives:
        record = record.after_death(lived)
        assert FIRST_PAUSE <= record.pause <= LONGEST_PAUSE
