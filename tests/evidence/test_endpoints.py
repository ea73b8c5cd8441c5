# SPDX-License-Identifier: Apache-2.0
"""Evidence in the API: added, read through the door, proved, ended; refused as on pages."""

from __future__ import annotations

import base64
import io
import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.accounts.permissions import Role
from comity.evidence import verify
from comity.evidence.queries.packages import packages
from tests.support.evidence import supplied
from tests.support.exchange import NOON
from tests.support.officers import registered, token_of

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland")]
ROOT = "/api/v1/evidence"
CONTENT = b"Forty consignments of tobacco.\n"


@pytest.fixture(autouse=True)
def noon(stop_time: Any) -> None:
    stop_time(NOON.year, NOON.month, NOON.day, NOON.hour, 15)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Program:
    """What calls the API with the token of one officer."""

    def __init__(self, *roles: Role, name: str) -> None:
        self.officer = registered(*roles, name=name, own_password=False, second_factor=False)
        self.browser = Client(headers={"Authorization": f"Bearer {token_of(self.officer)}"})

    def get(self, path: str, **headers: Any) -> Any:
        return self.browser.get(ROOT + path, **headers)

    def post(self, path: str, body: object = None, **headers: Any) -> Any:
        data = {"data": json.dumps(body or {}), "content_type": "application/json"}
        return self.browser.post(ROOT + path, **data, **headers)

    def put(self, path: str, body: object, **headers: Any) -> Any:
        data = {"data": json.dumps(body), "content_type": "application/json"}
        return self.browser.put(ROOT + path, **data, **headers)

    def upload(
        self, path: str, content: bytes, name: str, *, key: str = "", **fields: object
    ) -> Any:
        given = {"file": SimpleUploadedFile(name, content), **fields}
        return self.browser.post(
            ROOT + path, given, headers={"Idempotency-Key": key} if key else {}
        )


@pytest.fixture
def keeper() -> Program:
    return Program(Role.EVIDENCE_CUSTODIAN, Role.CASE_OFFICER, name="keeper")


def added(program: Program, **fields: object) -> dict[str, Any]:
    answer = program.upload("/items/files", CONTENT, "list.txt", title="List", **fields)
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_a_file_sent_twice_with_one_key_is_one_item(keeper: Program) -> None:
    def sent(content: bytes, **fields: object) -> Any:
        return keeper.upload("/items/files", content, "list.txt", key="k-1", **fields)

    first, again = sent(CONTENT, title="List"), sent(CONTENT, title="List")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"
    assert len(keeper.get("/items").json()["items"]) == 1
    fetched = keeper.get(f"/items/{first.json()['reference']}/content")
    assert b"".join(fetched.streaming_content) == CONTENT
    assert sent(CONTENT + b"!", title="List").status_code == 409
    assert sent(CONTENT, title="Another").status_code == 409


def test_an_item_is_added_put_into_a_case_read_and_fetched(keeper: Program) -> None:
    opened = keeper.post("/cases", {"reference": "XN-2026-41", "purpose": "ADMIN_ENQUIRY"})
    assert opened.status_code == 201, opened.content
    assert keeper.get("/cases/XN-2026-41").json()["opened_by"] == keeper.officer.reference
    made = added(keeper, classes=["TRANSPORT_DOCUMENT"], place="Northhaven")
    item = f"/items/{made['reference']}"

    tag = keeper.get(item)["ETag"]
    assert keeper.put(f"{item}/case", {"case": "XN-2026-41"}).status_code == 428
    moved = keeper.put(f"{item}/case", {"case": "XN-2026-41"}, headers={"If-Match": tag})
    assert (moved.status_code, moved.json()["case"]) == (200, "XN-2026-41")

    shown = keeper.get(item).json()
    assert shown["reading"]["permitted"], shown
    assert shown["description"]["acquisition"]["place"] == "Northhaven"
    assert shown["marking"]["classes"] == ["TRANSPORT_DOCUMENT"]
    assert "Northhaven" not in json.dumps(keeper.get("/items?case=XN-2026-41").json())
    fetched = keeper.get(f"{item}/content")
    assert b"".join(fetched.streaming_content) == CONTENT
    assert fetched["Content-Type"] == "application/octet-stream"
    assert fetched["Content-Disposition"] == f'attachment; filename="{made["reference"]}.txt"'
    assert "sandbox" in fetched["Content-Security-Policy"]
    assert keeper.get(f"{item}/conditions").json()["item"] == made["reference"]


