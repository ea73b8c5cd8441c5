# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest

from comity import cli
from comity.accounts import queries, services
from comity.accounts.permissions import Role
from tests.support.officers import NOON, journal_acts, registered, row_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture
def run(capsys):
    """One command line: its exit code and what it printed, read as JSON where asked for."""

    def run(*words: str):
        code = cli.main(words)
        printed = capsys.readouterr().out
        return code, json.loads(printed) if "--json" in words else printed

    return run


def test_an_officer_is_registered_from_the_machine_and_the_node_is_the_actor(run):
    code, told = run(
        "officers", "register", "a.rivers", "--name", "A. Rivers", "--role", "case-officer",
        "--role", "registrar", "--json",
    )  # fmt: skip

    assert code == 0
    officer = queries.officer_by_reference(told["reference"])
    assert officer.roles == {Role.CASE_OFFICER, Role.REGISTRAR}
    assert row_of(officer).check_password(told["password"])
    assert journal_acts()[-1] == ("officer-registered", officer.reference, "NODE")


def test_officers_are_listed_for_people_and_for_programs(run):
    registered(Role.AUDITOR, name="a.rivers")
    registered(Role.REGISTRAR, name="b.stone")

    _, text = run("officers", "list")
    code, told = run("officers", "list", "--role", "registrar", "--json")

    assert "a.rivers" in text
    assert "b.stone" in text
    assert code == 0
    assert [o["sign_in_name"] for o in told["officers"]] == ["b.stone"]


def test_roles_are_set_and_an_account_is_suspended_and_reactivated(run):
    officer = registered(Role.AUDITOR)

    assert run("officers", "roles", officer.reference, "--role", "prosecutor")[0] == 0
    assert queries.officer_by_reference(officer.reference).roles == {Role.PROSECUTOR}
    _, told = run("officers", "suspend", officer.reference, "--json")
    assert told["active"] is False
    _, text = run("officers", "reactivate", officer.reference)
    assert "active" in text


def test_a_password_is_reset_and_shown_once(run):
    officer = registered(Role.AUDITOR)

    _, told = run("officers", "reset-password", officer.reference, "--json")

    assert row_of(officer).check_password(told["password"])


def test_a_sole_administrator_recovers_at_the_machine(run):
    officer = registered(Role.ADMINISTRATOR)

    code, text = run("officers", "recover", officer.reference)

    assert code == 0
    assert officer.reference in text
    assert queries.second_factors_of(officer.reference) == ()


def test_the_last_administrator_is_not_suspended_from_the_machine_either(run):
    officer = registered(Role.ADMINISTRATOR)

    code, told = run("officers", "suspend", officer.reference, "--json")

    assert code == 1
    assert told["type"] == "last-administrator"


@pytest.mark.parametrize(
    "words",
    [
        ("officers", "suspend", "OFF-99999"),
        ("officers", "register", "a b", "--name", "x", "--role", "auditor"),
        ("officers", "roles", "OFF-00001", "--role", "emperor"),
        ("tokens", "issue", "OFF-99999", "--name", "x", "--role", "auditor"),
        ("officers",),
    ],
)
def test_what_makes_no_sense_is_misuse(run, words):
    assert run(*words)[0] == 2


def test_a_token_is_issued_listed_and_revoked_for_its_owner(run):
    officer = registered(Role.AUDITOR)

    _, told = run(
        "tokens", "issue", officer.reference, "--name", "export", "--role", "auditor", "--json"
    )
    assert services.use_token(told["secret"], at=NOON).officer.reference == officer.reference
    _, listed = run("tokens", "list", officer.reference, "--json")
    assert [t["reference"] for t in listed["tokens"]] == [told["reference"]]
    assert told["secret"] not in json.dumps(listed)
    assert run("tokens", "revoke", told["reference"])[0] == 0
    assert queries.tokens_of(officer)[0].revoked_at is not None


def test_a_token_never_carries_a_role_that_its_owner_does_not_hold(run):
    officer = registered(Role.AUDITOR)

    code, told = run(
        "tokens", "issue", officer.reference, "--name", "x", "--role", "administrator", "--json"
    )

    assert (code, told["type"]) == (1, "token-roles")
