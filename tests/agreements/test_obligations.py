# SPDX-License-Identifier: Apache-2.0
"""Duties that follow from an act: debtor, trigger, due rule, discharge."""

from datetime import date

import pytest

from comity.agreements.assessment import Debtor
from comity.agreements.claim import Event
from comity.agreements.obligations import OBLIGATIONS, due_day
from comity.agreements.provision import ProvisionType
from comity.agreements.question import Item
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule
from tests.support.agreements import claim, provision
from tests.support.questions import DAY, IN_FORCE, agreement, answer, ask, release, use, uses

P = ProvisionType


def duties(question, *provisions, **settings):
    found = answer(question, agreement(*provisions, **settings)).obligations
    return {o.code: o for o in found}


def test_promptly_is_our_service_standard_and_never_a_treaty_date():
    oral = provision("5", P.FORM_OF_REQUEST, {"oral": "allowed", "confirm_oral": "promptly"})

    duty = duties(ask(), oral)["confirm-oral-request"]

    assert (duty.debtor, duty.trigger, duty.due) == (Debtor.ASKER, "oral-request", "promptly")
    assert duty.treaty_deadline is False
    assert due_day(duty, DAY) is None


def test_days_that_the_text_sets_are_a_treaty_date():
    oral = provision(
        "5", P.FORM_OF_REQUEST, {"confirm_oral": "within-days", "confirm_within_days": 15}
    )

    duty = duties(ask(), oral)["confirm-oral-request"]

    assert (duty.due, duty.days, duty.treaty_deadline) == ("within-days", 15, True)
    assert due_day(duty, date(2024, 6, 3)) == date(2024, 6, 18)


@pytest.mark.parametrize("qualifier", ["", "to the extent possible"])
def test_ninety_days_to_the_extent_possible_bind_nobody(qualifier):
    said = {"reply_days": 90} | ({"qualifier": qualifier} if qualifier else {})

    duty = duties(ask(), provision("12.6", P.DEADLINES, said))["reply"]

    assert duty.days == 90
    assert duty.treaty_deadline is not bool(qualifier)


@pytest.mark.parametrize(
    ("type_", "said", "code", "debtor"),
    [
        (P.RECIPROCITY, "must_draw_attention", "draw-attention-to-reciprocity", Debtor.ASKER),
        (P.REFUSAL, "reasons", "give-reasons", Debtor.ASKED),
        (P.POSTPONEMENT, "consultation", "consult-on-postponement", Debtor.ASKED),
        (P.DOCUMENTS, "return_required", "return-originals", Debtor.ASKER),
        (P.DOCUMENTS, "interpretive_information", "send-interpretive-information", Debtor.ASKED),
        (P.PERSONAL_DATA, "feedback_on_use", "feedback-on-use", Debtor.ASKER),
        (P.PERSONAL_DATA, "destroy_when_not_needed", "destroy-when-done", Debtor.ASKER),
        (P.PERSONAL_DATA, "destroy_on_termination", "destroy-at-the-end", Debtor.ASKER),
        (P.BREACH, "must_notify", "report-breach", Debtor.ASKER),
    ],
)
def test_a_clause_brings_its_duty(type_, said, code, debtor):
    duty = duties(ask(), provision("20", type_, {said: True}))[code]

    assert (duty.debtor, duty.article, duty.treaty_deadline) == (debtor, "20", False)
    assert code not in duties(ask())


def test_a_duty_may_begin_with_a_later_use_in_court():
    text = uses("9(2)", UseRule.PERMITTED_NOTIFY, Purpose.CRIMINAL_EVIDENCE, notice="ON_USE")

    later = duties(ask(), text)["notify-court-use"]
    now = duties(use(purpose=Purpose.CRIMINAL_EVIDENCE), text)["notify-court-use"]

    assert (later.trigger, later.due, later.discharge) == ("use-in-court", "on-use", "notice")
    assert now.debtor is Debtor.HOLDER


def test_a_notice_within_days_is_a_treaty_date():
    text = uses(
        "9(2)",
        UseRule.PERMITTED_NOTIFY,
        Purpose.CRIMINAL_EVIDENCE,
        notice="WITHIN_N",
        notice_days=30,
    )

    duty = duties(ask(), text)["notify-court-use"]

    assert (duty.days, duty.treaty_deadline) == (30, True)


def test_an_item_is_destroyed_by_its_day():
    day = date(2025, 1, 1)

    duty = duties(use(item=Item(return_or_destroy_by=day)))["destroy-by"]

    assert (duty.due, duty.by, due_day(duty, DAY)) == ("by-date", day, day)


def test_a_request_received_in_time_is_completed():
    clause = provision("20", P.DURATION_TERMINATION, {"pending_completed": True})
    ended = (*IN_FORCE, claim(Event.TERMINATED, "2024-01-01"))

    duty = duties(ask(requested_on=date(2023, 11, 1)), clause, claims=ended)["complete-pending"]

    assert (duty.debtor, duty.article) == (Debtor.ASKED, "20")


def test_costs_of_witnesses_are_the_askers():
    costs = provision("12", P.COSTS, {"exceptions": ("witnesses",), "extraordinary": "consult"})
    witness = provision("8", P.EXPERTS_WITNESSES, {"duty": "may"})

    found = duties(ask(forms=(FormOfAssistance.EXPERTS_WITNESSES,)), costs, witness)

    assert found["bear-costs"].debtor is Debtor.ASKER
    assert found["consult-on-costs"].due == "before"
    assert "bear-costs" not in duties(ask(), costs)


def test_the_supplier_owes_what_the_asked_side_would():
    reasons = provision("16", P.REFUSAL, {"reasons": "written"})

    assert duties(release(), reasons)["give-reasons"].debtor is Debtor.SUPPLIER


def test_nothing_follows_from_what_is_not_permitted():
    text = uses("9(2)", UseRule.PROHIBITED)

    assert answer(use(), agreement(text)).obligations == ()


def test_every_duty_has_its_words():
    texts = (
        provision("5", P.FORM_OF_REQUEST, {"confirm_oral": "promptly"}),
        provision("12.6", P.DEADLINES, {"reply_days": 90}),
        uses("9(2)", UseRule.PRIOR_CONSENT, Purpose.CRIMINAL_EVIDENCE),
    )

    for question in (ask(), release(), use()):
        assert set(duties(question, *texts)) <= set(OBLIGATIONS)
