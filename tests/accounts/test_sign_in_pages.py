# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from comity.accounts import queries, services
from comity.accounts.permissions import Role
from tests.support.officers import (
    NOON,
    PASSWORD,
    SECRET,
    code_now,
    journal_acts,
    registered,
    row_of,
    sign_in,
)

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def give_password(client: Client, officer, password: str = PASSWORD, **more: str):
    name = row_of(officer).sign_in_name
    return client.post(reverse("account_login"), {"login": name, "password": password, **more})


def forget_spent_codes() -> None:
    """So that a test can sign in more often than every half minute."""
    from django.core.cache import cache

    from comity.accounts import models

    models.SignInFailure.objects.all().delete()
    cache.clear()


def through_the_pages(client: Client, officer) -> Client:
    """Sign in by password and code, as often in one half-minute as a test likes."""
    assert give_password(client, officer)["Location"] == reverse("mfa_authenticate")
    forget_spent_codes()
    answer = client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert answer.status_code == 302, answer.content.decode()
    return client


def test_password_and_code_open_the_desk_and_the_journal_says_how():
    officer = registered(Role.AUDITOR)

    client = through_the_pages(Client(), officer)

    assert client.get(reverse("accounts:own")).status_code == 200
    from comity.journal import queries as journal

    entry = list(journal.all_entries())[-1]
    assert (entry.act, entry.subject) == ("signed-in", officer.reference)
    assert dict(entry.facts) == {"method": "password-totp"}


def test_the_password_alone_opens_nothing():
    client = Client()

    give_password(client, registered(Role.AUDITOR))

    assert client.get(reverse("accounts:own"))["Location"].startswith(reverse("account_login"))


def test_a_wrong_password_and_an_unknown_name_are_refused_in_the_same_words():
    officer = registered(Role.AUDITOR)
    wrong = give_password(Client(), officer, "not the password")
    unknown = Client().post(
        reverse("account_login"), {"login": "nobody", "password": "not the password"}
    )

    def said(answer):
        return re.findall(r'usa-alert__text">([^<]+)<', answer.content.decode())

    assert said(wrong) == said(unknown) != []


def test_after_five_wrong_passwords_the_right_one_is_not_heard(stop_time):
    officer = registered(Role.AUDITOR)
    stop_time(2026, 3, 2, 12, 0)
    for _ in range(5):
        give_password(Client(), officer, "not the password")

    locked = give_password(Client(), officer)
    stop_time(2026, 3, 2, 12, 2)
    heard = give_password(Client(), officer)

    assert b"Too many sign-ins failed" in locked.content
    assert heard.status_code == 302
    assert ("account-locked", officer.reference, "NODE") in journal_acts()


def test_wrong_codes_are_counted_and_a_code_is_accepted_once():
    officer = registered(Role.AUDITOR)
    one, two = Client(), Client()
    give_password(one, officer)
    give_password(two, officer)
    code = code_now()

    assert one.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    again = two.post(reverse("mfa_authenticate"), {"code": code})
    assert again.status_code == 200
    assert b"usa-error-message" in again.content
    for _ in range(5):
        last = two.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert b"Too many sign-ins failed" in last.content


def test_a_suspended_officer_is_told_so_only_after_the_right_password():
    officer = registered(Role.AUDITOR)
    administrator = registered(Role.ADMINISTRATOR)
    services.suspend(officer.reference, by=administrator, at=NOON)

    assert give_password(Client(), officer, "wrong").status_code == 200
    assert give_password(Client(), officer)["Location"] == reverse("account_inactive")


def test_a_new_officer_goes_from_the_one_time_password_to_work():
    made = services.register_first_administrator(at=NOON)
    client = Client()

    give_password(client, made.officer, made.password)
    changed = client.post(
        reverse("account_change_password"),
        {"oldpassword": made.password, "password1": PASSWORD, "password2": PASSWORD},
    )
    assert changed.status_code == 302
    assert client.get(reverse("accounts:officers"))["Location"] == reverse("mfa_index")

    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="totp-key">([A-Z2-7]+)<', page)[1]
    enrolled = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert enrolled["Location"] == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<li><code>(\d+)</code>", client.get(enrolled["Location"]).content.decode())
    assert len(codes) == 10
    assert codes[0].encode() not in client.get(enrolled["Location"]).content

    assert client.get(reverse("accounts:officers")).status_code == 200
    # The other factor, another time: a recovery code works once.
    other = Client()
    give_password(other, made.officer)
    assert other.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    third = Client()
    give_password(third, made.officer)
    assert third.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200


def test_enrolment_is_journalled_and_the_secret_is_stored_sealed(
    django_capture_on_commit_callbacks,
):
    from allauth.mfa.models import Authenticator

    officer = registered(Role.AUDITOR, second_factor=False)
    client = sign_in(Client(), officer)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="totp-key">([A-Z2-7]+)<', page)[1]

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})

    kept = Authenticator.objects.get(user__reference=officer.reference, type="totp")
    assert secret not in str(kept.data)
    assert ("totp-enrolled", officer.reference, officer.reference) in journal_acts()


@pytest.mark.parametrize("weak", ["short", "passwordpassword", "password1234", "123456789012"])
def test_a_weak_password_is_refused(weak):
    officer = registered(Role.AUDITOR)
    client = sign_in(Client(), officer)

    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": weak, "password2": weak},
    )

    # A doubled word is long and uncommon enough; the rules are length and the list.
    refused = answer.status_code == 200 and b"usa-error-message" in answer.content
    assert refused is (weak != "passwordpassword")


