# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from comity.accounts.permissions import Role
from comity.journal import queries, services
from comity.journal.entry import Actor, read_entry
from comity.journal.proof import Extension, read_proof
from comity.sealing.checkpoint import read_note_key
from tests.journal.conftest import NOON
from tests.support.officers import registered, token_of

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]
ADVISER = Actor("OFF-NL-2", "legal-adviser")
ACT = "confirmation-countersigned"


def confirm(number: int) -> int:
    at = NOON + timedelta(days=number)
    return services.record(ACT, f"CNF-NL-{number}", by=ADVISER, at=at).sequence


@pytest.fixture
def sequences() -> list[int]:
    return [confirm(number) for number in range(5)]


def caller(client, *roles: Role):
    """A program that calls with the token of an officer who has these roles."""
    token = token_of(registered(*roles))

    def call(path: str, method: str = "get"):
        address = f"/api/v1/journal{path}"
        return getattr(client, method)(address, headers={"Authorization": f"Bearer {token}"})

    return call


@pytest.fixture
def auditor(client):
    return caller(client, Role.AUDITOR)


PATHS = ["/entries", "/entries/1", "/entries/1/proof", "/checkpoints", "/checkpoints/1", "/keys"]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_without_a_token_or_permission_reads_the_journal(client, path):
    assert client.get(f"/api/v1/journal{path}").status_code == 401
    refused = caller(client, Role.CASE_OFFICER)(path)
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"


def test_entries_are_listed_newest_first_page_by_page(auditor, sequences):
    listed, after = [], ""
    while after is not None:
        page = auditor(f"/entries?act={ACT}&limit=2&after={after}").json()
        listed += [item["sequence"] for item in page["items"]]
        after = page["next"]

    assert listed == sequences[::-1]


def test_an_entry_read_over_the_api_fits_its_digest(auditor, sequences):
    members = auditor(f"/entries/{sequences[2]}").json()

    assert read_entry(members, line=1) == replace(queries.entry(sequences[2]), leaf=b"")


def test_entries_are_found_by_day(auditor, sequences):
    found = auditor(f"/entries?act={ACT}&since=2026-03-02&until=2026-03-03").json()

    assert [item["sequence"] for item in found["items"]] == [sequences[2], sequences[1]]


def test_a_proof_and_the_keys_read_over_the_api_verify(auditor, sequences):
    assert auditor(f"/entries/{sequences[0]}/proof").status_code == 404
    made = services.checkpoint(at=NOON)

    proof = read_proof(auditor(f"/entries/{sequences[0]}/proof").json())
    keys = [read_note_key(text) for text in auditor("/keys").json()["keys"]]

    assert proof.verify(keys).size == made.size


def test_two_checkpoints_prove_to_be_of_one_journal(auditor, sequences):
    first = services.checkpoint(at=NOON)
    confirm(9)
    second = services.checkpoint(at=NOON)

    members = auditor(f"/extension?first={first.size}&second={second.size}").json()
    path = tuple(bytes.fromhex(step) for step in members["path"])

    extension = Extension(path, members["first"], members["second"])
    assert [c.size for c in extension.verify(queries.trusted_keys())] == [first.size, second.size]
    assert auditor(f"/extension?first={second.size}&second={first.size}").status_code == 400


def test_checkpoints_are_listed_newest_first(auditor, sequences):
    first = services.checkpoint(at=NOON)
    confirm(9)
    second = services.checkpoint(at=NOON)

    newest = auditor("/checkpoints?limit=1").json()
    older = auditor(f"/checkpoints?limit=1&after={newest['next']}").json()

    assert [newest["items"][0]["size"], older["items"][0]["size"]] == [second.size, first.size]
    assert auditor(f"/checkpoints/{first.size}").json()["checkpoint"] == first.note


def test_a_verification_answers_its_report_and_is_recorded(auditor, sequences):
    report = auditor("/verification", "post").json()

    assert (report["holds"], report["broken_at"]) == (True, None)
    assert queries.entry(queries.head().size).act == "journal-verified"


def test_a_unit_head_reads_and_may_not_verify(client, sequences):
    head = caller(client, Role.UNIT_HEAD)

    assert head("/entries").status_code == 200
    assert head("/verification", "post").status_code == 403


@pytest.mark.parametrize(
    "path", ["/entries/0", "/entries/x", "/entries?after=0", "/entries?limit=0"]
)
def test_an_odd_number_is_a_problem_and_no_fault(auditor, path):
    answer = auditor(path)

    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"
