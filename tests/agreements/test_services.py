# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.four_eyes import SamePersonError
from comity.accounts.permissions import PermissionMissingError, Role
from comity.agreements import queries, services
from comity.agreements.confirmation import (
    MissingStatementError,
    ReviewDateError,
    RulingTooLongError,
)
from comity.agreements.lifecycle import ActOutOfOrderError
from comity.agreements.local_entries import InstrumentExistsError, LocalEntryUnreadableError
from comity.agreements.records import (
    NotAPartyError,
    OverlapsEarlierError,
    OwnStatementError,
    ProposalKind,
    ProposalState,
    ReasonMissingError,
    RecordState,
    Stance,
    UnknownRecordError,
    WrongStateError,
)
from comity.agreements.register import UnknownInstrumentError
from comity.agreements.services.proposing import MachineClaimsForceError
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance
from tests.support.node_register import (
    AGREEMENT,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    confirmation_draft,
    question,
    ruling_draft,
)
from tests.support.officers import journal_acts

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("small_register")]

CUSTODIAN, ADVISER = Role.TREATY_CUSTODIAN, Role.LEGAL_ADVISER


@pytest.fixture
def confirmed(officer):
    """The agreement's force, drafted on Monday and countersigned on Tuesday."""
    drafted = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    return services.countersign_confirmation(
        drafted.reference, version=drafted.version, by=officer(ADVISER), at=TUESDAY
    )


# Confirmations


def test_a_drafted_confirmation_counts_for_nothing(officer):
    services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)

    assert queries.overlay().confirmations == ()
    assert queries.assessed(question()).verdict is Verdict.PERSON_MUST_DECIDE


def test_a_countersigned_confirmation_turns_a_persons_decision_into_a_lawful_yes(confirmed):
    answer = queries.assessed(question())

    assert answer.verdict is Verdict.PERMITTED
    assert answer.governing == AGREEMENT
    assert queries.overlay().confirmations[0].recorded_on == TUESDAY.date()


def test_nobody_countersigns_what_they_drafted(officer):
    both = officer(CUSTODIAN, ADVISER)
    drafted = services.draft_confirmation(confirmation_draft(), by=both, at=MONDAY)

    with pytest.raises(SamePersonError):
        services.countersign_confirmation(drafted.reference, version=None, by=both, at=TUESDAY)

    assert queries.confirmation(drafted.reference).state is RecordState.DRAFTED


def test_two_people_suffice_where_the_profile_says_so_but_one_never_does(officer, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, two_person_unit=True)
    one, other = officer(CUSTODIAN, ADVISER), officer(CUSTODIAN, ADVISER, Role.UNIT_HEAD)
    drafted = services.draft_confirmation(confirmation_draft(), by=one, at=MONDAY)

    with pytest.raises(SamePersonError):
        services.countersign_confirmation(drafted.reference, version=None, by=one, at=TUESDAY)
    signed = services.countersign_confirmation(
        drafted.reference, version=None, by=other, at=TUESDAY
    )

    assert signed.state is RecordState.IN_EFFECT


def test_the_database_refuses_two_signatures_of_one_person(officer, confirmed):
    from django.db import IntegrityError, connection, transaction

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE agreements_confirmation SET countersigned_by = drafted_by")


@pytest.mark.parametrize("role", [r for r in Role if r is not CUSTODIAN])
def test_only_the_treaty_custodian_confirms(role, officer):
    with pytest.raises(PermissionMissingError):
        services.draft_confirmation(confirmation_draft(), by=officer(role), at=MONDAY)


def test_the_custodian_does_not_countersign(officer):
    drafted = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)

    with pytest.raises(PermissionMissingError):
        services.countersign_confirmation(
            drafted.reference, version=None, by=officer(CUSTODIAN), at=TUESDAY
        )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"citation": " "}, MissingStatementError),
        ({"in_force_from": None}, MissingStatementError),
        ({"review_by": MONDAY.date()}, ReviewDateError),
        ({"review_by": date(2040, 1, 1)}, ReviewDateError),
        ({"instrument": "us-xs-1999"}, UnknownInstrumentError),
    ],
)
def test_a_confirmation_that_does_not_hold_together_is_not_drafted(change, error, officer):
    with pytest.raises(error):
        services.draft_confirmation(confirmation_draft(**change), by=officer(CUSTODIAN), at=MONDAY)

    assert queries.confirmations().rows == ()


