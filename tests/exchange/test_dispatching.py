# SPDX-License-Identifier: Apache-2.0
"""What goes together, when it is tried again, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.dispatching import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LONGEST_SLOW_DOWN,
    MOST_ATTEMPTS,
    MOST_BYTES,
    MOST_MESSAGES,
    GivenUp,
    asked_pause,
    batch_length,
    given_up,
    pause_after,
)
from comity.exchange.reasons import ReasonCode

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DRAWS = st.floats(0, 1)


@given(st.lists(st.integers(0, 3 * MOST_BYTES), max_size=120))
def test_a_batch_is_never_too_large_and_never_empty_while_something_waits(sizes: list[int]):
    length = batch_length(sizes)

    assert length <= min(len(sizes), MOST_MESSAGES)
    assert (length == 0) == (not sizes)
    assert length <= 1 or sum(sizes[:length]) <= MOST_BYTES


def test_after_a_failure_one_message_goes_alone():
    assert batch_length([10] * 20, failures=1) == 1
    assert batch_length([], failures=1) == 0


@given(st.integers(1, 60), DRAWS)
def test_each_failure_waits_at_least_half_as_long_as_the_doubled_pause(failures: int, draw: float):
    pause = pause_after(failures, draw=draw)

    whole = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 20))
    assert whole / 2 <= pause <= whole


def test_partners_that_failed_together_do_not_come_back_together():
    pauses = {pause_after(6, draw=draw / 10) for draw in range(11)}

    assert len(pauses) == 11


@given(st.integers(-5, 10**7), DRAWS)
def test_a_slow_down_is_honoured_up_to_what_is_reasonable(seconds: int, draw: float):
    pause = asked_pause(seconds, draw=draw)

    assert min(timedelta(seconds=max(1, seconds)), LONGEST_SLOW_DOWN) <= pause <= LONGEST_SLOW_DOWN


def test_a_message_is_given_up_when_it_expired_or_failed_too_often():
    past, to_come = NOW - timedelta(seconds=1), NOW + timedelta(days=1)

    assert given_up(attempts=0, expires_at=past, at=NOW) is GivenUp.EXPIRED
    assert given_up(attempts=MOST_ATTEMPTS, expires_at=to_come, at=NOW) is GivenUp.ATTEMPTS
    assert given_up(attempts=MOST_ATTEMPTS - 1, expires_at=None, at=NOW) is None


def test_every_reason_to_give_up_has_its_words():
    assert {reason.value for reason in GivenUp} <= {code.value for code in ReasonCode}
