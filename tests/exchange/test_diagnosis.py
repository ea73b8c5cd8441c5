# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta

import pytest

from comity.catalogues import said
from comity.exchange.diagnosis import (
    BEFORE_ASKING,
    RULES,
    WHO_WORDS,
    Answer,
    Connection,
    LoopBack,
    Observations,
    OwnSide,
    Stage,
    WhoActs,
    diagnose,
)
from comity.exchange.partner import Binding, PartnerState
from comity.exchange.partner_documents import findings_document
from tests.support.partner_cards import DAY, NOON, held_card

KEYS = held_card().card.keys
REACHED = Connection("localhost", 8443, Stage.TLS)


def seen(**more):
    given = {
        "at": NOON,
        "partner": "XS",
        "state": PartnerState.ACTIVE,
        "binding": Binding.PUSH,
        "own": OwnSide(keys=KEYS),
        "keys": KEYS,
        "connection": REACHED,
        "answer": Answer(200, is_exchange=True, wire_versions=(2, 1), their_time=NOON),
    }
    return Observations(**(given | more))


def faults(**more):
    return [finding.fault for finding in diagnose(seen(**more))]


def test_where_nothing_is_wrong_nothing_is_found():
    assert faults() == []
    assert faults(loop_back=LoopBack(receipted=True)) == []


def test_what_was_not_looked_at_proves_nothing():
    assert faults(connection=None, answer=None) == []


@pytest.mark.parametrize(
    ("seconds", "found"), [(300, []), (-300, []), (301, ["clock-skew"]), (-301, ["clock-skew"])]
)
def test_five_minutes_between_two_clocks_are_the_most(seconds, found):
    answer = Answer(
        200, is_exchange=True, wire_versions=(2,), their_time=NOON + timedelta(seconds=seconds)
    )

    assert faults(answer=answer) == found


def test_a_key_that_expires_while_its_successor_counts_is_no_fault():
    old = held_card(at=NOON - 366 * DAY).card.keys

    assert faults(keys=(*old, *KEYS)) == []
    assert faults(keys=old) == ["their-key-expired"]


def test_a_refusal_that_no_rule_names_is_told_with_its_code():
    (finding,) = diagnose(seen(loop_back=LoopBack(receipted=False, problem="body-refused")))

    assert finding.fault == "loop-back-failed"
    assert "body-refused" in said(finding.says, finding.facts)


def test_every_fault_has_one_number_for_good_and_words_that_need_no_other_facts():
    codes = [rule.code for rule in RULES]

    assert codes == [f"DGN-{number}" for number in range(1, len(RULES) + 1)]
    assert len({rule.fault for rule in RULES}) == len(RULES) >= 12
    assert {rule.fault for rule in RULES} >= BEFORE_ASKING
    assert set(WHO_WORDS) == set(WhoActs)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.fault)
def test_the_words_of_a_finding_are_filled_by_its_facts(rule):
    own = OwnSide(
        maintenance=True,
        disk_low=True,
        wire_versions=(2,),
        waiting=9,
        most_waiting=0,
        problems=("instrument-unknown",),
    )
    observed = [
        seen(state=state, own=own, keys=keys, connection=made, answer=answer, loop_back=loop)
        for state in PartnerState
        for keys in (KEYS, tuple(held_card(at=NOON - 366 * DAY).card.keys))
        for made in (
            Connection("localhost", 1, Stage.NOTHING),
            Connection("localhost", 1, Stage.NAME),
            *(Connection("localhost", 1, Stage.PORT, obstacle) for obstacle in (
                "peer-tls-failed", "peer-certificate-unknown", "own-certificate-refused",
                "answered-by-unknown-key", "answer-changed")),
        )
        for answer in (
            None, Answer(200), Answer(200, is_exchange=True, wire_versions=(3,), maintenance=True),
            *(Answer(400, problem, is_exchange=True) for problem in (
                "key-unknown", "clock-skew", "replay", "partner-not-active", "quota-reached",
                "slow-down", "disk-low", "kind-unknown")),
        )
        for loop in (LoopBack(receipted=False), LoopBack(receipted=True, answered=False))
    ]  # fmt: skip
    if rule.fault == "own-key-expired":
        observed = [seen(own=OwnSide(keys=held_card(at=NOON - 366 * DAY).card.keys))]
    facts = next(found for each in observed if (found := rule.holds(each)) is not None)

    for text in (rule.says, rule.do):
        assert "{" not in said(text, facts)
    assert findings_document("XS", diagnose(observed[0]))["well"] is False
