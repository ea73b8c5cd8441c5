# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.accounts.lockout import ACCOUNT, ADDRESS, locked_until

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def failures(count: int, *, last: datetime = NOON) -> list[datetime]:
    return [last - timedelta(seconds=n) for n in range(count)]


def test_four_failures_lock_nothing():
    assert locked_until(ACCOUNT, failures(4), at=NOON) is None


def test_the_fifth_failure_makes_the_next_attempt_wait_a_minute():
    assert locked_until(ACCOUNT, failures(5), at=NOON) == NOON + MINUTE
    assert locked_until(ACCOUNT, failures(5), at=NOON + MINUTE) is None


def test_each_further_failure_doubles_the_wait_up_to_an_hour():
    waits = [locked_until(ACCOUNT, failures(n), at=NOON) - NOON for n in range(5, 13)]

    assert waits == [MINUTE * n for n in (1, 2, 4, 8, 16, 32, 60, 60)]


def test_failures_are_forgotten_after_a_day():
    assert locked_until(ACCOUNT, failures(40), at=NOON + timedelta(hours=25)) is None


def test_an_office_behind_one_address_may_fail_fifty_times_in_an_hour():
    assert locked_until(ADDRESS, failures(49), at=NOON) is None
    assert locked_until(ADDRESS, failures(50), at=NOON) == NOON + MINUTE
    assert locked_until(ADDRESS, failures(90), at=NOON) == NOON + timedelta(minutes=15)


offsets = st.lists(st.integers(0, 48 * 3600), max_size=80)


@given(offsets)
def test_the_order_in_which_failures_are_read_does_not_matter(seconds):
    moments = [NOON - timedelta(seconds=s) for s in seconds]

    assert locked_until(ACCOUNT, moments, at=NOON) == locked_until(ACCOUNT, moments[::-1], at=NOON)


@given(offsets)
def test_a_wait_lasts_at_most_an_hour_and_is_never_over_already(seconds):
    until = locked_until(ACCOUNT, [NOON - timedelta(seconds=s) for s in seconds], at=NOON)

    assert until is None or NOON < until <= NOON + timedelta(hours=1)


@given(offsets)
def test_one_more_failure_never_shortens_a_wait(seconds):
    moments = [NOON - timedelta(seconds=s) for s in seconds]
    before = locked_until(ACCOUNT, moments, at=NOON)
    after = locked_until(ACCOUNT, [*moments, NOON], at=NOON)

    assert before is None or (after is not None and after >= before)


def test_a_patient_guesser_gets_no_more_than_thirty_five_guesses_a_day():
    heard: list[datetime] = []
    at = NOON
    while at < NOON + timedelta(hours=24):
        until = locked_until(ACCOUNT, heard, at=at)
        if until is None:
            heard.append(at)
        else:
            at = until
    assert len(heard) <= 35