def test_one_matter_is_confirmed_once_at_a_time(officer, confirmed):
    with pytest.raises(OverlapsEarlierError) as refused:
        services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=WEDNESDAY)

    assert refused.value.fields["earlier"] == confirmed.reference


def test_two_separate_intervals_of_force_may_both_be_confirmed(officer, confirmed):
    earlier = confirmation_draft(in_force_from=date(2020, 6, 1), in_force_until=date(2020, 9, 1))

    made = services.draft_confirmation(earlier, by=officer(CUSTODIAN), at=WEDNESDAY)

    assert made.state is RecordState.DRAFTED


def test_a_renewal_takes_the_earlier_ones_place_at_the_moment_of_its_countersignature(
    officer, confirmed
):
    renewal = services.draft_confirmation(
        confirmation_draft(renews=confirmed.reference, review_by=date(2028, 3, 1)),
        by=officer(CUSTODIAN),
        at=WEDNESDAY,
    )
    assert queries.confirmation(confirmed.reference).state is RecordState.IN_EFFECT

    services.countersign_confirmation(
        renewal.reference, version=None, by=officer(ADVISER), at=WEDNESDAY
    )

    assert queries.confirmation(confirmed.reference).state is RecordState.WITHDRAWN
    assert queries.confirmation(confirmed.reference).reason == renewal.reference
    assert queries.assessed(question()).verdict is Verdict.PERMITTED


def test_an_edit_of_an_outdated_version_is_refused(officer):
    drafted = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    services.countersign_confirmation(
        drafted.reference, version=drafted.version, by=officer(ADVISER), at=TUESDAY
    )

    with pytest.raises(ChangedMeanwhileError):
        services.withdraw_confirmation(
            drafted.reference,
            reason="A wrong day.",
            version=drafted.version,
            by=officer(CUSTODIAN),
            at=WEDNESDAY,
        )


def test_a_refused_draft_cannot_be_countersigned_later(officer):
    drafted = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    refused = services.refuse_confirmation(
        drafted.reference,
        reason="The note says 2022.",
        version=None,
        by=officer(ADVISER),
        at=TUESDAY,
    )

    assert refused.state is RecordState.REFUSED
    with pytest.raises(WrongStateError):
        services.countersign_confirmation(
            drafted.reference, version=None, by=officer(ADVISER), at=TUESDAY
        )


def test_withdrawing_needs_a_reason_and_ends_the_yes(officer, confirmed):
    with pytest.raises(ReasonMissingError):
        services.withdraw_confirmation(
            confirmed.reference, reason="", version=None, by=officer(CUSTODIAN), at=WEDNESDAY
        )
    services.withdraw_confirmation(
        confirmed.reference,
        reason="A wrong day.",
        version=None,
        by=officer(CUSTODIAN),
        at=WEDNESDAY,
    )

    assert queries.assessed(question()).verdict is Verdict.PERSON_MUST_DECIDE


def test_a_partners_disagreement_suspends_and_the_confirmation_stops_counting(officer, confirmed):
    record = services.record_statement(
        confirmed.reference,
        stance=Stance.DISAGREES,
        partner="XS",
        citation="Treaty list of Southland, page 4",
        made_on=date(2026, 3, 3),
        by=officer(CUSTODIAN),
        at=WEDNESDAY,
    )

    assert record.state is RecordState.SUSPENDED
    assert "page 4" in record.suspension_note
    assert queries.assessed(question()).verdict is Verdict.PERSON_MUST_DECIDE
    with pytest.raises(WrongStateError):
        services.record_statement(
            confirmed.reference,
            stance=Stance.CORROBORATES,
            partner="XS",
            citation="Never mind",
            made_on=date(2026, 3, 4),
            by=officer(CUSTODIAN),
            at=WEDNESDAY,
        )


def test_a_partners_statement_to_the_same_effect_corroborates(officer, confirmed):
    record = services.record_statement(
        confirmed.reference,
        stance=Stance.CORROBORATES,
        partner="XS",
        citation="Treaty list of Southland, page 4",
        made_on=date(2026, 3, 3),
        by=officer(ADVISER),
        at=WEDNESDAY,
    )

    assert record.corroborated
    assert record.state is RecordState.IN_EFFECT
    assert queries.overlay().corroborations[0].agrees


