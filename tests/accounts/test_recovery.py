# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comity.accounts.four_eyes import Profile, SamePersonError
from comity.accounts.recovery import (
    LASTS,
    Recovery,
    RecoveryClosedError,
    RecoveryState,
    approve,
    decline,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LOST, FIRST, SECOND = "OFF-00003", "OFF-00001", "OFF-00002"
ASKED = Recovery("RCV-00001", officer=LOST, requested_by=LOST, requested_at=NOON)


def approved_once() -> Recovery:
    return approve(ASKED, by=FIRST, at=NOON).recovery


def test_one_approval_is_not_enough():
    assert approved_once().state is RecoveryState.APPROVED_ONCE


def test_a_second_administrator_completes_it():
    done = approve(approved_once(), by=SECOND, at=NOON)

    assert done.recovery.state is RecoveryState.COMPLETED
    assert done.facts == {}


def test_the_first_approver_is_not_the_second():
    with pytest.raises(SamePersonError):
        approve(approved_once(), by=FIRST, at=NOON)


@pytest.mark.parametrize("profile", Profile)
def test_the_officer_concerned_approves_nothing(profile):
    with pytest.raises(SamePersonError):
        approve(ASKED, by=LOST, at=NOON, profile=profile, other_administrators=0)


def test_after_a_week_nobody_can_approve_it():
    assert approve(ASKED, by=FIRST, at=NOON + LASTS - timedelta(seconds=1))
    with pytest.raises(RecoveryClosedError, match="expired"):
        approve(ASKED, by=FIRST, at=NOON + LASTS)


def test_a_declined_recovery_takes_no_approval():
    declined = decline(ASKED, at=NOON)

    with pytest.raises(RecoveryClosedError, match="declined"):
        approve(declined, by=FIRST, at=NOON)


def test_a_sole_administrator_approves_alone_in_a_unit_of_two_only():
    once = approve(ASKED, by=FIRST, at=NOON, other_administrators=0)
    alone = approve(ASKED, by=FIRST, at=NOON, profile=Profile.TWO_PERSON, other_administrators=0)

    assert once.recovery.state is RecoveryState.APPROVED_ONCE
    assert alone.recovery.state is RecoveryState.COMPLETED
    assert alone.facts == {"profile": "two-person", "relaxation": "sole-administrator"}


def test_in_a_unit_of_two_with_a_third_administrator_two_still_approve():
    once = approve(ASKED, by=FIRST, at=NOON, profile=Profile.TWO_PERSON, other_administrators=1)

    assert once.recovery.state is RecoveryState.APPROVED_ONCE
    with pytest.raises(SamePersonError):
        approve(
            once.recovery, by=FIRST, at=NOON, profile=Profile.TWO_PERSON, other_administrators=1
        )