def test_what_the_law_withholds_is_answered_without_its_words(keeper: Program) -> None:
    from tests.support.evidence import CUSTODIAN, an_item

    item = an_item(channel=supplied(), by=CUSTODIAN, at=NOON)  # in no case: for no purpose

    shown = keeper.get(f"/items/{item.reference}").json()
    fetched = keeper.get(f"/items/{item.reference}/content")

    assert (shown["description"], shown["reading"]["permitted"]) == (None, False)
    assert shown["reading"]["reason"] == "purpose-unknown"
    assert (fetched.status_code, fetched.json()["type"]) == (403, "item-not-let-out")


def test_custody_is_recorded_read_and_handed_over_by_both_sides(keeper: Program) -> None:
    taker = Program(Role.EVIDENCE_CUSTODIAN, name="taker")
    thing = {"kind": "seal", "title": "Bolt seal", "marks": ["XS-88123"]}
    seal = keeper.post("/items", thing).json()["reference"]

    act = {"act": "sealed", "place": "Room 4", "marks": ["S-221"]}
    recorded = keeper.post(f"/items/{seal}/custody", act)
    assert recorded.status_code == 201, recorded.content
    given = keeper.post(f"/items/{seal}/hand-overs", {"officer": taker.officer.reference})
    assert given.status_code == 201, given.content
    over = f"/hand-overs/{given.json()['reference']}/confirm"
    assert keeper.post(over).status_code == 403
    assert taker.post(over).json()["state"] == "confirmed"

    custody = keeper.get(f"/items/{seal}/custody").json()
    acts = [event["act"] for event in custody["events"]]
    assert acts[-3:] == ["sealed", "handed-over", "received"]
    assert custody["holds"]
    assert keeper.post(f"/items/{seal}/custody", {"act": "destroyed"}).status_code == 422


def test_a_package_for_a_court_is_answered_as_a_file_that_the_api_verifies(
    keeper: Program,
) -> None:
    item = added(keeper)["reference"]
    assert keeper.post("/packages", _court(item)).json()["type"] == "item-not-certified"
    certified = keeper.post("/statements", {"items": [item]})
    assert certified.status_code == 201, certified.content
    assert certified.json()["items"] == [item]
    part = {"part": "description/file-name", "reason": "source"}
    made = keeper.post(f"/items/{item}/redactions", {"withheld": [part]})
    assert made.status_code == 201, made.content
    listed = keeper.get(f"/items/{item}/redactions").json()["items"]
    assert [each["withheld"] for each in listed] == [{"description/file-name": "source"}]

    packed, twice = (
        keeper.post("/packages", _court(item, listed[0]["reference"]), **_once("a key"))
        for _ in range(2)
    )

    assert packed.status_code == 200, packed.content
    file = b"".join(packed.streaming_content)
    assert b"".join(twice.streaming_content) == file
    assert (twice["Idempotency-Replayed"], twice["Content-Location"]) == (
        "true",
        packed["Content-Location"],
    )
    other = keeper.post("/packages", _court(item), **_once("a key"))
    assert other.json()["type"] == "idempotency-key-reused"
    assert verify.verify(io.BytesIO(file)).holds
    record = keeper.browser.get(packed["Content-Location"]).json()
    assert (record["size"], record["items"][0]["withheld"]["source"]) == (len(file), 1)
    assert (record["count"], record["withheld"]) == (1, 1)
    del record["items"]
    assert keeper.get("/packages").json()["items"] == [record]
    report = keeper.upload("/verification", file, "x.asice").json()
    assert (report["holds"], report["digest"]) == (True, record["digest"])
    again = keeper.get(f"/packages/{record['reference']}/file")
    assert b"".join(again.streaming_content) == file
    ordered = keeper.post("/packages", _court(item) | {"wait_for_witness": 5})
    assert ordered.status_code == 202, ordered.content
    order = keeper.browser.get(ordered["Location"]).json()
    assert (order, order["state"]) == (ordered.json(), "waiting")
    broken = file.replace(b"District", b"Destrict")
    assert not keeper.upload("/verification", broken, "x.asice").json()["holds"]


def test_a_certificate_is_seen_before_it_is_sealed(keeper: Program) -> None:
    item = added(keeper)["reference"]
    wanted = {"profile": "wco", "languages": ["en", "fr"],
              "official": {"name": "N. Keeper", "capacity": "custodian"}}  # fmt: skip

    seen = keeper.post(f"/items/{item}/certified-copies/draft", wanted)

    assert seen.status_code == 200, seen.content
    pages = [base64.b64decode(page) for page in seen.json()["pages"]]
    assert [page[:4] for page in pages] == [b"\x89PNG"] * len(pages) != []
    assert keeper.get(f"/certified-copies?item={item}").json()["items"] == []


