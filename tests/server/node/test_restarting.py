# SPDX-License-Identifier: Apache-2.0
"""The pause before a restart grows with every early death and starts over after a steady life."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.server.node.restarting import (
    ENDS_AT_ONCE,
    FIRST_PAUSE,
    FORGIVEN_EVERY,
    LONGEST_PAUSE,
    SETTLED,
    STEADY,
    Record,
    was_told_to_end,
)


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


def test_living_on_takes_the_pause_down_again_step_by_step():
    assert Record(7).after_death(lived=2 * FORGIVEN_EVERY) == Record(6)

    record = Record(7)
    for _ in range(7):
        record = record.after_death(lived=2 * FORGIVEN_EVERY)
    assert record.pause == FIRST_PAUSE


def test_a_restart_by_hand_waits_for_nothing_unless_the_process_had_only_begun():
    assert Record(7).after_end(lived=SETTLED).pause == 0.0
    assert Record(7).after_end(lived=0.5).pause == LONGEST_PAUSE


def test_a_process_that_ends_in_good_order_again_and_again_is_held_back_like_one_that_dies():
    record, pauses = Record(), []
    for _ in range(ENDS_AT_ONCE + 3):
        record = record.after_end(lived=SETTLED)
        pauses.append(record.pause)

    assert pauses == [0.0] * ENDS_AT_ONCE + [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert record.after_end(lived=STEADY).pause == 0.0
    assert record.after_end(lived=STEADY).after_end(lived=SETTLED).pause == 0.0


@pytest.mark.parametrize(
    ("exit_code", "told"), [(0, True), (-15, True), (-9, False), (1, False), (-11, False)]
)
def test_only_an_orderly_end_is_taken_for_a_restart_by_hand(exit_code: int, *, told: bool):
    assert was_told_to_end(exit_code) is told


@given(st.lists(st.floats(0, 1000)))
def test_no_pause_is_longer_than_the_longest(lives: list[float]):
    record = Record()
    for lived in lives:
        record = record.after_death(lived)
        assert FIRST_PAUSE <= record.pause <= LONGEST_PAUSE
