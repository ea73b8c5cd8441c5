# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity.accounts.four_eyes import (
    RELAXATIONS,
    Profile,
    Relaxation,
    SamePersonError,
    second_person,
)

DRAFTER, SIGNER, THIRD = "OFF-00001", "OFF-00002", "OFF-00003"
people = st.sampled_from([DRAFTER, SIGNER, THIRD])


@pytest.mark.slow
@given(people, st.lists(people), st.sampled_from(Profile))
def test_nobody_approves_what_they_drafted_in_any_profile(drafter, earlier, profile):
    with pytest.raises(SamePersonError):
        second_person("PRP-00001", drafted_by=drafter, by=drafter, earlier=earlier, profile=profile)


@pytest.mark.slow
@given(people, people, st.lists(people), st.sampled_from(Profile))
def test_somebody_without_a_hand_in_it_signs_in_any_profile(drafter, by, earlier, profile):
    assume(by != drafter and by not in earlier)

    facts = second_person("PRP-00001", drafted_by=drafter, by=by, earlier=earlier, profile=profile)

    assert facts == {}


def test_an_earlier_signatory_does_not_sign_again():
    with pytest.raises(SamePersonError) as refused:
        second_person("PRP-00001", drafted_by=DRAFTER, by=SIGNER, earlier=[SIGNER])

    assert "PRP-00001" in str(refused.value)


def test_in_a_unit_of_two_an_earlier_signatory_signs_again_and_the_journal_learns_it():
    facts = second_person(
        "PRP-00001",
        drafted_by=DRAFTER,
        by=SIGNER,
        earlier=[SIGNER],
        profile=Profile.TWO_PERSON,
    )

    assert facts == {"profile": "two-person", "relaxation": "earlier-signatory"}


def test_every_relaxation_is_described():
    assert set(RELAXATIONS) == set(Relaxation)
