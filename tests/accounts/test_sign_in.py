# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta

import pytest

from comity.accounts.lockout import SignInLockedError
from comity.accounts.permissions import Role
from comity.accounts.services import sign_in
from tests.support.officers import NOON, journal_acts, registered

pytestmark = [pytest.mark.db, pytest.mark.django_db]
HARBOUR, HILL = "198.51.100.7", "2001:db8::7"


def fail(name="a.rivers", address=HARBOUR, *, times=1, at=NOON):
    for _ in range(times):
        sign_in.attempt_failed(sign_in.hear_attempt(name, address, at=at), at=at)


def test_after_five_failures_the_account_waits_a_minute_from_any_address():
    fail(times=5)

    for address in (HARBOUR, HILL):
        with pytest.raises(SignInLockedError):
            sign_in.hear_attempt("A.Rivers", address, at=NOON + timedelta(seconds=59))
    assert sign_in.hear_attempt("a.rivers", HILL, at=NOON + timedelta(seconds=60))


def test_another_account_is_not_concerned():
    fail(times=5)

    assert sign_in.hear_attempt("b.stone", HARBOUR, at=NOON)


def test_attempts_made_while_locked_do_not_prolong_the_wait():
    fail(times=5)
    for second in range(1, 60, 7):
        with pytest.raises(SignInLockedError):
            sign_in.hear_attempt("a.rivers", HARBOUR, at=NOON + timedelta(seconds=second))

    assert sign_in.hear_attempt("a.rivers", HARBOUR, at=NOON + timedelta(seconds=60))


def test_a_success_wipes_the_failures_of_the_account_but_not_those_of_the_address():
    fail(times=4)
    sign_in.attempt_succeeded(sign_in.hear_attempt("a.rivers", HARBOUR, at=NOON))
    fail(times=4)
    assert sign_in.hear_attempt("a.rivers", HARBOUR, at=NOON)

    for number in range(41):
        fail(f"guessed.{number}", at=NOON)
    with pytest.raises(SignInLockedError):
        sign_in.hear_attempt("never.tried", HARBOUR, at=NOON)
    assert sign_in.hear_attempt("never.tried", HILL, at=NOON)


def test_guesses_made_at_the_same_moment_do_not_pass_under_the_limit_together():
    for _ in range(5):
        sign_in.hear_attempt("a.rivers", HARBOUR, at=NOON)  # heard, not judged yet

    with pytest.raises(SignInLockedError):
        sign_in.hear_attempt("a.rivers", HILL, at=NOON)


def test_codes_are_counted_apart_from_passwords():
    fail(times=5)

    assert sign_in.hear_attempt("a.rivers", HARBOUR, at=NOON, step=sign_in.Step.CODE)


def test_a_lock_is_journalled_by_reference_and_without_the_address():
    officer = registered(Role.AUDITOR, name="a.rivers")
    fail(times=5)

    from comity.journal import queries as journal

    entry = list(journal.all_entries())[-1]
    assert (entry.act, entry.subject) == ("account-locked", officer.reference)
    assert HARBOUR not in str(entry.as_dict())


def test_a_lock_on_a_name_that_nobody_has_leaves_no_trace_of_it():
    before = journal_acts()

    fail("nobody.at.all", times=5)

    assert journal_acts() == before


def test_neither_names_nor_addresses_stand_in_the_table_of_failures():
    from comity.accounts import models

    fail("nobody.at.all", times=1)

    kept = " ".join(models.SignInFailure.objects.values_list("key", flat=True))
    assert HARBOUR not in kept
    assert "nobody" not in kept


def test_an_address_that_tries_many_names_is_journalled_once_it_is_locked():
    for number in range(50):
        fail(f"guessed.{number}")

    assert journal_acts()[-1] == ("address-locked", "sign-in", "NODE")


def test_failures_older_than_a_day_are_forgotten():
    from comity.accounts import models

    fail(times=3)
    fail(times=1, at=NOON + timedelta(days=1, seconds=1))

    assert models.SignInFailure.objects.count() == 2


def test_a_code_is_accepted_once():
    assert sign_in.spend_code("OFF-00001", "123456", at=NOON)
    assert not sign_in.spend_code("OFF-00001", "123456", at=NOON)
    assert sign_in.spend_code("OFF-00002", "123456", at=NOON)


def test_a_reset_password_lifts_the_lock():
    officer = registered(Role.AUDITOR, name="a.rivers")
    administrator = registered(Role.ADMINISTRATOR)
    fail(times=5)

    from comity.accounts import services

    services.reset_password(officer.reference, by=administrator, at=NOON)

    assert sign_in.hear_attempt("a.rivers", HARBOUR, at=NOON)
