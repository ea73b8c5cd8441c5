# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta

import pytest

from comity.accounts import queries, services
from comity.accounts.administration import (
    ChangedMeanwhileError,
    LastAdministratorError,
    OwnAccountError,
    SignInNameTakenError,
)
from comity.accounts.api_token import (
    REQUESTS_PER_MINUTE,
    TokenRefusedError,
    TokenRolesError,
    TooManyRequestsError,
    UnknownTokenError,
)
from comity.accounts.four_eyes import SamePersonError
from comity.accounts.officer import (
    OPERATOR,
    NobodySignedInError,
    OperatorOnlyError,
    UnknownOfficerError,
)
from comity.accounts.permissions import Permission, PermissionMissingError, Role
from comity.accounts.recovery import (
    RecoveryByAdministratorsError,
    RecoveryOpenError,
    RecoveryState,
)
from comity.accounts.services.officers import AdministratorExistsError
from tests.support.officers import NOON, journal_acts, registered, row_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]


# Registration


def test_a_new_node_gets_one_first_administrator_with_a_password_of_a_hundred_bits():
    made = services.register_first_administrator(at=NOON)

    assert made.officer.roles == {Role.ADMINISTRATOR}
    assert len(made.password.replace("-", "")) == 20
    assert row_of(made.officer).check_password(made.password)
    with pytest.raises(AdministratorExistsError):
        services.register_first_administrator(at=NOON)


def test_a_registration_is_journalled_by_reference_and_roles_only():
    officer = registered(Role.AUDITOR, name="a.rivers", own_password=False)

    assert journal_acts()[-1] == ("officer-registered", officer.reference, "NODE")


def test_references_count_up_and_are_never_given_twice():
    first = registered(Role.AUDITOR, name="one")
    second = registered(Role.AUDITOR, name="two")

    assert first.reference < second.reference
    assert first.reference.startswith("OFF-")


def test_two_officers_do_not_share_a_sign_in_name():
    registered(Role.AUDITOR, name="a.rivers")

    with pytest.raises(SignInNameTakenError):
        registered(Role.REGISTRAR, name="A.Rivers ")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_administer_officers(role):
    by, other = registered(role, name="by"), registered(Role.AUDITOR, name="other")
    acts = [
        lambda: services.register_officer(
            sign_in_name="x", display_name="x", roles=["auditor"], by=by, at=NOON
        ),
        lambda: services.change_roles(other.reference, ["auditor"], by=by, at=NOON),
        lambda: services.suspend(other.reference, by=by, at=NOON),
        lambda: services.reactivate(other.reference, by=by, at=NOON),
        lambda: services.reset_password(other.reference, by=by, at=NOON),
        lambda: services.request_recovery(other.reference, by=by, at=NOON),
    ]

    for act in acts:
        with pytest.raises(PermissionMissingError):
            act()


# Roles, suspension, passwords


def test_a_change_of_roles_is_journalled_with_both_sets():
    administrator = registered(Role.ADMINISTRATOR)
    officer = registered(Role.AUDITOR)

    services.change_roles(officer.reference, ["registrar"], by=administrator, at=NOON)

    from comity.journal import queries as journal

    entry = list(journal.all_entries())[-1]
    assert (entry.act, entry.subject) == ("officer-roles-changed", officer.reference)
    assert dict(entry.facts) == {"roles_before": "auditor", "roles": "registrar"}
    assert entry.actor.reference == administrator.reference
    assert queries.officer_by_reference(officer.reference).roles == {Role.REGISTRAR}


def test_a_change_made_to_an_older_version_changes_nothing():
    administrator, officer = registered(Role.ADMINISTRATOR), registered(Role.AUDITOR)
    seen = queries.officer_record(officer.reference).version
    services.change_roles(officer.reference, ["registrar"], by=administrator, at=NOON, version=seen)

    with pytest.raises(ChangedMeanwhileError):
        services.change_roles(
            officer.reference, ["prosecutor"], by=administrator, at=NOON, version=seen
        )

    assert queries.officer_by_reference(officer.reference).roles == {Role.REGISTRAR}


def test_nobody_lifts_their_own_roles_or_suspends_themselves():
    one = registered(Role.ADMINISTRATOR, name="one")
    registered(Role.ADMINISTRATOR, name="two")

    for act in (
        lambda: services.change_roles(one.reference, ["administrator", "auditor"], by=one, at=NOON),
        lambda: services.suspend(one.reference, by=one, at=NOON),
        lambda: services.reset_password(one.reference, by=one, at=NOON),
    ):
        with pytest.raises(OwnAccountError):
            act()


def test_the_last_administrator_can_be_neither_suspended_nor_stripped():
    only = registered(Role.ADMINISTRATOR)

    with pytest.raises(LastAdministratorError):
        services.suspend(only.reference, by=OPERATOR, at=NOON)
    with pytest.raises(LastAdministratorError):
        services.change_roles(only.reference, ["auditor"], by=OPERATOR, at=NOON)