def test_a_changed_password_signs_every_other_session_out():
    officer = registered(Role.AUDITOR)
    here = through_the_pages(Client(), officer)
    there = through_the_pages(Client(), officer)
    new = "another lantern granite"

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert here.get(reverse("accounts:own")).status_code == 200
    assert there.get(reverse("accounts:own")).status_code == 302
    assert journal_acts()[-1][0] == "officer-password-changed"


def test_the_last_second_factor_cannot_be_given_up():
    officer = registered(Role.AUDITOR)
    client = sign_in(Client(), officer)

    client.post(reverse("mfa_deactivate_totp"))

    assert queries.second_factors_of(officer.reference) == ("totp",)


def test_an_officer_who_lost_the_second_factor_asks_from_the_sign_in():
    officer = registered(Role.AUDITOR)
    client = Client()
    assert client.get(reverse("accounts:lost"))["Location"] == reverse("account_login")
    give_password(client, officer)

    answer = client.post(reverse("accounts:lost"))

    recovery = queries.open_recoveries(at=row_of(officer).registered_at)[0]
    assert recovery.reference.encode() in answer.content
    assert recovery.requested_by == officer.reference


def test_a_recovery_goes_over_the_pages_of_two_administrators():
    officer = registered(Role.AUDITOR)
    one = sign_in(Client(), registered(Role.ADMINISTRATOR, name="one"))
    two = sign_in(Client(), registered(Role.ADMINISTRATOR, name="two"))
    theirs = through_the_pages(Client(), officer)
    one.post(reverse("accounts:request-recovery", args=[officer.reference]))
    recovery = re.search(r"RCV-\d+", one.get(reverse("accounts:recoveries")).content.decode())[0]

    one.post(reverse("accounts:approve", args=[recovery]))
    assert theirs.get(reverse("accounts:own")).status_code == 200
    refused = one.post(reverse("accounts:approve", args=[recovery]))
    assert refused.status_code == 403
    shown = two.post(reverse("accounts:approve", args=[recovery])).content.decode()

    password = re.search(r'id="one-time-password">([^<]+)<', shown)[1]
    assert theirs.get(reverse("accounts:own")).status_code == 302
    fresh = Client()
    assert give_password(fresh, officer, password).status_code == 302
    assert fresh.get(reverse("accounts:own"))["Location"] == reverse("account_change_password")


def test_a_sign_in_leads_back_to_the_page_asked_for_and_never_to_another_site():
    officer = registered(Role.AUDITOR)

    for target, reached in (
        (reverse("accounts:sessions"), reverse("accounts:sessions")),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
    ):
        client = Client()
        give_password(client, officer, next=target)
        forget_spent_codes()
        answer = client.post(reverse("mfa_authenticate"), {"code": code_now()})
        assert answer["Location"] == reached


def test_nobody_signs_up():
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert Client().get("/account/signup/").status_code == 404


def test_the_admin_is_entered_through_our_sign_in_only():
    answer = Client().get("/admin/login/")

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


LIBRARY_PAGES = (
    "account/login.html",
    "account/logout.html",
    "account/password_change.html",
    "account/reauthenticate.html",
    "account/account_inactive.html",
    "mfa/authenticate.html",
    "mfa/reauthenticate.html",
    "mfa/index.html",
    "mfa/totp/activate_form.html",
    "mfa/totp/deactivate_form.html",
    "mfa/recovery_codes/index.html",
    "mfa/recovery_codes/generate.html",
    "mfa/webauthn/add_form.html",
    "mfa/webauthn/authenticator_list.html",
    "mfa/webauthn/authenticator_confirm_delete.html",
    "mfa/webauthn/edit_form.html",
    "mfa/webauthn/reauthenticate.html",
    "account/signup_closed.html",
    "socialaccount/login.html",
    "socialaccount/authentication_error.html",
    "socialaccount/login_cancelled.html",
    "429.html",
)


@pytest.mark.parametrize("name", LIBRARY_PAGES)
def test_a_page_of_the_library_wears_our_frame(name):
    template = get_template(name).template

    assert "comity/accounts/templates" in template.origin.name
    assert '{% extends "frame.html" %}' in template.source


def test_no_page_of_the_library_is_reachable_that_does_not_wear_our_frame():
    reachable = {
        pattern.callback.view_class.template_name
        for pattern in _patterns(get_resolver())
        if getattr(pattern.callback, "__module__", "").startswith("allauth")
        and getattr(getattr(pattern.callback, "view_class", None), "template_name", None)
    }

    assert {name for name in reachable if name.endswith(".html")} <= set(LIBRARY_PAGES)


def _patterns(resolver):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry)
        else:
            yield entry


def test_every_page_of_the_own_account_can_be_read():
    officer = registered(Role.AUDITOR)
    client = sign_in(Client(), officer)
    pages = [
        "account_logout", "account_change_password", "account_reauthenticate", "mfa_index",
        "mfa_reauthenticate", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_deactivate_totp",
        "mfa_generate_recovery_codes", "accounts:own", "accounts:sessions", "accounts:tokens",
    ]  # fmt: skip

    for name in pages:
        answer = client.get(reverse(name))
        assert answer.status_code == 200, name
        assert answer.content.decode().count("<h1>") == 1
        assert b" style=" not in answer.content
        assert b"<script>" not in answer.content
    assert SECRET.encode() not in client.get(reverse("mfa_index")).content
