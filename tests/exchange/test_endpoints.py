# SPDX-License-Identifier: Apache-2.0
"""The ledger in the API: with a token, never more than its officer may."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.accounts.permissions import PERMISSIONS, Permission, Role
from comity.exchange.draft import Draft
from comity.exchange.note import NOTE, Note
from comity.exchange.queries.markings import marking
from comity.exchange.queries.messages import evidences, message
from comity.exchange.services.posting import post
from tests.agreements.conftest import officer, quick_passwords
from tests.exchange.test_message_commands import received
from tests.support.exchange import AGREEMENT, CASE_OFFICER, NOON, File, asked
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


@pytest.fixture
def handed_over(officer):
    """The reference of a file that an officer with this role handed over."""

    def hand(content: bytes, name: str, role: Role = Role.CASE_OFFICER) -> dict[str, object]:
        token = token_of(officer(role))
        browser = Client(headers={"Authorization": f"Bearer {token}"})
        answer = browser.post(f"{ROOT}/files", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 201, answer.content
        return answer.json()

    return hand


def note(**more: object) -> dict[str, object]:
    """What a program sends: a note that the law permits."""
    one = asked()
    law = {
        "act": "ask", "under": AGREEMENT, "forms": list(one.forms),
        "purposes": list(one.purposes), "offences": list(one.offences),
    }  # fmt: skip
    return {"id": str(uuid4()), "to": "XS", "subject": "Tobacco", "law": law} | more


def test_a_message_is_sent_with_a_file_and_once_for_each_id(program, handed_over, southland_node):
    file = handed_over(b"a;b", "../list.csv")
    given = note(files=[file["reference"]], case="REQ-7", handling="H1", caveats=["CUSTOMS_ONLY"])

    first = program("post", "", given)
    again = program("post", "", given)

    assert first.status_code == again.status_code == 201, first.content
    told = first.json()
    assert (told["accepted"], told["verdict"], told["id"]) == (True, "permitted", given["id"])
    assert again.json()["reference"] == told["reference"]
    assert first["Location"] == f"{ROOT}/{told['reference']}"
    kept = message(told["reference"])
    assert (kept.case, [part.size for part in kept.parts]) == ("REQ-7", [3])
    assert (file["name"], file["media_type"], file["digest"]) == (
        "list.csv", "text/csv", kept.parts[0].digest,
    )  # fmt: skip
    assert program("get").json()["items"][0]["reference"] == told["reference"]
    assert len(program("get").json()["items"]) == 1


def test_a_file_is_sent_only_by_who_handed_it_over(program, handed_over, southland_node):
    theirs = handed_over(b"secret", "secret.txt", role=Role.UNIT_HEAD)["reference"]

    answers = [program("post", "", note(files=[each])) for each in (theirs, "made up", "")]

    assert {answer.status_code for answer in answers} == {400}
    assert {answer.json()["type"] for answer in answers} == {"kept-file-unknown"}
    assert program("get").json()["items"] == []


def test_what_the_law_stops_is_kept_and_answered_with_its_reason(program, southland_node):
    told = program("post", "", note(law=None)).json()

    assert (told["accepted"], told["state"]) == (False, "rejected")
    assert told["reason"] == message(told["reference"]).problem == "legal-basis-missing"
    assert program("post", "", note(to="XX")).status_code == 404


def test_what_a_person_must_decide_is_not_kept(program, southland_node):
    law = {"act": "ask", "forms": ["CONTROLLED_DELIVERY"], "purposes": ["CRIMINAL_EVIDENCE"]}

    refused = program("post", "", note(law=law))

    assert (refused.status_code, refused.json()["type"]) == (403, "sending-needs-decision")
    assert program("get").json()["items"] == []


def test_what_the_partner_must_keep_to_binds_us_only_where_it_came_with_it(program, southland_node):
    law = {
        "act": "release", "under": AGREEMENT, "forms": ["INFO_OFFENCE"],
        "purposes": ["ADMIN_ENQUIRY"], "offences": list(asked().offences),
        "classes": ["COMMERCIAL_DOCUMENT"], "personal_data": False,
    }  # fmt: skip
    laid = program("post", "", note(law=law, caveats=["NO_THIRD_STATE"], handling="H1")).json()
    came = program("post", "", note(law=law | {"came_with": ["NO_THIRD_STATE"]})).json()

    assert laid["fields"]["verdict"] == "person-must-decide"
    assert came["verdict"] == "prohibited"
    assert marking(came["reference"]).caveats == ("NO_THIRD_STATE",)


def test_a_file_larger_than_any_other_request_is_handed_over(handed_over, settings, southland_node):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert handed_over(b"x" * 5000, "large.bin")["size"] == 5000


def test_only_who_may_send_hands_files_over(program, southland_node):
    assert program("post", "", note(), role=Role.AUDITOR).status_code == 403


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
