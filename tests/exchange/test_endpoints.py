# SPDX-License-Identifier: Apache-2.0
"""The ledger in the API: with a token, never more than its officer may."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from comity.accounts.permissions import PERMISSIONS, Permission, Role
from comity.exchange.draft import Draft
from comity.exchange.note import NOTE, Note
from comity.exchange.queries.messages import evidences, message
from comity.exchange.services.posting import post
from tests.agreements.conftest import officer, quick_passwords
from tests.exchange.test_message_commands import received
from tests.support.exchange import CASE_OFFICER, NOON, File, asked
from tests.support.officers import token_of

__all__ = ["officer", "quick_passwords"]
pytestmark = [pytest.mark.db, pytest.mark.django_db]

ROOT = "/api/v1/exchange/messages"


@pytest.fixture(autouse=True)
def noon(stop_time):
    stop_time(NOON.year, NOON.month, NOON.day, NOON.hour, 15)


@pytest.fixture
def program(officer):
    """Call the API as an officer with this role."""
    known: dict[Role, Client] = {}

    def call(method: str, path: str = "", body: object = None, role: Role = Role.CASE_OFFICER):
        if role not in known:
            token = token_of(officer(role))
            known[role] = Client(headers={"Authorization": f"Bearer {token}"})
        more = (
            {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        )
        return getattr(known[role], method)(ROOT + path, **more)

    return call


@pytest.fixture
def both(southland_node):
    draft = Draft(NOTE, "XS", Note("Tobacco").body(), question=asked(), case="REQ-41")
    ours = post(draft, by=CASE_OFFICER, at=NOON).require().reference
    return ours, received(southland_node, File(b"one", "../list.txt"))


def test_the_ledger_is_searched_and_paged(program, both):
    first = program("get", "?limit=1").json()
    second = program("get", f"?limit=1&after={first['next']}").json()

    assert [page["items"][0]["reference"] for page in (first, second)] == [both[1], both[0]]
    assert second["next"] is None
    [only] = program("get", "?q=REQ-41").json()["items"]
    assert (only["reference"], only["state"], only["verdict"]) == (both[0], "queued", "permitted")
    assert len(program("get", "?unopened=true&partner=XS").json()["items"]) == 1


@pytest.mark.parametrize("role", Role)
def test_only_who_may_view_messages_reads_the_ledger(role, program, both):
    if role not in PERMISSIONS[Permission.ISSUE_TOKENS]:
        return
    expected = 200 if role in PERMISSIONS[Permission.VIEW_MESSAGES] else 403

    for path in ("", f"/{both[0]}", f"/{both[0]}/evidences"):
        assert program("get", path, role=role).status_code == expected


def test_a_message_has_its_proofs_and_nothing_of_its_content(program, both):
    told = program("get", f"/{both[1]}").json()

    assert [each["kind"] for each in told["evidences"]] == ["relayed"]
    assert told["files"][0]["whole"]
    assert "list.txt" not in json.dumps(told)
    assert "Good day" not in json.dumps(told)
    [known] = evidences(both[1])
    answer = program("get", f"/{both[1]}/evidences/{known.evidence.id}")
    assert answer.content == known.document
    other = program("get", f"/{both[0]}/evidences/{known.evidence.id}")
    assert (other.status_code, other.json()["type"].split("/")[-1]) == (
        404, "message-evidence-unknown",
    )  # fmt: skip


def test_opening_by_the_api_is_opening(program, both):
    told = program("post", f"/{both[1]}/open", {}).json()

    assert (told["subject"], told["files"][0]["name"]) == ("Good day", "../list.txt")
    assert message(both[1]).state == "opened"
    answer = program("get", f"/{both[1]}/parts/0")
    assert b"".join(answer.streaming_content) == b"one"
    assert answer["Content-Disposition"] == 'attachment; filename="list.txt"'
    assert program("get", f"/{both[1]}/parts/7").status_code == 404


def test_a_message_is_refused_and_one_of_ours_taken_back(program, both):
    assert program("post", f"/{both[1]}/refuse", {"reason": "nonsense"}).status_code == 422
    refused = program("post", f"/{both[1]}/refuse", {"reason": "secrecy"}).json()
    taken_back = program("post", f"/{both[0]}/withdraw", {}).json()

    assert (refused["state"], taken_back["state"]) == ("refused", "withdrawn")
    again = program("post", f"/{both[0]}/try-again", {}, role=Role.REGISTRAR)
    assert again.status_code == 409