@pytest.mark.parametrize(("partner", "error"), [("XE", NotAPartyError), ("US", OwnStatementError)])
def test_only_another_party_corroborates_or_disputes(partner, error, officer, confirmed):
    with pytest.raises(error):
        services.record_statement(
            confirmed.reference,
            stance=Stance.DISAGREES,
            partner=partner,
            citation="A newspaper",
            made_on=date(2026, 3, 3),
            by=officer(CUSTODIAN),
            at=WEDNESDAY,
        )

    assert queries.confirmation(confirmed.reference).state is RecordState.IN_EFFECT


def test_a_confirmation_says_when_its_review_is_due(confirmed):
    assert queries.confirmations_to_review(date(2027, 2, 28)).rows == ()

    due = queries.confirmations_to_review(date(2027, 3, 1))

    assert [record.reference for record in due.rows] == [confirmed.reference]


def test_the_database_refuses_a_step_back_and_a_deletion(confirmed):
    from django.db import DatabaseError, connection, transaction

    for statement in (
        "UPDATE agreements_confirmation SET state = 'drafted'",
        "DELETE FROM agreements_confirmation",
    ):
        with (
            pytest.raises(DatabaseError, match="pgtrigger"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_every_act_is_journalled_with_its_officer(officer, confirmed):
    services.withdraw_confirmation(
        confirmed.reference,
        reason="A wrong day.",
        version=None,
        by=officer(CUSTODIAN),
        at=WEDNESDAY,
    )

    acts = [act for act in journal_acts() if act[1] == confirmed.reference]
    assert acts == [
        ("confirmation-drafted", confirmed.reference, officer(CUSTODIAN).reference),
        ("confirmation-countersigned", confirmed.reference, officer(ADVISER).reference),
        ("confirmation-withdrawn", confirmed.reference, officer(CUSTODIAN).reference),
    ]


# Rulings and attestations


def test_a_ruling_settles_its_question_once_countersigned(officer):
    samples = question(forms=(FormOfAssistance.OBJECTS_SAMPLES,))
    force = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    services.countersign_confirmation(force.reference, version=None, by=officer(ADVISER), at=MONDAY)
    before = queries.assessed(samples).verdict

    ruled = services.draft_ruling(ruling_draft(), by=officer(Role.UNIT_HEAD), at=MONDAY)
    drafted = queries.assessed(samples).verdict
    services.countersign_ruling(
        ruled.reference, version=ruled.version, by=officer(ADVISER), at=TUESDAY
    )

    assert before is Verdict.PERSON_MUST_DECIDE
    assert drafted is before
    assert queries.assessed(samples).verdict is Verdict.PERMITTED


def test_a_ruling_lasts_twelve_months_at_most(officer):
    with pytest.raises(RulingTooLongError):
        services.draft_ruling(
            ruling_draft(valid_until=date(2027, 3, 3)), by=officer(Role.UNIT_HEAD), at=MONDAY
        )


def test_the_unit_head_countersigns_what_the_legal_adviser_ruled_and_nobody_their_own(officer):
    ruled = services.draft_ruling(ruling_draft(), by=officer(ADVISER), at=MONDAY)

    with pytest.raises(SamePersonError):
        services.countersign_ruling(ruled.reference, version=None, by=officer(ADVISER), at=TUESDAY)
    signed = services.countersign_ruling(
        ruled.reference, version=None, by=officer(Role.UNIT_HEAD), at=TUESDAY
    )

    assert signed.settles_on(date(2026, 3, 4))
    assert not signed.settles_on(date(2027, 3, 2))


def test_one_question_has_one_ruling_at_a_time_and_a_withdrawn_one_settles_nothing(officer):
    ruled = services.draft_ruling(ruling_draft(), by=officer(ADVISER), at=MONDAY)
    with pytest.raises(OverlapsEarlierError):
        services.draft_ruling(ruling_draft(), by=officer(Role.UNIT_HEAD), at=MONDAY)

    services.withdraw_ruling(
        ruled.reference, reason="Overtaken.", version=None, by=officer(ADVISER), at=TUESDAY
    )

    assert queries.ruling(ruled.reference).state is RecordState.WITHDRAWN
    assert services.draft_ruling(ruling_draft(), by=officer(Role.UNIT_HEAD), at=TUESDAY)


def test_a_refused_ruling_says_why(officer):
    ruled = services.draft_ruling(ruling_draft(), by=officer(Role.UNIT_HEAD), at=MONDAY)

    services.refuse_ruling(
        ruled.reference,
        reason="No practice is shown.",
        version=None,
        by=officer(ADVISER),
        at=TUESDAY,
    )

    assert queries.ruling(ruled.reference).reason == "No practice is shown."


def test_an_attested_list_turns_none_known_into_there_is_none(officer):
    stranger = question(asked="XE")
    before = queries.assessed(stranger).verdict

    made = services.attest(
        "XE",
        "US",
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
        citation="Treaties in Force 2026",
        by=officer(CUSTODIAN),
        at=MONDAY,
    )
    attested = queries.assessed(stranger).verdict
    services.withdraw_attestation(
        made.reference,
        reason="A protocol was found.",
        version=None,
        by=officer(CUSTODIAN),
        at=TUESDAY,
    )

    assert made.parties == ("US", "XE")
    assert (before, attested) == (Verdict.NO_KNOWN_BASIS, Verdict.NO_LEGAL_BASIS)
    assert queries.assessed(stranger).verdict is Verdict.NO_KNOWN_BASIS
    with pytest.raises(WrongStateError):
        services.withdraw_attestation(
            made.reference, reason="Again.", version=None, by=officer(CUSTODIAN), at=TUESDAY
        )


# Proposals

CLAIM = {
    "event": "in-force",
    "date": "2021-03-15",
    "confidence": "high",
    "source": {"title": "Gazette of Southland", "url": "https://gazette.example/2"},
}


def proposed(officer, kind=ProposalKind.CLAIM, content=None, instrument=AGREEMENT, role=None):
    return services.propose(
        kind, instrument, content or CLAIM, grounds="Read in the gazette.",
        by=officer(role or Role.CASE_OFFICER), at=MONDAY,
    )  # fmt: skip


def test_an_accepted_claim_joins_the_register_and_can_settle_a_question(officer):
    made = proposed(officer)
    before = queries.assessed(question()).verdict

    services.accept_proposal(made.reference, version=made.version, by=officer(ADVISER), at=TUESDAY)

    assert before is Verdict.PERSON_MUST_DECIDE
    assert queries.assessed(question()).verdict is Verdict.PERMITTED
    assert queries.register().instrument(AGREEMENT).claims[-1].recorded_on == TUESDAY.date()


def test_the_register_of_an_earlier_instant_lacks_what_was_accepted_later(officer):
    made = proposed(officer)
    services.accept_proposal(made.reference, version=None, by=officer(ADVISER), at=TUESDAY)

    assert len(queries.register(at=MONDAY).instrument(AGREEMENT).claims) == 1
    assert len(queries.register().instrument(AGREEMENT).claims) == 2
    assert queries.register_digest(at=MONDAY) != queries.register_digest()


def test_nobody_accepts_their_own_proposal(officer):
    made = proposed(officer, role=ADVISER)

    for act in (services.accept_proposal, services.reject_proposal):
        with pytest.raises(SamePersonError):
            act(made.reference, reason="It is right.", version=None, by=officer(ADVISER),
                at=TUESDAY)  # fmt: skip

    assert queries.proposal(made.reference).state is ProposalState.OPEN


def test_a_rejection_needs_a_reason_and_adds_nothing(officer):
    made = proposed(officer)
    with pytest.raises(ReasonMissingError):
        services.reject_proposal(
            made.reference, reason=" ", version=None, by=officer(ADVISER), at=TUESDAY
        )

    services.reject_proposal(
        made.reference,
        reason="The gazette says signed.",
        version=None,
        by=officer(ADVISER),
        at=TUESDAY,
    )

    assert queries.local_entries() == ()
    with pytest.raises(WrongStateError):
        services.accept_proposal(made.reference, version=None, by=officer(ADVISER), at=TUESDAY)


def test_an_author_may_take_a_proposal_back(officer):
    made = proposed(officer)

    record = services.withdraw_proposal(
        made.reference, reason="Misread.", version=None, by=officer(Role.CASE_OFFICER), at=TUESDAY
    )

    assert record.state is ProposalState.WITHDRAWN


def test_a_case_officer_decides_nothing_on_anothers_proposal(officer):
    made = proposed(officer, role=Role.REGISTRAR)

    for act in (services.accept_proposal, services.reject_proposal, services.withdraw_proposal):
        with pytest.raises(PermissionMissingError):
            act(made.reference, reason="So.", version=None, by=officer(Role.CASE_OFFICER),
                at=TUESDAY)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "content", "error"),
    [
        (ProposalKind.CLAIM, {**CLAIM, "source": {}}, LocalEntryUnreadableError),
        (ProposalKind.CLAIM, {**CLAIM, "date": "yesterday"}, LocalEntryUnreadableError),
        (
            ProposalKind.CONTACT_POINT,
            {"code": "Southland", "contact_point": "x", "source": CLAIM["source"]},
            LocalEntryUnreadableError,
        ),
    ],
)
def test_a_proposal_that_cannot_be_read_is_not_made(kind, content, error, officer):
    with pytest.raises(error):
        proposed(officer, kind, content)

    assert queries.proposals().rows == ()


