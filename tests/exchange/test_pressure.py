# SPDX-License-Identifier: Apache-2.0
"""What a node asks to come later, and that it asks for the large first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.partner import Ceilings
from comity.exchange.pressure import (
    BUSY_REQUESTS,
    LARGE,
    RETRY_AFTER,
    Load,
    Pressure,
    held_off,
)
from comity.exchange.reasons import ReasonCode

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RESERVE = 512 * 1024 * 1024
ROOM = Load(free_disk=100 * RESERVE, disk_reserve=RESERVE)
USUAL = Ceilings()


def reason(load: Load, ceilings: Ceilings = USUAL, size: int = 10_000) -> Pressure | None:
    hold = held_off(load, ceilings, size=size, at=NOW)
    return hold.reason if hold else None


def test_a_node_with_room_takes_everything():
    assert reason(ROOM) is None
    assert reason(ROOM, size=10 * RESERVE) is None


def test_near_the_reserve_large_parts_are_refused_and_small_messages_taken():
    nearly_full = replace(ROOM, free_disk=RESERVE + RESERVE // 2)

    assert reason(nearly_full, size=LARGE) is Pressure.DISK_LOW
    assert reason(nearly_full, size=LARGE - 1) is None


def test_below_the_reserve_nothing_is_taken():
    assert reason(replace(ROOM, free_disk=RESERVE), size=1) is Pressure.DISK_LOW


@given(st.integers(0, 4 * RESERVE), st.integers(0, 2 * RESERVE), st.integers(0, RESERVE))
def test_what_is_taken_never_eats_into_the_reserve(free: int, size: int, smaller: int):
    load = replace(ROOM, free_disk=free)

    if reason(load, size=size) is None:
        assert free - size >= RESERVE
        assert reason(load, size=min(size, smaller)) is None


def test_a_quota_holds_off_until_midnight_at_the_latest():
    reached = replace(ROOM, messages_today=5)
    late = NOW.replace(hour=23, minute=59, second=30)

    assert reason(reached, replace(USUAL, messages_a_day=5)) is Pressure.QUOTA
    assert reason(reached, replace(USUAL, messages_a_day=6)) is None
    assert reason(replace(ROOM, bytes_today=90), replace(USUAL, bytes_a_day=99), 10) is not None
    hold = held_off(reached, replace(USUAL, messages_a_day=5), size=1, at=late)
    assert hold is not None
    assert hold.retry_after == 30


def test_maintenance_says_until_when():
    load = replace(ROOM, maintenance=True, maintenance_until=NOW + timedelta(minutes=10))

    hold = held_off(load, USUAL, size=1, at=NOW)

    assert hold is not None
    assert (hold.reason, hold.retry_after) == (Pressure.MAINTENANCE, 600)
    overdue = replace(load, maintenance_until=NOW - timedelta(minutes=1))
    hold = held_off(overdue, USUAL, size=1, at=NOW)
    assert hold is not None
    assert hold.retry_after == RETRY_AFTER[Pressure.MAINTENANCE]


def test_a_suspended_partner_and_a_busy_node_are_told_so():
    assert reason(replace(ROOM, suspended=True)) is Pressure.SUSPENDED
    assert reason(replace(ROOM, requests_waiting=BUSY_REQUESTS)) is None
    assert reason(replace(ROOM, requests_waiting=BUSY_REQUESTS + 1)) is Pressure.SLOW_DOWN


def test_every_hold_has_its_words_and_its_wait():
    assert {each.value for each in Pressure} <= {code.value for code in ReasonCode}
    assert set(RETRY_AFTER) == set(Pressure)
