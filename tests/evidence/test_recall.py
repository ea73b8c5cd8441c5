# SPDX-License-Identifier: Apache-2.0
"""What a recall says on the wire, and how its copies are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.evidence.pages.recalls import SIGNS
from comity.evidence.recall import (
    ANSWERS,
    DECIDED,
    DEEPEST,
    DEMAND_WORDS,
    GROUND_WORDS,
    OUTCOME_WORDS,
    Copy,
    Demand,
    Ground,
    Outcome,
    RecallAnswer,
    RecallAnswerError,
    RecallDemand,
    RecallDemandError,
    as_of,
    check_answer,
    check_demand,
    narrowing,
    read_recall,
    read_recall_answer,
)
from comity.exchange.wire import WireFormError
from comity.handling.marking import NOTHING, Marking, marking_document
from comity.reference.taxonomy import Caveat, Purpose, UseRule

RECALLED = "8b2f63f4-93b7-4f0c-9f2f-0d6b3a9f1e11"
ITEM = "3f0c1a52-6f3b-4b57-9a6b-2f6e0c9c1d01"
DAY = date(2026, 4, 1)
DEMANDED = RecallDemand(RECALLED, ITEM, Demand.DELETE, Ground.INACCURATE, "XN", DAY)
instants = st.integers(0, 2**31).map(lambda second: datetime.fromtimestamp(second, UTC))


def copies(depth: int) -> st.SearchStrategy[Copy]:
    below = st.just(()) if depth == 0 else st.lists(copies(depth - 1), max_size=2).map(tuple)
    return st.builds(
        Copy,
        administration=st.sampled_from(["XN", "XS", "XE", "XW"]),
        outcome=st.sampled_from(Outcome),
        at=st.none() | instants,
        until=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
        holders=below,
    )


@pytest.mark.slow
@given(copies(3))
def test_an_answer_is_read_as_it_was_written(copy):
    said = RecallAnswer(RECALLED, 3, copy, "text")

    assert read_recall_answer(said.body()) == said


@given(st.sampled_from(Demand), st.sampled_from(Ground), st.text("abc", max_size=5))
def test_a_demand_is_read_as_it_was_written(demand, ground, text):
    said = replace(DEMANDED, demand=demand, ground=ground, text=text)

    assert read_recall(said.body()) == said


@pytest.mark.parametrize("member", ["recall", "item", "demand", "ground", "origin", "answer_by"])
def test_a_demand_that_lacks_a_member_is_refused(member):
    body = DEMANDED.body()
    del body[member]

    with pytest.raises(WireFormError):
        read_recall(body)


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "2026-4-1"])
def test_a_day_that_is_none_is_refused(day):
    with pytest.raises(WireFormError):
        read_recall({**DEMANDED.body(), "answer_by": day})


def test_what_a_later_release_says_besides_is_left_as_it_is():
    assert read_recall({**DEMANDED.body(), "later": {"more": 1}}) == DEMANDED


def test_a_chain_of_any_length_is_read_no_deeper_than_the_limit():
    copy = Copy("XN", Outcome.DELETED)
    for _ in range(DEEPEST + 4):
        copy = Copy("XN", Outcome.PENDING, holders=(copy,))
    body = RecallAnswer(RECALLED, 1, copy).body()

    assert len(tuple(read_recall_answer(body).copy.every())) == DEEPEST + 1


@given(copies(3))
def test_after_the_last_day_whoever_did_not_answer_is_unknown_and_nobody_else_changes(copy):
    before = [one.outcome for one in as_of(copy, DAY, DAY).every()]
    after = [one.outcome for one in as_of(copy, DAY, DAY + timedelta(days=1)).every()]

    assert before == [one.outcome for one in copy.every()]
    assert Outcome.PENDING not in after
    changed = [(b, a) for b, a in zip(before, after, strict=True) if a is not b]
    assert set(changed) <= {(Outcome.PENDING, Outcome.UNKNOWN)}


@pytest.mark.parametrize("demand", Demand)
@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_answers_a_demand_is_an_answer(demand, outcome):
    if outcome in ANSWERS[demand]:
        check_answer(demand, outcome)
    else:
        with pytest.raises(RecallAnswerError):
            check_answer(demand, outcome)


def test_deleting_answers_every_demand_and_every_answer_is_a_decision():
    assert all(Outcome.DELETED in answers for answers in ANSWERS.values())
    assert all(answers <= DECIDED for answers in ANSWERS.values())


def test_every_code_has_its_words():
    assert set(DEMAND_WORDS) == set(Demand)
    assert set(GROUND_WORDS) == set(Ground)
    assert set(OUTCOME_WORDS) == set(Outcome)


def test_a_demand_says_what_it_needs_and_nothing_beside_it():
    right, laid = {"title": "Invoice"}, marking_document(Marking())
    check_demand(DEMANDED)
    check_demand(replace(DEMANDED, demand=Demand.CORRECT, corrections=right))
    check_demand(replace(DEMANDED, demand=Demand.NARROW, marking=laid))

    for odd in (
        replace(DEMANDED, corrections=right),
        replace(DEMANDED, marking=laid),
        replace(DEMANDED, demand=Demand.CORRECT),
        replace(DEMANDED, demand=Demand.NARROW),
        replace(DEMANDED, demand=Demand.NARROW, marking=marking_document(NOTHING)),
    ):
        with pytest.raises(RecallDemandError):
            check_demand(odd)


def test_what_is_laid_on_an_item_adds_to_its_marking_and_unsettles_nothing():
    known = Marking(
        caveats=frozenset({Caveat.CUSTOMS_ONLY}), personal_data=False, judicially_obtained=False
    )

    laid = narrowing([Caveat.NO_THIRD_STATE], [Purpose.CRIMINAL_EVIDENCE], DAY, [" In camera ", ""])

    assert laid is not None
    joined = known.join(laid)
    assert joined.covers(known)
    assert joined.caveats == {Caveat.CUSTOMS_ONLY, Caveat.NO_THIRD_STATE}
    assert joined.rule_for(Purpose.CRIMINAL_EVIDENCE) is UseRule.PROHIBITED
    assert (joined.return_or_destroy_by, joined.restrictions) == (DAY, {"In camera"})
    assert not joined.unsettled
    assert narrowing(conditions=[" "]) is None


def test_of_a_holder_that_has_more_below_it_than_an_answer_reports_nothing_is_known():
    copy = Copy("XN", Outcome.DELETED)
    for _ in range(DEEPEST + 1):
        copy = Copy("XN", Outcome.DELETED, holders=(copy,))

    read = read_recall_answer(RecallAnswer(RECALLED, 1, copy).body()).copy

    assert [one.outcome for one in read.every()] == [Outcome.DELETED] * DEEPEST + [Outcome.UNKNOWN]


def test_every_outcome_has_its_sign():
    assert set(SIGNS) == set(Outcome)


def test_what_is_here_is_never_answered_as_not_held():
    check_answer(Demand.DELETE, Outcome.NOT_HELD)
    with pytest.raises(RecallAnswerError):
        check_answer(Demand.DELETE, Outcome.NOT_HELD, here=True)
