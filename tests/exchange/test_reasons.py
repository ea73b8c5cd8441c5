# SPDX-License-Identifier: Apache-2.0
"""Every reason has words, and says what would change it where something would."""

from __future__ import annotations

import re

import pytest

from comity.exchange import members
from comity.exchange.pressure import Pressure
from comity.exchange.reasons import (
    REASONS,
    REFUSED_BY_A_PERSON,
    TRY_AGAIN,
    ReasonCode,
    in_words,
    what_changes_it,
)


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_words_for_people(code):
    words = REASONS[code]
    assert re.fullmatch(r"[a-z].*[a-z0-9]", words.says), words.says
    assert not words.change or words.change.endswith("."), words.change
    assert in_words(code) == words.says


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_can_stand_on_the_wire_and_in_the_journal(code):
    assert members.CODE.fullmatch(code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)


def test_a_code_of_a_newer_release_is_shown_as_it_is():
    assert in_words("of-the-year-2040") == "of-the-year-2040"
    assert what_changes_it("of-the-year-2040") == ""


def test_what_only_a_person_can_change_says_so_and_the_rest_says_how():
    silent = {code for code in ReasonCode if not what_changes_it(code)}
    assert silent < set(REFUSED_BY_A_PERSON)


def test_pressure_on_the_node_is_never_a_refusal():
    assert {ReasonCode(pressure.value) for pressure in Pressure} <= TRY_AGAIN
    assert not TRY_AGAIN & set(REFUSED_BY_A_PERSON)
