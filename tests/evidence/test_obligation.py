# SPDX-License-Identifier: Apache-2.0
"""A duty is opened, warned of, overdue and discharged once at most, whatever the clock does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.assessment import Debtor, Obligation
from comity.agreements.obligations import OBLIGATIONS
from comity.evidence.obligation import (
    ENDS,
    LIVE,
    PROMPTLY,
    STANDING,
    STATE_WORDS,
    WARNED_BEFORE,
    Discharge,
    DutyState,
    discharged,
    due_of,
    opens,
    step,
)

DAY = date(2026, 3, 2)
ORDER = (DutyState.OPEN, DutyState.WARNED, DutyState.OVERDUE)
days = st.integers(-60, 60).map(lambda n: DAY + timedelta(days=n))


def obligation(**more: object) -> Obligation:
    given_ = {"trigger": "use-in-court", "due": "on-use", "discharge": "notice"}
    return Obligation(
        "notify-court-use",
        Debtor.HOLDER,
        instrument="xn-xs-2020",
        article="9(2)",
        **(given_ | more),
    )


@given(st.lists(days, max_size=30))
def test_however_the_days_are_looked_at_no_step_is_taken_back_or_twice(looked_at):
    state, taken = DutyState.OPEN, [DutyState.OPEN]
    for today in looked_at:
        after = step(state, DAY, today)
        if after is not state:
            taken.append(after)
        state = after

    assert len(set(taken)) == len(taken)
    assert [ORDER.index(one) for one in taken] == sorted(ORDER.index(one) for one in taken)
    assert (state is DutyState.OVERDUE) == any(today > DAY for today in looked_at)


@pytest.mark.parametrize("ended", sorted(set(DutyState) - LIVE))
@given(today=days)
def test_what_has_ended_stays_as_it_is(ended, today):
    assert step(ended, DAY, today) is ended


@pytest.mark.parametrize(
    ("before", "state"),
    [(8, "open"), (7, "warned"), (0, "warned"), (-1, "overdue")],
)
def test_a_duty_is_warned_of_a_week_before_its_day_and_overdue_the_day_after(before, state):
    assert timedelta(days=7) == WARNED_BEFORE
    assert step(DutyState.OPEN, DAY, DAY - timedelta(days=before)) == state


def test_a_duty_without_a_day_is_never_overdue():
    assert step(DutyState.OPEN, None, date(2099, 1, 1)) is DutyState.OPEN


@pytest.mark.parametrize(
    ("more", "due"),
    [
        ({"due": "on-use"}, DAY),
        ({"due": "before"}, DAY),
        ({"due": "within-days", "days": 30}, DAY + timedelta(days=30)),
        ({"due": "by-date", "by": date(2027, 1, 1)}, date(2027, 1, 1)),
        ({"due": "promptly"}, DAY + PROMPTLY),
        ({"due": "none"}, None),
    ],
)
def test_each_way_of_saying_when_gives_its_day(more, due):
    assert due_of(obligation(**more), DAY) == due


def test_done_after_its_day_is_done_late():
    assert discharged(DAY, DAY) is DutyState.DISCHARGED
    assert discharged(DAY, DAY + timedelta(days=1)) is DutyState.DISCHARGED_LATE
    assert discharged(None, DAY) is DutyState.DISCHARGED


def test_only_its_trigger_opens_a_duty_and_no_calendar_holds_what_is_owed_always():
    assert opens(obligation(), frozenset({"use-in-court"}))
    assert not opens(obligation(), frozenset({"act"}))
    assert set(OBLIGATIONS) >= STANDING


def test_a_destruction_ends_what_a_return_would_have_ended_where_either_will_do():
    assert ENDS[Discharge.DESTRUCTION] & ENDS[Discharge.RETURN] == {"return-or-destruction"}
    assert set(STATE_WORDS) == set(DutyState)
