# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from comity.accounts.permissions import Role
from comity.newsfeed import queries, services
from comity.newsfeed.card_telling import SHOWN, told
from tests.support.exercise_news import MONDAY, TUESDAY, WEDNESDAY, release

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db,
    pytest.mark.usefixtures("exercises", "shipped_register"),
]

NORTH, SOUTH = "exercise-north", "exercise-south"
CONFLICT = "EXERCISE mra signed IN,US 2021-10"


def the_card():
    (card,) = queries.cards().rows
    return card


def test_a_conflict_is_told_with_both_sides(sources):
    services.take_in([release(CONFLICT)], NORTH, MONDAY)

    lines = told(the_card()).splitlines()

    assert lines[0] == f"{the_card().reference}  Conflict between sources: us-in-mra-2021"
    assert "    In the register: 2021-09, by C-TPAT.com, mutual recognition page" in lines
    assert f"    “{CONFLICT}”" in lines
    assert "    Northland press office, 2026-03-01: Training exercise: customs news" in lines


def test_an_entry_into_force_is_told_with_the_confidence_of_its_claim(sources):
    line = "EXERCISE cmaa in-force FJ,US 2025-09-01 high"
    services.take_in([release(line)], NORTH, MONDAY)

    assert "Rule NWS-199, low confidence." in told(the_card())


def test_other_releases_are_named_and_many_are_counted(sources, officer):
    services.take_in([release(CONFLICT)], NORTH, MONDAY)
    many = [release(CONFLICT, guid=f"s{number}") for number in range(SHOWN + 3)]
    services.take_in(many, SOUTH, MONDAY)
    services.take_in([release("It was a slip.", guid="s0")], SOUTH, TUESDAY)
    services.take_in([release("A slip.")], NORTH, TUESDAY)

    lines = told(the_card()).splitlines()

    assert sum("lso announced by Southland press office" in line for line in lines) == SHOWN
    assert sum("a later edition no longer says it" in line for line in lines) == 1
    assert "    And by 3 more releases" in lines
    assert any(line.strip().startswith("A later edition of the release") for line in lines)

    adviser = officer(Role.LEGAL_ADVISER)
    card = the_card().reference
    services.reject(card, reason="A slip.", version=None, by=adviser, at=WEDNESDAY)
    last = told(the_card()).splitlines()[-1]
    assert last == f"    Decided by {adviser.reference} on 2026-03-04. A slip."
