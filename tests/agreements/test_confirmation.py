# SPDX-License-Identifier: Apache-2.0
from datetime import date

import pytest

from comity.agreements import confirmation as rules
from comity.agreements.overlay import Attestation, ConfirmedSubject, Corroboration, StandingRuling
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Purpose
from tests.support.agreements import force_confirmation


def ruling(**more: object) -> StandingRuling:
    settings: dict[str, object] = {
        "reference": "RUL-2024-001",
        "instrument": "xn-xs-2020",
        "form": FormOfAssistance.INFO_OFFENCE,
        "purpose": Purpose.CRIMINAL_INVESTIGATION,
        "verdict": Verdict.PERMITTED,
        "conditions": (),
        "grounds": "Opinion 7/2024",
        "by": "OFF-CUSTODIAN",
        "countersigned_by": "OFF-ADVISER",
        "recorded_on": date(2024, 2, 1),
        "valid_from": date(2024, 2, 1),
        "valid_until": date(2025, 2, 1),
    }
    return StandingRuling(**(settings | more))  # type: ignore[arg-type]


def attestation(**more: object) -> Attestation:
    settings: dict[str, object] = {
        "reference": "ATT-2024-001",
        "parties": frozenset({"XN", "XS"}),
        "valid_from": date(2024, 1, 1),
        "valid_until": date(2025, 1, 1),
        "by": "OFF-CUSTODIAN",
        "recorded_on": date(2024, 2, 1),
        "citation": "Treaty list of 2 January 2024",
    }
    return Attestation(**(settings | more))  # type: ignore[arg-type]


def test_a_countersigned_confirmation_with_its_evidence_is_recorded():
    rules.check_confirmation(force_confirmation())


def test_the_custodian_does_not_countersign_the_custodians_own_statement():
    alone = force_confirmation(countersigned_by="OFF-CUSTODIAN")

    with pytest.raises(rules.SamePersonError):
        rules.check_confirmation(alone)


def test_a_two_person_unit_may_work_under_its_documented_profile():
    alone = force_confirmation(countersigned_by="OFF-CUSTODIAN")

    rules.check_confirmation(alone, two_person_unit=True)


@pytest.mark.parametrize("given", ["news", "press-release", "other-arrangement", ""])
def test_news_and_other_arrangements_never_confirm(given):
    with pytest.raises(rules.EvidenceNotAcceptedError) as refused:
        rules.evidence_of(given)

    assert "depositary-record" in refused.value.advice()


@pytest.mark.parametrize("missing", ["citation", "by", "countersigned_by"])
def test_a_confirmation_without_citation_or_signatures_is_refused(missing):
    with pytest.raises(rules.MissingStatementError):
        rules.check_confirmation(force_confirmation(**{missing: " "}))


@pytest.mark.parametrize("review_by", [date(2024, 2, 1), date(2023, 1, 1), date(2029, 2, 2)])
def test_a_review_lies_ahead_and_within_five_years(review_by):
    with pytest.raises(rules.ReviewDateError):
        rules.check_confirmation(force_confirmation(review_by=review_by))


def test_force_is_confirmed_as_an_interval_that_begins():
    with pytest.raises(rules.MissingStatementError):
        rules.check_confirmation(force_confirmation(in_force_from=None))
    with pytest.raises(rules.IntervalError):
        rules.check_confirmation(force_confirmation(in_force_until=date(2021, 3, 15)))


def test_a_provision_is_confirmed_with_its_article_and_what_it_says():
    provision = ConfirmedSubject.PROVISION
    with pytest.raises(rules.MissingStatementError):
        rules.check_confirmation(force_confirmation(subject=provision))
    with pytest.raises(rules.MissingStatementError):
        rules.check_confirmation(force_confirmation(subject=provision, article="3"))

    said = force_confirmation(
        subject=provision, article="3", forms=(FormOfAssistance.INFO_OFFENCE,)
    )
    rules.check_confirmation(said)


def test_a_ruling_lasts_twelve_months_at_most():
    rules.check_ruling(ruling())

    with pytest.raises(rules.RulingTooLongError):
        rules.check_ruling(ruling(valid_until=date(2025, 2, 2)))


def test_a_ruling_needs_grounds_two_persons_and_conditions_where_it_has_some():
    with pytest.raises(rules.MissingStatementError):
        rules.check_ruling(ruling(grounds=""))
    with pytest.raises(rules.SamePersonError):
        rules.check_ruling(ruling(countersigned_by="OFF-CUSTODIAN"))
    with pytest.raises(rules.MissingStatementError):
        rules.check_ruling(ruling(verdict=Verdict.PERMITTED_UNDER_CONDITIONS))


def test_completeness_is_attested_for_one_pair_and_a_period():
    rules.check_attestation(attestation())

    with pytest.raises(rules.AttestedPairError):
        rules.check_attestation(attestation(parties=frozenset({"XN", "XS", "XE"})))
    with pytest.raises(rules.IntervalError):
        rules.check_attestation(attestation(valid_until=date(2023, 1, 1)))


def statement(*, agrees: bool) -> Corroboration:
    return Corroboration(
        confirmation="CNF-2024-001",
        partner="XS",
        citation="Gazette of Southland 14/2024",
        published_on=date(2024, 3, 1),
        agrees=agrees,
        recorded_on=date(2024, 3, 5),
    )


def test_a_partners_agreement_changes_nothing():
    confirmed = force_confirmation()

    assert rules.heard_from_partner(confirmed, statement(agrees=True)) == confirmed


def test_a_partners_disagreement_suspends_the_confirmation():
    suspended = rules.heard_from_partner(force_confirmation(), statement(agrees=False))

    assert suspended.suspended_on == date(2024, 3, 5)
    assert "Southland" in suspended.suspension_note


def test_a_suspended_confirmation_is_not_suspended_again_but_may_be_withdrawn():
    suspended = rules.suspend(force_confirmation(), on=date(2024, 3, 5), note="Southland objects")

    with pytest.raises(rules.AlreadyEndedError):
        rules.suspend(suspended, on=date(2024, 4, 1), note="again")
    withdrawn = rules.withdraw(suspended, on=date(2024, 4, 1))
    with pytest.raises(rules.AlreadyEndedError):
        rules.withdraw(withdrawn, on=date(2024, 5, 1))


def test_five_years_after_a_leap_day_is_the_first_of_march():
    assert rules.years_after(date(2024, 2, 29), 5) == date(2029, 3, 1)
