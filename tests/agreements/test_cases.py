# SPDX-License-Identifier: Apache-2.0
"""Cases that lawyers read: a question, its day, what the engine must answer, and on which articles.

The cases stand in `cases/*.yaml`. `overlay` is short for what the custodian recorded, and
`domestic_law: none` takes the shipped files away. `rules` gives the reason a rule answers with.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from comity.agreements.determination import determine
from comity.agreements.domestic_law import DomesticLaws, load_domestic_laws
from comity.agreements.instrument_files import load_register
from comity.agreements.overlay import Overlay
from comity.agreements.question_reading import question_of
from tests.agreements.overlays import overlay_of

FOLDER = Path(__file__).parent / "cases"
EXPECTED = {
    "verdict",
    "governing",
    "rules",
    "articles",
    "gates",
    "notice",
    "blocked",
    "obligations",
    "would_be_permitted_if",
    "alternatives",
}


def cases() -> list:
    return list(_read())


def _read():
    for file in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield pytest.param(case, id=f"{file.stem}: {case['title']}")


@cache
def register():
    return load_register()


def answer_to(case):
    laws = DomesticLaws() if case.get("domestic_law") == "none" else load_domestic_laws()
    overlay = overlay_of(case["overlay"]) if "overlay" in case else Overlay()
    question = {k: v.isoformat() if isinstance(v, date) else v for k, v in case["question"].items()}
    return determine(question_of(question), register(), overlay, laws)


@pytest.mark.parametrize("case", cases())
def test_the_engine_answers_as_the_lawyer_expects(case):
    expected = case["expected"]
    assert set(expected) <= EXPECTED

    answer = answer_to(case)

    reasons = {(f.rule, f.reason) for f in answer.findings}
    assert answer.verdict == expected["verdict"]
    if "governing" in expected:
        assert answer.governing == expected["governing"]
    for rule, reason in expected.get("rules", {}).items():
        assert (rule, reason) in reasons
    assert set(expected.get("articles", ())) <= {f.article for f in answer.findings}
    for gate, verdict in expected.get("gates", {}).items():
        assert answer.gates[gate] == verdict
    if "notice" in expected:
        assert answer.notice == expected["notice"]
    if "blocked" in expected:
        assert answer.blocked is expected["blocked"]
    assert set(expected.get("obligations", ())) <= {o.code for o in answer.obligations}
    changes = {change for c in answer.would_be_permitted_if for change in c.facts}
    assert set(expected.get("would_be_permitted_if", ())) <= changes
    offered = {a.instrument for a in answer.alternatives} | {a.note for a in answer.alternatives}
    assert set(expected.get("alternatives", ())) <= offered


def test_there_are_at_least_one_hundred_and_fifty_cases():
    assert len(list(cases())) >= 150


def test_every_encoded_instrument_has_a_case():
    encoded = {
        reference
        for reference, instrument in register().instruments.items()
        if any(p.basis != "assumed" for p in instrument.provisions) and len(instrument.parties) > 1
    }
    named = set()
    for param in cases():
        case = param.values[0]
        answer = answer_to(case)
        named |= {answer.governing, *(a.instrument for a in answer.alternatives)}
    assert encoded <= named
