# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest
from django.test import Client

from comity.accounts.permissions import Role
from comity.agreements import queries as agreements
from comity.newsfeed import queries, services
from tests.support.exercise_news import MONDAY, TUESDAY, release
from tests.support.officers import token_of

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db,
    pytest.mark.usefixtures("exercises", "shipped_register"),
]

ROOT = "/api/v1/news"
NORTH = "exercise-north"
SIGNED = "EXERCISE cmaa signed FJ,US 2025-06-01"


class Program:
    """A program that calls the API with an officer's token."""

    def __init__(self, officer) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token_of(officer)}"})

    def get(self, path: str, **query: object):
        return self.client.get(ROOT + path, query)

    def post(self, path: str, body: object = None, *, tag: str = ""):
        return self._send("post", path, body, tag)

    def put(self, path: str, body: object, *, tag: str = ""):
        return self._send("put", path, body, tag)

    def _send(self, method: str, path: str, body: object, tag: str):
        headers = {"If-Match": tag} if tag else {}
        return getattr(self.client, method)(
            ROOT + path, json.dumps(body or {}), content_type="application/json", headers=headers
        )


@pytest.fixture
def program(officer):
    return lambda *roles: Program(officer(*roles))


@pytest.fixture
def signed(sources):
    services.take_in([release("Some words.", SIGNED)], NORTH, MONDAY)
    (card,) = queries.cards().rows
    return card.reference


def test_the_archive_is_searched_and_a_release_read_with_its_events(program, signed):
    reader = program(Role.INTEGRATOR)

    (row,) = reader.get("/releases", q="words", type="instrument", country="FJ").json()["items"]
    whole = reader.get(f"/releases/{row['reference']}").json()

    (event,) = whole["events"]
    assert (event["kind"], event["parties"], event["date"]) == ("cmaa", ["FJ", "US"], "2025-06-01")
    start, end = event["span"]["start"], event["span"]["end"]
    assert whole["text"][start:end] == SIGNED
    assert (event["outcome"]["code"], event["card"]) == ("proposed", signed)
    assert reader.get("/releases", q="nothing of the kind").json() == {"items": [], "next": None}


def test_lists_come_in_pages(program, sources):
    services.take_in([release("Words.", guid=f"n-{n}") for n in range(3)], NORTH, MONDAY)
    reader, seen, after = program(Role.AUDITOR), [], ""
    while after is not None:
        page = reader.get("/releases", limit=2, after=after).json()
        seen += [item["reference"] for item in page["items"]]
        after = page["next"]

    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 3


def test_a_card_is_read_and_accepted_with_its_entity_tag(program, signed):
    decider = program(Role.LEGAL_ADVISER)
    (item,) = decider.get("/proposals", state="open").json()["items"]
    assert item["change"]["why"]["code"] == "unknown-instrument"
    answer = decider.get(f"/proposals/{signed}", language="fr")
    tag = answer.headers["ETag"]

    assert decider.post(f"/proposals/{signed}/accept", {"public": True}).status_code == 428
    accepted = decider.post(f"/proposals/{signed}/accept", {"public": True}, tag=tag)

    assert accepted.status_code == 200
    assert accepted.json()["state"] == "accepted"
    assert accepted.headers["ETag"] != tag
    assert "us-fj-2025" in agreements.register().instruments
    (change,) = decider.get("/changes").json()["items"]
    assert change["reference"] == accepted.json()["public"]
    assert change["summary"]["says"].startswith("us-fj-2025 was added to the register")
    again = decider.post(f"/proposals/{signed}/accept", {}, tag=tag)
    assert again.status_code == 412


def test_a_card_is_rejected_with_a_reason(program, signed):
    decider = program(Role.UNIT_HEAD)
    tag = decider.get(f"/proposals/{signed}").headers["ETag"]

    assert decider.post(f"/proposals/{signed}/reject", {"reason": " "}, tag=tag).status_code == 422
    answer = decider.post(f"/proposals/{signed}/reject", {"reason": "A rehearsal."}, tag=tag)

    assert (answer.status_code, answer.json()["state"]) == (200, "rejected")


def test_who_may_only_read_is_refused_a_decision(program, signed):
    reader = program(Role.CASE_OFFICER)
    tag = reader.get(f"/proposals/{signed}").headers["ETag"]

    for act, body in (("accept", {}), ("reject", {"reason": "No."})):
        answer = reader.post(f"/proposals/{signed}/{act}", body, tag=tag)
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("permission-missing")


def test_a_published_change_is_taken_back(program, officer, signed):
    by = officer(Role.TREATY_CUSTODIAN)
    card = services.accept(signed, version=None, by=by, at=TUESDAY)
    custodian = program(Role.TREATY_CUSTODIAN)

    made = custodian.post("/changes", {"proposal": card.proposal.reference})

    assert made.status_code == 201
    address = made.headers["Location"].removeprefix(ROOT)
    back = custodian.post(
        f"{address}/take-back", {"reason": "Too early."}, tag=made.headers["ETag"]
    )
    assert back.json()["taken_back_at"]
    assert custodian.get("/changes").json()["items"] == []
    assert custodian.get(address).json()["version"] == 2


def test_sources_are_administered(program):
    registrar = program(Role.REGISTRAR)
    wanted = {"code": "exercise-east", "title": "Eastland", "url": "https://east.example/feed"}

    made = registrar.post("/sources", wanted)
    assert made.status_code == 201
    path = made.headers["Location"].removeprefix(ROOT)
    change = {
        "title": "Eastland press office", "url": wanted["url"], "administration": "",
        "language": "en", "licence": "CC BY 4.0", "every_minutes": 120,
    }  # fmt: skip
    partly = registrar.put(path, {"title": "Eastland"}, tag=made.headers["ETag"])
    assert partly.status_code == 422, "what is left out would be lost"
    changed = registrar.put(path, change, tag=made.headers["ETag"])
    paused = registrar.post(f"{path}/pause", tag=changed.headers["ETag"])
    resumed = registrar.post(f"{path}/resume", tag=paused.headers["ETag"])

    assert (changed.json()["title"], changed.json()["licence"]) == (
        "Eastland press office", "CC BY 4.0",
    )  # fmt: skip
    assert paused.json()["health"]["state"] == "paused"
    assert resumed.json()["active"] is True
    assert registrar.post("/sources", wanted).status_code == 409
    assert registrar.post("/sources", wanted | {"code": "EAST"}).status_code == 422
    assert registrar.post("/sources", wanted | {"code": "e-e", "url": "x"}).status_code == 400
    codes = [item["code"] for item in registrar.get("/sources").json()["items"]]
    assert codes == sorted(codes)
    assert "exercise-east" in codes
    assert program(Role.AUDITOR).post("/sources", wanted | {"code": "e-f"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/releases/REL-99999",
        "/proposals/NPR-99999",
        "/changes/PUB-99999",
        "/sources/nobody-there",
    ],
)
def test_what_is_not_there_is_not_found(program, path):
    assert program(Role.AUDITOR).get(path).status_code == 404


def test_nothing_is_read_without_a_token(client, signed):
    assert client.get(f"{ROOT}/releases").status_code in (401, 403)
