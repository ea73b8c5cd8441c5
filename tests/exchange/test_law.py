# SPDX-License-Identifier: Apache-2.0
"""The question of the law on both sides of a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from comity.agreements.claim import Event, Source
from comity.agreements.provision import ProvisionType
from comity.agreements.question import Recipient
from comity.agreements.register import UnknownInstrumentError
from comity.agreements.verdict import RANKS, Verdict
from comity.exchange.law import (
    COURSES,
    Course,
    Difference,
    assess_arrival,
    assess_sending,
    between,
    differences,
    forms_of,
    version_digest,
)
from comity.reference.taxonomy import FormOfAssistance
from tests.support import questions
from tests.support.agreements import claim, provision
from tests.support.exchange import asked, known

MONDAY = date(2026, 3, 2)


def sent(question=None, known_=None):
    return assess_sending(question or asked(), known_ or known(), on=MONDAY)


def arrived(basis, known_, on=MONDAY):
    return assess_arrival(basis, known_, own="XS", on=on)


def test_every_verdict_has_its_course_and_a_worse_one_never_a_freer_one():
    assert set(COURSES) == set(Verdict)
    order = [Course.GO, Course.PERSON, Course.STOP]
    courses = [order.index(COURSES[v]) for v in sorted(Verdict, key=RANKS.__getitem__)]
    assert courses == sorted(courses)


def test_two_sides_with_the_same_register_agree():
    basis = sent().basis()

    ours = arrived(basis, known(own="XS"))

    assert ours.course is Course.GO
    assert differences(ours.finding, basis) == ()


def test_the_best_instrument_is_named_where_the_question_names_none():
    put = sent(asked(under=""))
    assert put.question.under == put.finding.governing == "xn-xs-2020"
    assert sent(asked(under="xn-xs-2020")).finding == put.finding


def test_the_day_is_the_one_that_is_given():
    assert sent(asked(on=date(1999, 1, 1), known_on=date(1999, 1, 1))).question.on == MONDAY


def test_what_the_recipient_does_not_know_is_no_instrument():
    basis = sent().basis()

    with pytest.raises(UnknownInstrumentError):
        arrived(basis, known(questions.agreement(reference="other"), own="XS"))


def test_our_own_law_weighs_when_we_send_and_is_not_compared():
    without_law = replace(known(), laws=questions.DomesticLaws())

    put = sent(known_=without_law)

    assert put.course is Course.PERSON
    assert put.shared is Verdict.PERMITTED
    assert put.basis().verdict == "permitted"
    assert differences(arrived(put.basis(), known(own="XS")).finding, put.basis()) == ()


def test_a_difference_is_named():
    basis = sent().basis()
    ended = questions.agreement(claims=(*questions.IN_FORCE, claim(Event.TERMINATED, "2025-01-01")))

    ours = arrived(basis, known(ended, own="XS"))

    assert ours.course is Course.STOP
    assert {Difference.VERDICT, Difference.VERSION} <= set(differences(ours.finding, basis))


def test_the_version_is_what_is_said_and_not_where_it_was_read():
    one = questions.agreement()
    elsewhere = replace(
        one,
        recorded_on=date(2025, 1, 1),
        source=Source("Another copy"),
        file="elsewhere.yaml",
        claims=tuple(
            replace(c, recorded_on=date(2025, 1, 1), source=Source("Another")) for c in one.claims
        ),
    )
    amended = questions.agreement(
        provision("4", ProvisionType.ASSISTANCE, {"forms": (FormOfAssistance.OBJECTS_SAMPLES,)})
    )

    assert version_digest(one) == version_digest(elsewhere) == version_digest(one)
    assert version_digest(one) != version_digest(amended)


def test_findings_tell_what_limits_and_nothing_of_the_senders_law_to_the_recipient():
    basis = sent().basis()
    unsure = questions.agreement(claims=(claim(Event.SIGNED, "2019-11-01"),))

    findings = arrived(basis, known(unsure, own="XS")).finding.findings

    assert findings
    assert all(f["limit"] != "permitted" and f["rule"] and f["reason"] for f in findings)
    assert {f["gate"] for f in findings} <= {"legal-basis", "caveats"}


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        (asked(), True),
        (asked(asker="XN/CUSTOMS", recipient="XS/REVENUE"), True),
        (asked("XS", "XN"), False),
        (asked("XN", "XE"), False),
        (questions.release(supplier="XN", receiver="XS"), True),
        (questions.release(supplier="XS", receiver="XN"), False),
        (questions.use(holder="XN", supplier="XS"), True),
        (questions.disclose(Recipient.COURT, holder="XS", supplier="XN"), True),
    ],
)
def test_a_question_is_about_the_two_and_asked_by_who_acts(question, holds):
    assert between(question, "XN", "XS") is holds


def test_the_forms_are_those_of_the_question():
    assert forms_of(asked()) == {"INFO_OFFENCE"}
    assert forms_of(questions.retain()) == frozenset()