def test_a_claim_on_an_unknown_instrument_is_not_proposed(officer):
    with pytest.raises(UnknownInstrumentError):
        proposed(officer, instrument="us-xs-1999")


def test_a_contact_point_and_designated_officials_change_the_authority(officer):
    source = {"title": "Letter of Southland"}
    contact = {"code": "XS/CUSTOMS", "contact_point": "Central unit", "source": source}
    listed = {"code": "XS/CUSTOMS", "designated_officials": ["XS-0007"], "source": source}

    for kind, content in (
        (ProposalKind.CONTACT_POINT, contact),
        (ProposalKind.DESIGNATED_OFFICIALS, listed),
    ):
        made = proposed(officer, kind, content)
        services.accept_proposal(made.reference, version=None, by=officer(ADVISER), at=TUESDAY)

    [authority] = queries.register().instrument(AGREEMENT).authorities
    assert authority.contact_point == "Central unit"
    assert authority.designated_officials == ("XS-0007",)
    assert authority.since == TUESDAY.date()


NEW = {
    "reference": "us-cv-2030",
    "title": "A later agreement",
    "kind": "treaty_bilateral",
    "programme": "cmaa",
    "parties": ["US", "CV"],
    "read": "none",
    "sources": {"s1": {"title": "A release"}},
    "source": "s1",
    "claims": [{"event": "signed", "date": "2030-01-02", "source": "s1", "confidence": "high"}],
}