def test_a_suspended_administrator_does_not_count_as_remaining():
    one, two = (
        registered(Role.ADMINISTRATOR, name="one"),
        registered(Role.ADMINISTRATOR, name="two"),
    )
    services.suspend(two.reference, by=one, at=NOON)

    with pytest.raises(LastAdministratorError):
        services.suspend(one.reference, by=OPERATOR, at=NOON)


def test_a_suspended_officer_is_nobody_until_reactivated():
    administrator, officer = registered(Role.ADMINISTRATOR), registered(Role.AUDITOR)
    services.suspend(officer.reference, by=administrator, at=NOON)

    with pytest.raises(NobodySignedInError):
        queries.officer_of(row_of(officer))

    services.reactivate(officer.reference, by=administrator, at=NOON)
    assert queries.officer_of(row_of(officer)).may(Permission.VIEW_JOURNAL)


def test_a_reset_password_replaces_the_old_one_and_is_for_one_use():
    administrator, officer = registered(Role.ADMINISTRATOR), registered(Role.AUDITOR)

    made = services.reset_password(officer.reference, by=administrator, at=NOON)

    row = row_of(officer)
    assert row.check_password(made.password)
    assert row.password_is_one_time


def test_an_unknown_officer_is_said_to_be_unknown():
    with pytest.raises(UnknownOfficerError):
        services.suspend("OFF-99999", by=OPERATOR, at=NOON)


def test_a_role_that_this_release_does_not_know_grants_nothing():
    officer = registered(Role.AUDITOR)
    row = row_of(officer)
    row.roles = ["auditor", "role-of-a-later-release"]
    row.save()

    assert queries.officer_by_reference(officer.reference).roles == {Role.AUDITOR}


def test_officers_are_found_by_name_and_role_and_read_page_by_page():
    for number in range(7):
        registered(Role.AUDITOR, name=f"auditor.{number}")
    registered(Role.REGISTRAR, name="r.stone")

    first = queries.officer_records(role=Role.AUDITOR, limit=4)
    rest = queries.officer_records(role=Role.AUDITOR, after=first[-1].officer.reference, limit=4)

    assert [r.sign_in_name for r in [*first, *rest]] == [f"auditor.{n}" for n in range(7)]
    assert [r.sign_in_name for r in queries.officer_records(search="STONE")] == ["r.stone"]


# Recovery of a lost second factor


def test_two_administrators_recover_a_lost_second_factor():
    one, two = (
        registered(Role.ADMINISTRATOR, name="one"),
        registered(Role.ADMINISTRATOR, name="two"),
    )
    officer = registered(Role.AUDITOR)
    recovery = services.request_recovery(officer.reference, by=officer, at=NOON)

    _, nothing_yet = services.approve_recovery(recovery.reference, by=one, at=NOON)
    assert nothing_yet is None
    assert queries.second_factors_of(officer.reference) == ("totp",)
    done, password = services.approve_recovery(recovery.reference, by=two, at=NOON)

    assert done.state is RecoveryState.COMPLETED
    assert queries.second_factors_of(officer.reference) == ()
    assert row_of(officer).check_password(password.password)
    assert [(act, by) for act, subject, by in journal_acts() if act.startswith("recovery")] == [
        ("recovery-requested", officer.reference),
        ("recovery-approved", one.reference),
        ("recovery-completed", two.reference),
    ]


def test_one_administrator_cannot_approve_twice():
    one, officer = registered(Role.ADMINISTRATOR, name="one"), registered(Role.AUDITOR)
    recovery = services.request_recovery(officer.reference, by=one, at=NOON)
    services.approve_recovery(recovery.reference, by=one, at=NOON)

    with pytest.raises(SamePersonError):
        services.approve_recovery(recovery.reference, by=one, at=NOON)

    assert queries.second_factors_of(officer.reference) == ("totp",)


def test_one_recovery_at_a_time_until_it_expires():
    officer = registered(Role.AUDITOR)
    services.request_recovery(officer.reference, by=officer, at=NOON)

    with pytest.raises(RecoveryOpenError):
        services.request_recovery(officer.reference, by=officer, at=NOON)

    later = NOON + timedelta(days=8)
    again = services.request_recovery(officer.reference, by=officer, at=later)
    assert queries.open_recoveries(at=later) == [again]


def test_a_declined_recovery_leaves_the_factors_alone():
    one, officer = registered(Role.ADMINISTRATOR), registered(Role.AUDITOR)
    recovery = services.request_recovery(officer.reference, by=officer, at=NOON)

    services.decline_recovery(recovery.reference, by=one, at=NOON)

    assert queries.open_recoveries(at=NOON) == []
    assert queries.second_factors_of(officer.reference) == ("totp",)


def test_in_a_unit_of_two_the_other_administrator_recovers_alone_and_it_is_journalled(settings):
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, two_person_unit=True)
    one, two = (
        registered(Role.ADMINISTRATOR, name="one"),
        registered(Role.ADMINISTRATOR, name="two"),
    )
    recovery = services.request_recovery(two.reference, by=two, at=NOON)

    done, _ = services.approve_recovery(recovery.reference, by=one, at=NOON)

    from comity.journal import queries as journal

    assert done.state is RecoveryState.COMPLETED
    facts = dict(list(journal.all_entries())[-1].facts)
    assert (facts["profile"], facts["relaxation"]) == ("two-person", "sole-administrator")


