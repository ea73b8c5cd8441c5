# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from pathlib import Path

import comity
from comity.agreements.lifecycle import Act
from comity.journal.facts import FACTS
from comity.journal.words import ACT_WORDS, FACT_WORDS, act_in_words, fact_in_words

RECORDED = re.compile(
    r'\.record\(\s*(?:act or )?"([a-z-]+)"|\bact = "([a-z-]+)" if .* else "([a-z-]+)"'
)


def recorded_acts() -> set[str]:
    """Every act that a service of the house records by name."""
    sources = Path(comity.__file__).parent.rglob("*.py")
    found = (RECORDED.findall(path.read_text("utf-8")) for path in sources)
    return {act for file in found for acts in file for act in acts if act}


def test_every_act_that_a_service_records_has_its_words():
    assert len(recorded_acts()) > 20
    assert recorded_acts() <= set(ACT_WORDS)


def test_every_change_of_a_second_factor_has_its_words():
    from comity.accounts.services.second_factor import ACTS

    assert set(ACTS.values()) <= set(ACT_WORDS)


def test_every_act_of_an_instruments_life_has_its_words():
    assert {f"instrument-{act.value}" for act in Act} <= set(ACT_WORDS)


def test_every_fact_has_its_words():
    assert set(FACT_WORDS) == set(FACTS)


def test_a_code_without_words_stands_for_itself():
    assert act_in_words("act-of-a-later-release") == "act-of-a-later-release"
    assert fact_in_words("fact_of_a_later_release") == "fact_of_a_later_release"