def test_a_new_instrument_is_checked_like_a_file_and_then_listed(officer):
    made = proposed(officer, ProposalKind.INSTRUMENT, NEW, "us-cv-2030")

    services.accept_proposal(made.reference, version=None, by=officer(ADVISER), at=TUESDAY)

    added = queries.register().instrument("us-cv-2030")
    assert added.recorded_on == TUESDAY.date()
    assert [one.reference for one in queries.register().between("US", "CV")] == ["us-cv-2030"]


def test_a_new_instrument_between_unlisted_parties_is_refused(officer):
    from comity.reference.yaml_files import DataFileError

    with pytest.raises(DataFileError):
        proposed(officer, ProposalKind.INSTRUMENT, {**NEW, "parties": ["US", "Atlantis"]},
                 "us-cv-2030")  # fmt: skip


def test_a_reference_is_given_once(officer):
    with pytest.raises(InstrumentExistsError):
        proposed(officer, ProposalKind.INSTRUMENT, {**NEW, "reference": AGREEMENT}, AGREEMENT)


ACT = {"act": "bring-into-force", "date": "2021-03-15", "source": {"title": "Exchange of notes"}}


def test_an_act_in_an_instruments_life_is_the_custodians_to_propose(officer):
    with pytest.raises(PermissionMissingError):
        proposed(officer, ProposalKind.LIFECYCLE_ACT, ACT)

    made = proposed(officer, ProposalKind.LIFECYCLE_ACT, ACT, role=CUSTODIAN)
    services.accept_proposal(made.reference, version=None, by=officer(ADVISER), at=TUESDAY)

    assert ("instrument-bring-into-force", AGREEMENT, officer(ADVISER).reference) in journal_acts()
    assert queries.assessed(question()).verdict is Verdict.PERMITTED