def _court(item: str, redaction: str = "") -> dict[str, object]:
    return {"items": [{"item": item, "redaction": redaction}], "court": "District Court"}


def _once(key: str) -> dict[str, Any]:
    return {"headers": {"Idempotency-Key": key.replace(" ", "-")}}


def test_a_use_names_what_comes_first(keeper: Program, southland: Any) -> None:
    from tests.support.evidence import CUSTODIAN, an_item

    item = an_item(channel=supplied(), by=CUSTODIAN, at=NOON).reference
    trial = {"purpose": "CRIMINAL_EVIDENCE", "proceeding": "criminal"}

    refused = keeper.post(f"/items/{item}/uses", {**trial, "forum": "District Court"})
    told = keeper.post(f"/items/{item}/notices", {**trial, "text": "In May."})
    asked = keeper.post(f"/items/{item}/consents", {"purpose": "CIVIL_JUDICIAL"})

    assert (refused.status_code, refused.json()["type"]) == (403, "notice-first")
    assert (told.status_code, told.json()["partner"]) == (201, "XS")
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    said = keeper.get(f"/items/{item}/uses").json()
    assert said["uses"] == []
    assert said["notices"] == [told.json()]
    assert said["consents"] == [asked.json()]


def test_a_destroyed_item_is_gone_and_its_custody_stays(keeper: Program) -> None:
    head = Program(Role.UNIT_HEAD, name="head")
    item = added(keeper)["reference"]
    held = keeper.post("/holds", {"ground": "proceeding", "item": item}).json()["reference"]
    assert keeper.post("/holds", {"ground": "proceeding"}).status_code == 400
    assert keeper.post(f"/holds/{held}/lift").json()["stands"] is False
    drafted = keeper.post(
        "/destruction-lists", {"items": [item], "ground": "retention-over"}
    ).json()["reference"]

    assert keeper.post(f"/destruction-lists/{drafted}/approve").status_code == 403
    done, again = (
        head.post(f"/destruction-lists/{drafted}/approve", **_once("approved")) for _ in range(2)
    )
    assert (again.content, again["Idempotency-Replayed"]) == (done.content, "true")
    done = done.json()
    assert (done["state"], done["entries"][0]["outcome"]) == ("done", "destroyed")

    for path in ("", "/content", "/conditions"):
        gone = keeper.get(f"/items/{item}{path}")
        assert (gone.status_code, gone.json()["type"]) == (410, "item-destroyed"), path
        assert gone.json()["fields"]["certificate"] == drafted
    custody = keeper.get(f"/items/{item}/custody").json()
    assert custody["events"][-1]["act"] == "destroyed"
    assert keeper.get(f"/destruction-lists/{drafted}").json()["entries"][0]["digest"]


def test_a_recall_asks_every_holder(keeper: Program, southland: Any) -> None:
    from comity.evidence.lifetime import DisclosedTo
    from comity.evidence.services.disclosing import record_disclosure
    from comity.journal.entry import Actor

    head = Program(Role.UNIT_HEAD, name="head")
    item = added(keeper)["reference"]
    demand = {"ground": "supplied-in-error"}
    assert head.post(f"/items/{item}/recalls", demand).json()["type"] == "recall-nobody-holds"
    machine = Actor("EVIDENCE", "integrator")
    record_disclosure([item], DisclosedTo.PARTNER, "XS", source="PKG-00001", by=machine, at=NOON)

    made = head.post(f"/items/{item}/recalls", demand)

    assert made.status_code == 201, made.content
    told = made.json()
    assert [copy["administration"] for copy in told["copies"]] == ["XN", "XS"]
    assert head.get(f"/recalls?item={item}").json()["items"] == [told]
    decided = head.post(f"/recalls/{told['reference']}/decision", {"outcome": "deleted"})
    assert decided.status_code == 409  # our own
    demand = {"demand": "narrow", "ground": "court-order"}
    assert head.post(f"/items/{item}/recalls", demand).json()["type"] == "recall-demand-odd"
    narrow = demand | {"narrow": ["NO_THIRD_STATE"], "not_for": ["CRIMINAL_EVIDENCE"]}
    narrow |= {"return_by": "2026-12-31", "conditions": ["In camera"]}
    assert head.post(f"/items/{item}/recalls", narrow).status_code == 201
    flags = keeper.get("/waiting").json()["flags"]
    assert {flag["item"] for flag in flags} == {item}
    looked = {"code": flags[0]["code"], "source": flags[0]["source"]}
    cleared = [keeper.post(f"/items/{item}/flags/clear", looked).json() for _ in range(2)]
    assert [each["cleared"] for each in cleared] == [True, False]


