# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from comity.accounts import queries, services
from comity.accounts.officer import OPERATOR
from comity.accounts.permissions import PERMISSIONS, Permission, Role
from tests.support.officers import PASSWORD, journal_acts, registered, row_of, sign_in

pytestmark = [pytest.mark.db, pytest.mark.django_db]

OFFICER, RECOVERY, TOKEN = "OFF-00000", "RCV-00000", "TOK-00000"  # nobody's
# Every page of ours: how it is reached, and the permission that opens it.
PAGES: dict[str, tuple[str, dict[str, object], Permission | None]] = {
    "own": ("get", {}, None),
    "language": ("post", {}, None),
    "sessions": ("get", {}, None),
    "end-others": ("post", {}, None),
    "end-session": ("post", {"number": 1}, None),
    "postpone": ("post", {}, None),
    "tokens": ("get", {}, Permission.ISSUE_TOKENS),
    "revoke": ("post", {"reference": TOKEN}, None),
    "draft": ("get", {"form_key": "x"}, None),
    "officers": ("get", {}, Permission.VIEW_OFFICERS),
    "register": ("get", {}, Permission.ADMINISTER_OFFICERS),
    "officer": ("get", {"reference": OFFICER}, Permission.VIEW_OFFICERS),
    "details": ("get", {"reference": OFFICER}, Permission.ADMINISTER_OFFICERS),
    "roles": ("get", {"reference": OFFICER}, Permission.ADMINISTER_OFFICERS),
    "suspend": ("post", {"reference": OFFICER}, Permission.ADMINISTER_OFFICERS),
    "reactivate": ("post", {"reference": OFFICER}, Permission.ADMINISTER_OFFICERS),
    "reset-password": ("post", {"reference": OFFICER}, Permission.ADMINISTER_OFFICERS),
    "request-recovery": ("post", {"reference": OFFICER}, Permission.APPROVE_RECOVERY),
    "recoveries": ("get", {}, Permission.APPROVE_RECOVERY),
    "approve": ("post", {"recovery": RECOVERY}, Permission.APPROVE_RECOVERY),
    "decline": ("post", {"recovery": RECOVERY}, Permission.APPROVE_RECOVERY),
}
BEFORE_SIGN_IN = {"lost"}


def test_the_table_above_holds_every_page_of_accounts():
    namespace = get_resolver().namespace_dict["accounts"][1]

    assert set(namespace.reverse_dict.keys()) & set(PAGES) == set(PAGES)
    names = {name for name in namespace.reverse_dict if isinstance(name, str)}
    assert names == set(PAGES) | BEFORE_SIGN_IN


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_its_pages_and_no_other(role):
    client = sign_in(Client(), registered(role))

    for name, (method, arguments, permission) in PAGES.items():
        answer = getattr(client, method)(reverse(f"accounts:{name}", kwargs=arguments))
        allowed = permission is None or role in PERMISSIONS[permission]
        refused = answer.status_code == 403 and b"permission-missing" in answer.content
        assert refused is not allowed, f"{role} on {name}: {answer.status_code}"