def test_an_act_out_of_order_is_refused(officer):
    with pytest.raises(ActOutOfOrderError):
        proposed(officer, ProposalKind.LIFECYCLE_ACT, {**ACT, "act": "resume"}, role=CUSTODIAN)


def test_a_machine_proposes_and_a_person_decides(officer):
    from comity.accounts.officer import NODE

    made = services.propose(
        ProposalKind.CLAIM, AGREEMENT, {**CLAIM, "confidence": "low"}, grounds="Read in a feed.",
        by=NODE, at=MONDAY, origin="newsfeed",
    )  # fmt: skip

    assert made.proposed_by == "NODE"
    assert made.origin == "newsfeed"


@pytest.mark.parametrize("event", ["in-force", "provisionally-applied", "resumed", "succeeded"])
def test_no_machine_lets_force_begin(event, officer):
    from comity.accounts.officer import NODE

    weak = {**CLAIM, "event": event, "confidence": "low"}
    claim = {**weak, "confidence": "medium"}
    version = {"code": "v2", "title": "Second", "claims": [claim]}
    refused = (
        (ProposalKind.CLAIM, claim),
        (ProposalKind.INSTRUMENT, {"claims": [weak, claim]}),
        (ProposalKind.INSTRUMENT, {"claims": [weak], "versions": [version]}),
        (ProposalKind.LIFECYCLE_ACT, ACT),
    )

    for kind, content in refused:
        with pytest.raises(MachineClaimsForceError):
            services.propose(kind, AGREEMENT, content, grounds="Read.", by=NODE, at=MONDAY)

    assert not queries.proposals().rows


def test_what_was_accepted_can_never_be_changed_in_the_database(officer):
    from django.db import DatabaseError, connection, transaction

    made = proposed(officer)
    services.accept_proposal(made.reference, version=None, by=officer(ADVISER), at=TUESDAY)

    for statement in (
        "UPDATE agreements_localentry SET instrument = 'other'",
        "DELETE FROM agreements_localentry",
    ):
        with (
            pytest.raises(DatabaseError, match="pgtrigger"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# Assessments


def test_a_kept_assessment_holds_question_verdict_and_editions_and_is_journalled(officer):
    made = services.assess(question(), by=officer(Role.CASE_OFFICER), at=MONDAY)

    assert made.record.verdict is Verdict.PERSON_MUST_DECIDE
    assert made.record.question["asked"] == "XS"
    assert journal_acts()[-1] == (
        "assessment-made", made.record.reference, officer(Role.CASE_OFFICER).reference,
    )  # fmt: skip


def test_an_assessment_is_replayed_as_of_its_moment_whatever_was_confirmed_since(
    officer, small_register
):
    made = services.assess(question(), by=officer(Role.CASE_OFFICER), at=MONDAY)
    drafted = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    later = MONDAY.replace(hour=17)
    services.countersign_confirmation(
        drafted.reference, version=None, by=officer(ADVISER), at=later
    )

    replay = queries.replayed(made.record.reference)

    assert replay.same
    assert not replay.register_changed
    assert replay.determination.verdict is Verdict.PERSON_MUST_DECIDE
    assert replay.now.verdict is Verdict.PERMITTED


def test_a_yes_is_replayed_as_a_yes_after_its_confirmation_was_suspended(officer, confirmed):
    made = services.assess(question(), by=officer(Role.CASE_OFFICER), at=WEDNESDAY)
    services.record_statement(
        confirmed.reference,
        stance=Stance.DISAGREES,
        partner="XS",
        citation="Treaty list of Southland",
        made_on=WEDNESDAY.date(),
        by=officer(CUSTODIAN),
        at=WEDNESDAY.replace(hour=15),
    )

    replay = queries.replayed(made.record.reference)

    assert replay.same
    assert replay.determination.verdict is Verdict.PERMITTED
    assert replay.now.verdict is Verdict.PERSON_MUST_DECIDE


def test_an_administrator_runs_the_machine_and_assesses_nothing(officer):
    with pytest.raises(PermissionMissingError):
        services.assess(question(), by=officer(Role.ADMINISTRATOR), at=MONDAY)


def test_an_unknown_record_is_not_found():
    for read in (queries.confirmation, queries.ruling, queries.proposal, queries.assessment):
        with pytest.raises(UnknownRecordError):
            read("CNF-99999")