def test_an_item_in_a_case_of_others_is_at_no_address_and_in_no_list(keeper: Program) -> None:
    keeper.post("/cases", {"reference": "XN-2026-41", "purpose": "ADMIN_ENQUIRY"})
    item = added(keeper, case="XN-2026-41")["reference"]
    stranger = Program(Role.CASE_OFFICER, name="stranger")
    described = stranger.browser.get("/api/v1/openapi.json").json()["paths"]
    start = f"{ROOT}/items/{{reference}}"
    acts: dict[str, Any] = {
        "/custody": {"act": "stored"}, "/hand-overs": {"officer": keeper.officer.reference},
        "/uses": {"purpose": "CRIMINAL_EVIDENCE", "forum": "A court"},
    }  # fmt: skip

    asked = [path for path in described if path.startswith(start)]
    reads = [path.format(reference=item) for path in asked if "get" in described[path]]

    assert len(reads) > 4
    answers = {path: stranger.browser.get(path).status_code for path in reads}
    assert answers == dict.fromkeys(reads, 404)
    for rest, body in acts.items():
        assert stranger.post(f"/items/{item}{rest}", body).status_code == 404, rest
    for path in (f"/certified-copies?item={item}", f"/recalls?item={item}"):
        assert stranger.get(path).status_code == 404, path
    named = {"/holds": {"ground": "proceeding", "item": item},
             "/destruction-lists": {"items": [item], "ground": "retention-over"}}  # fmt: skip
    for path, body in named.items():
        assert stranger.post(path, body).status_code == 404, path
    package = _packed_and_recalled(keeper, item)
    assert stranger.get(f"/packages/{package}").status_code == 404
    for path in ("/packages", "/disclosures", "/recalls", "/certified-copies", "/items"):
        listed = [len(each.get(path).json()["items"]) for each in (stranger, keeper)]
        assert listed == [0, 1], path
    mine = packages(officer=keeper.officer.reference).rows  # who opened the case works on it
    assert [each.reference for each in mine] == [package]
    acts_kept = [each["act"] for each in keeper.get(f"/items/{item}/custody").json()["events"]]
    assert "stored" not in acts_kept
    assert [each["reference"] for each in keeper.get("/items").json()["items"]] == [item]


def _packed_and_recalled(keeper: Program, item: str) -> str:
    """A package, which is a disclosure, a recall and a certified copy of an item."""
    from comity.evidence import models
    from comity.evidence.copy_register import CopyState

    assert keeper.post("/statements", {"items": [item]}).status_code == 201
    packed = keeper.post("/packages", _court(item))
    assert packed.status_code == 200, packed.content
    row = models.Item.objects.get(reference=item)
    models.CertifiedCopy.objects.create(
        number="XN-2026-00001", item=row, profile="wco", languages=["en"], prepared_at=NOON,
        prepared_by=keeper.officer.reference, state=CopyState.AWAITING_FINAL,
    )  # fmt: skip
    models.Recall.objects.create(
        reference="RCL-00001", recall=uuid4(), item=row, identity=row.identity, demand="delete",
        ground="supplied-in-error", origin="XN", answer_by=NOON.date(), recorded_at=NOON,
    )  # fmt: skip
    return str(packed["Content-Location"]).rsplit("/", 1)[1]


def test_who_may_not_see_evidence_is_refused_everywhere(keeper: Program) -> None:
    item = added(keeper)["reference"]
    stranger = Program(Role.ADMINISTRATOR, name="stranger")

    for path in ("/items", f"/items/{item}", f"/items/{item}/content", f"/items/{item}/custody",
                 f"/items/{item}/uses", "/cases", "/packages", "/certified-copies", "/recalls",
                 "/destruction-lists"):  # fmt: skip
        assert stranger.get(path).status_code == 403, path
    assert stranger.post("/holds", {"ground": "proceeding", "item": item}).status_code == 403
    assert stranger.post("/statements", {"items": [item]}).status_code == 403