def test_at_the_machine_a_factor_is_recovered_only_where_two_administrators_are_missing():
    one = registered(Role.ADMINISTRATOR, name="one")
    services.recover_at_the_machine(one.reference, by=OPERATOR, at=NOON)
    assert queries.second_factors_of(one.reference) == ()

    registered(Role.ADMINISTRATOR, name="two")
    registered(Role.ADMINISTRATOR, name="three")
    with pytest.raises(RecoveryByAdministratorsError):
        services.recover_at_the_machine(one.reference, by=OPERATOR, at=NOON)
    with pytest.raises(OperatorOnlyError):
        services.recover_at_the_machine(one.reference, by=one, at=NOON)


# Tokens


def token(officer, *roles, days=7):
    return services.issue_token(
        "export", roles=frozenset(roles) or officer.roles, days=days, by=officer, at=NOON
    )


def test_a_token_calls_as_its_owner_with_the_roles_that_it_carries():
    officer = registered(Role.AUDITOR, Role.CASE_OFFICER)

    caller = services.use_token(token(officer, Role.CASE_OFFICER).secret, at=NOON)

    assert caller.officer.reference == officer.reference
    assert caller.officer.roles == {Role.CASE_OFFICER}


def test_the_secret_of_a_token_is_nowhere_in_the_database():
    from django.db import connection

    secret = token(registered(Role.AUDITOR)).secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM accounts_apitoken t")
        kept = cursor.fetchone()[0]

    assert secret not in kept
    assert secret.removeprefix("comity_") not in kept


def test_a_token_stops_when_revoked_expired_or_its_owner_suspended():
    officer = registered(Role.AUDITOR)
    revoked, short, third = token(officer), token(officer, days=1), token(officer)
    services.revoke_token(revoked.token.reference, by=officer, at=NOON)

    with pytest.raises(TokenRefusedError):
        services.use_token(revoked.secret, at=NOON)
    with pytest.raises(TokenRefusedError):
        services.use_token(short.secret, at=NOON + timedelta(days=1))
    services.suspend(officer.reference, by=OPERATOR, at=NOON)
    with pytest.raises(TokenRefusedError):
        services.use_token(third.secret, at=NOON)


@pytest.mark.parametrize("text", ["", "comity_", "comity_" + "A" * 43, "x", "\ud800"])
def test_a_text_that_is_no_token_is_refused(text):
    with pytest.raises(TokenRefusedError):
        services.use_token(text, at=NOON)


def test_a_role_that_the_owner_loses_is_lost_to_the_token():
    administrator, officer = (
        registered(Role.ADMINISTRATOR),
        registered(Role.AUDITOR, Role.REGISTRAR),
    )
    secret = token(officer).secret
    services.change_roles(officer.reference, ["registrar"], by=administrator, at=NOON)

    assert services.use_token(secret, at=NOON).officer.roles == {Role.REGISTRAR}


def test_nobody_issues_a_token_with_a_role_they_do_not_hold_or_for_somebody_else():
    officer, other = registered(Role.AUDITOR), registered(Role.REGISTRAR)

    with pytest.raises(TokenRolesError):
        token(officer, Role.ADMINISTRATOR)
    with pytest.raises(OperatorOnlyError):
        services.issue_token("x", roles=other.roles, days=1, by=officer, owner=other, at=NOON)


def test_nobody_revokes_a_token_of_somebody_else():
    issued = token(registered(Role.AUDITOR))

    with pytest.raises(UnknownTokenError):
        services.revoke_token(issued.token.reference, by=registered(Role.REGISTRAR), at=NOON)


def test_a_token_is_served_so_many_requests_a_minute_and_then_again():
    from comity.accounts import models  # the count is set, not made, to save the time

    issued = token(registered(Role.AUDITOR))
    services.use_token(issued.secret, at=NOON)
    models.ApiToken.objects.update(used_in_window=REQUESTS_PER_MINUTE)

    with pytest.raises(TooManyRequestsError) as refused:
        services.use_token(issued.secret, at=NOON + timedelta(seconds=20))

    assert refused.value.fields["wait"] == 41
    assert services.use_token(issued.secret, at=NOON + timedelta(seconds=60))


# Drafts and languages


def test_a_draft_is_kept_for_its_owner_alone():
    one, other = registered(Role.AUDITOR), registered(Role.REGISTRAR)
    services.save_draft(one, "agreements:confirm", {"why": ["because"]}, at=NOON)
    services.save_draft(one, "agreements:confirm", {"why": ["better"]}, at=NOON)

    assert services.draft(one, "agreements:confirm").content == {"why": ["better"]}
    assert services.draft(other, "agreements:confirm") is None
    assert [d.form_key for d in queries.drafts_of(one)] == ["agreements:confirm"]

    services.discard_draft(one, "agreements:confirm")
    assert services.draft(one, "agreements:confirm") is None


def test_an_officer_reads_in_the_language_chosen():
    officer = registered(Role.AUDITOR)

    services.choose_language(officer.reference, "fr")

    assert queries.officer_by_reference(officer.reference).language == "fr"
