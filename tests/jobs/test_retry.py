# SPDX-License-Identifier: Apache-2.0
"""A job is tried again only when that can help, each time after a longer pause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ConflictError, InvalidInputError, NotFoundError, PeerError
from comity.jobs.retry import ONCE, RetryPolicy


class RefusedError(PeerError):
    message = "no"
    permanent = True


class AwayError(PeerError):
    message = "no"


class ElsewhereError(ConflictError):
    message = "no"


class AbsentError(NotFoundError):
    message = "no"


class OddError(InvalidInputError):
    message = "no"


POLICY = RetryPolicy(tries=4, first_pause=10, longest_pause=25)


def test_each_pause_is_twice_the_last_up_to_the_longest():
    pauses = [POLICY.pause_after(failures, AwayError()) for failures in (1, 2, 3, 4)]

    assert pauses == [10, 20, 25, None]


@pytest.mark.parametrize("error", [AwayError(), ElsewhereError(), OSError(), KeyError("x")])
def test_what_may_pass_is_tried_again(error: Exception):
    assert POLICY.pause_after(1, error) == 10


@pytest.mark.parametrize("error", [RefusedError(), AbsentError(), OddError()])
def test_what_another_try_cannot_change_is_given_up(error: Exception):
    assert POLICY.pause_after(1, error) is None


def test_work_that_recurs_is_not_tried_again():
    assert ONCE.pause_after(1, AwayError()) is None


@given(st.integers(1, 40), st.integers(1, 60), st.integers(1, 7200))
def test_no_policy_tries_for_ever(tries: int, first: int, longest: int):
    policy = RetryPolicy(tries, first, longest)

    pauses = [policy.pause_after(failures, AwayError()) for failures in range(1, tries + 2)]

    assert all(pause is not None and pause <= longest for pause in pauses[: tries - 1])
    assert pauses[tries - 1 :] == [None, None]