@pytest.mark.parametrize("name", PAGES)
def test_nobody_opens_a_page_without_signing_in(name):
    method, arguments, _ = PAGES[name]
    path = reverse(f"accounts:{name}", kwargs=arguments)

    answer = getattr(Client(), method)(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_page_that_changes_something_is_not_opened_by_a_link():
    client = sign_in(Client(), registered(Role.ADMINISTRATOR))

    for name, (method, arguments, _) in PAGES.items():
        if method == "post":
            answer = client.get(reverse(f"accounts:{name}", kwargs=arguments))
            assert answer.status_code == 405, name


# The gate


def test_a_one_time_password_leads_to_a_password_of_ones_own_before_anything_else():
    officer = registered(Role.AUDITOR, own_password=False, second_factor=False)
    client = sign_in(Client(), officer)

    for path in (reverse("accounts:own"), reverse("mfa_index"), reverse("accounts:officers")):
        assert client.get(path)["Location"] == reverse("account_change_password")


def test_without_a_second_factor_every_page_leads_to_its_enrolment():
    client = sign_in(Client(), registered(Role.AUDITOR, second_factor=False))

    for path in (reverse("accounts:own"), reverse("accounts:tokens"), reverse("accounts:officers")):
        assert client.get(path)["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200


def test_outside_training_the_second_factor_cannot_be_postponed():
    officer = registered(Role.AUDITOR, second_factor=False)
    client = sign_in(Client(), officer)

    assert client.post(reverse("accounts:postpone")).status_code == 403

    row = row_of(officer)
    row.second_factor_postponed = True  # as if the node had been for training once
    row.save()
    assert client.get(reverse("accounts:own"))["Location"] == reverse("mfa_index")


def test_in_training_it_may_wait_with_a_notice_and_a_line_in_the_journal(settings):
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, training=True)
    officer = registered(Role.AUDITOR, second_factor=False)
    client = sign_in(Client(), officer)

    assert client.post(reverse("accounts:postpone"))["Location"] == "/"

    assert b"You work without a second factor" in client.get(reverse("accounts:own")).content
    assert journal_acts()[-1][:2] == ("second-factor-postponed", officer.reference)


# Officers


def test_an_administrator_registers_an_officer_and_sees_the_password_once():
    client = sign_in(Client(), registered(Role.ADMINISTRATOR))
    filled = {
        "sign_in_name": "B.Stone",
        "display_name": "B. Stone",
        "language": "fr",
        "roles": ["registrar", "case-officer"],
    }

    shown = client.post(reverse("accounts:register"), filled)

    password = re.search(r'id="one-time-password">([^<]+)<', shown.content.decode())[1]
    record = queries.officer_records(search="b.stone")[0]
    assert record.officer.roles == {Role.REGISTRAR, Role.CASE_OFFICER}
    assert row_of(record.officer).check_password(password)
    assert "no-store" in shown["Cache-Control"]
    assert (
        password
        not in client.get(
            reverse("accounts:officer", args=[record.officer.reference])
        ).content.decode()
    )


def test_a_taken_or_odd_name_is_said_beside_its_field():
    client = sign_in(Client(), registered(Role.ADMINISTRATOR, name="a.rivers"))

    for name in ("a.rivers", "not a name"):
        filled = {"sign_in_name": name, "display_name": "x", "language": "en", "roles": ["auditor"]}
        answer = client.post(reverse("accounts:register"), filled)
        assert answer.status_code == 200
        assert b"usa-error-message" in answer.content


def test_the_list_is_read_page_by_page_and_searched():
    client = sign_in(Client(), registered(Role.ADMINISTRATOR))
    for number in range(55):
        registered(
            Role.AUDITOR, name=f"auditor.{number:02}", own_password=False, second_factor=False
        )

    first = client.get(reverse("accounts:officers"))
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
    second = client.get(reverse("accounts:officers") + following.replace("&amp;", "&"))

    assert first.content.decode().count("auditor.") == 49
    assert second.content.decode().count("auditor.") == 6
    found = client.get(reverse("accounts:officers"), {"q": "auditor.07", "role": "auditor"})
    assert found.content.decode().count('scope="row"') == 1


def test_the_list_costs_the_same_few_queries_however_long_it_is(django_assert_max_num_queries):
    client = sign_in(Client(), registered(Role.ADMINISTRATOR))
    for number in range(20):
        registered(Role.AUDITOR, name=f"auditor.{number}", own_password=False)

    with django_assert_max_num_queries(7):
        client.get(reverse("accounts:officers"))


def test_two_administrators_at_once_and_the_second_is_told_what_changed():
    administrator, officer = registered(Role.ADMINISTRATOR), registered(Role.AUDITOR)
    client = sign_in(Client(), administrator)
    version = queries.officer_record(officer.reference).version
    services.change_roles(
        officer.reference, ["registrar"], by=OPERATOR, at=row_of(officer).registered_at
    )

    answer = client.post(
        reverse("accounts:roles", args=[officer.reference]),
        {"roles": ["prosecutor"], "version": version},
    )

    assert answer.status_code == 412
    assert b"registrar" in answer.content
    assert b"prosecutor" in answer.content
    assert queries.officer_by_reference(officer.reference).roles == {Role.REGISTRAR}


def test_an_account_carries_its_version_as_entity_tag():
    client = sign_in(Client(), registered(Role.ADMINISTRATOR))
    officer = registered(Role.AUDITOR)

    answer = client.get(reverse("accounts:officer", args=[officer.reference]))

    version = queries.officer_record(officer.reference).version
    assert answer["ETag"].strip("W/") == f'"{officer.reference}.{version}"'


def test_an_administrators_own_page_offers_no_change_of_roles():
    administrator = registered(Role.ADMINISTRATOR)
    client = sign_in(Client(), administrator)

    page = client.get(reverse("accounts:officer", args=[administrator.reference])).content
    refused = client.post(
        reverse("accounts:roles", args=[administrator.reference]), {"roles": ["auditor"]}
    )

    assert b"Change roles" not in page
    assert refused.status_code == 403
    assert b"own-account" in refused.content


def test_a_suspended_officer_is_signed_out_at_once():
    officer = registered(Role.AUDITOR)
    theirs = sign_in(Client(), officer)
    ours = sign_in(Client(), registered(Role.ADMINISTRATOR))
    assert theirs.get(reverse("accounts:own")).status_code == 200

    ours.post(reverse("accounts:suspend", args=[officer.reference]))

    assert theirs.get(reverse("accounts:own")).status_code == 302


# The own account


def test_an_officer_ends_one_session_or_all_others_and_nobody_elses():
    officer, other = registered(Role.AUDITOR), registered(Role.REGISTRAR)
    here, there, third = (_signed_in_by_password(officer) for _ in range(3))
    foreign = _signed_in_by_password(other)
    listed = queries.sessions_of(officer, current=here.session.session_key)
    assert [session.current for session in listed].count(True) == 1
    assert len(listed) == 3

    numbers = {s.number for s in listed if not s.current}
    one = numbers.pop()
    assert foreign.post(reverse("accounts:end-session", args=[one])).status_code == 404
    here.post(reverse("accounts:end-session", args=[one]))
    assert len(queries.sessions_of(officer, current="")) == 2

    here.post(reverse("accounts:end-others"))
    alive = [c.get(reverse("accounts:own")).status_code for c in (here, there, third)]
    assert sorted(alive) == [200, 302, 302]
    assert foreign.get(reverse("accounts:own")).status_code == 200


def _signed_in_by_password(officer) -> Client:
    """A browser that went through the sign-in pages; code by code."""
    from tests.accounts.test_sign_in_pages import through_the_pages

    return through_the_pages(Client(), officer)


def test_a_token_is_shown_once_and_revoked_by_its_owner():
    officer = registered(Role.AUDITOR)
    client = sign_in(Client(), officer)

    shown = client.post(
        reverse("accounts:tokens"), {"name": "export", "roles": ["auditor"], "days": 30}
    ).content.decode()

    secret = re.search(r'id="token">([^<]+)<', shown)[1]
    assert secret not in client.get(reverse("accounts:tokens")).content.decode()
    token = queries.tokens_of(officer)[0]
    client.post(reverse("accounts:revoke", args=[token.reference]))
    assert queries.tokens_of(officer)[0].revoked_at is not None


def test_a_token_with_a_role_that_one_does_not_hold_is_not_on_offer():
    client = sign_in(Client(), registered(Role.AUDITOR))

    answer = client.post(
        reverse("accounts:tokens"), {"name": "x", "roles": ["administrator"], "days": 30}
    )

    assert b"usa-error-message" in answer.content
    assert queries.tokens_of(registered(Role.REGISTRAR)) == []


def test_the_chosen_language_is_spoken_at_once_and_after_the_next_sign_in():
    officer = registered(Role.AUDITOR)
    client = sign_in(Client(), officer)

    client.post(reverse("accounts:language"), {"language": "fr"})

    assert client.get(reverse("accounts:own")).headers["Content-Language"] == "fr"
    again = _signed_in_by_password(queries.officer_by_reference(officer.reference))
    assert again.get(reverse("accounts:own")).headers["Content-Language"] == "fr"


def test_a_draft_is_autosaved_read_back_and_forgotten_without_its_secrets():
    officer = registered(Role.AUDITOR)
    client = sign_in(Client(), officer)
    address = reverse("accounts:draft", kwargs={"form_key": "/administration/officers/register/"})
    assert client.get(address).status_code == 204

    client.post(address, {"name": "B. Stone", "roles": ["a", "b"], "password": PASSWORD})

    assert client.get(address).json()["content"] == {"name": ["B. Stone"], "roles": ["a", "b"]}
    foreign = sign_in(Client(), registered(Role.REGISTRAR))
    assert foreign.get(address).status_code == 204
    client.delete(address)
    assert client.get(address).status_code == 204
