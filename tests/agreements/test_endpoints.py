# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest
from django.test import Client

from comity.accounts.permissions import Role
from comity.agreements import queries, services
from tests.support.node_register import AGREEMENT, MONDAY, confirmation_draft
from tests.support.officers import journal_acts, token_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]

CUSTODIAN, ADVISER = Role.TREATY_CUSTODIAN, Role.LEGAL_ADVISER
ROOT = "/api/v1/agreements"
ASK = {
    "kind": "ask", "asker": "US", "asked": "CN", "forms": ["INFO_OFFENCE"],
    "purposes": ["CRIMINAL_EVIDENCE"], "offences": ["SMUGGLING_GENERAL"], "on": "2024-10-11",
}  # fmt: skip
FORCE = {
    "instrument": AGREEMENT, "evidence": "note-verbale", "citation": "Note 12/2021",
    "in_force_from": "2021-03-15", "review_by": "2027-01-01",
}  # fmt: skip


class Program:
    """A program that calls the API with an officer's token."""

    def __init__(self, officer) -> None:
        self.officer = officer
        self.client = Client(headers={"Authorization": f"Bearer {token_of(officer)}"})

    def get(self, path: str, **query: object):
        return self.client.get(ROOT + path, query)

    def post(self, path: str, body: object = None, **headers: str):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = json.dumps(body) if body is not None else ""
        return self.client.post(
            ROOT + path, content, content_type="application/json", headers=named
        )


@pytest.fixture
def program(officer):
    return lambda *roles: Program(officer(*roles))


# Reading


def test_the_register_is_listed_narrowed_and_paged(program, shipped_register):
    reader, seen, after = program(Role.INTEGRATOR), [], ""
    while after is not None:
        answer = reader.get("/instruments", limit=200, after=after).json()
        seen += [item["reference"] for item in answer["items"]]
        after = answer["next"]

    found = reader.get("/instruments", party="US", partner="CN", programme="cmaa").json()

    assert seen == sorted(shipped_register.instruments)
    assert [item["reference"] for item in found["items"]] == ["us-cn-1999"]


def test_a_state_is_that_of_the_day(program, shipped_register):
    reader = program(Role.INTEGRATOR)

    states = {
        on: reader.get("/instruments/us-cn-1999", on=on).json()["standing"]["state"]
        for on in ("2001-01-01", "2004-01-01")
    }

    assert states == {"2001-01-01": "SIGNED", "2004-01-01": "IN_FORCE"}


def test_an_instrument_has_provisions_claims_and_a_history(program, shipped_register):
    reader = program(Role.INTEGRATOR)

    articles = [
        p["article"] for p in reader.get("/instruments/us-cn-1999/provisions").json()["items"]
    ]
    events = [c["event"] for c in reader.get("/instruments/us-cn-1999/claims").json()["items"]]
    life = [h["event"] for h in reader.get("/instruments/us-cn-1999/history").json()["items"]]

    assert "12(2)" in articles
    assert {"signed", "in-force"} <= set(events)
    assert life.index("signed") < life.index("in-force")


def test_models_comparison_and_coverage_are_answered(program, shipped_register):
    reader = program(Role.INTEGRATOR)

    models = reader.get("/models").json()["items"]
    compared = reader.get("/compare", first="us-cn-1999", second="us-cmaa").json()
    covered = reader.get("/coverage", of="US", on="2024-10-11", form="INFO_OFFENCE").json()
    table = reader.get("/coverage.csv", of="US", on="2024-10-11")

    assert {m["reference"] for m in models} == set(shipped_register.models)
    assert compared["rows"]
    assert covered["asked"]["CN"] == "permitted"
    assert table["Content-Type"].startswith("text/csv")


def test_an_unknown_instrument_is_a_problem_that_names_the_nearest(program, shipped_register):
    answer = program(Role.INTEGRATOR).get("/instruments/us-cn-1998")

    assert answer.status_code == 404
    assert answer.json()["type"] == "unknown-instrument"
    assert "us-cn-1999" in answer.json()["remedy"]


def test_what_is_unchanged_is_not_sent_twice(program, shipped_register):
    reader = program(Role.INTEGRATOR)
    first = reader.get("/instruments/us-cn-1999", on="2024-01-01")

    second = reader.client.get(
        f"{ROOT}/instruments/us-cn-1999?on=2024-01-01", headers={"If-None-Match": first["ETag"]}
    )

    assert second.status_code == 304


# Questions


def test_a_question_gets_the_answer_of_the_command_line(program, shipped_register):
    from comity.agreements.answers import document_of
    from comity.agreements.question_reading import question_of

    told = program(Role.CASE_OFFICER).post("/determinations", ASK).json()

    expected = json.loads(json.dumps(document_of(queries.assessed(question_of(ASK)))))
    assert told.pop("assessment") is None
    assert told == expected
    assert told["verdict"] == "prior-consent"


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "release", "supplier": "US", "receiver": "CN", "forms": ["INFO_OFFENCE"],
         "purposes": ["ADMIN_ENQUIRY"], "item": {"classes": ["DECLARATION"], "audience": []}},
        {"kind": "use", "holder": "US", "supplier": "PY", "purpose": "CRIMINAL_EVIDENCE",
         "supplied_on": "2019-05-01"},
        {"kind": "disclose", "holder": "ZA", "supplier": "BR", "recipient": "DEFENCE",
         "compelled": True},
        {"kind": "retain", "holder": "US", "supplier": "NL", "supplied_on": "2020-05-01"},
    ],
)  # fmt: skip
def test_each_of_the_five_questions_is_answered(asked, program, shipped_register):
    answer = program(Role.CASE_OFFICER).post("/determinations", {**asked, "on": "2024-10-11"})

    assert answer.status_code == 200, answer.content
    assert answer.json()["question"]["kind"] == asked["kind"]
    assert answer.json()["findings"]


def test_a_condition_that_is_not_understood_is_refused_and_never_dropped(program, shipped_register):
    caller = program(Role.CASE_OFFICER)

    for body in (
        {**ASK, "only_on_mondays": True},
        {**ASK, "purposes": ["EVIDENCE"]},
        {**ASK, "on": "yesterday"},
        {k: v for k, v in ASK.items() if k != "on"},
        {**ASK, "kind": "guess"},
    ):
        assert caller.post("/determinations", body).status_code in (400, 422), body


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_others(day, program, shipped_register):
    caller = program(Role.CASE_OFFICER)
    use = {"kind": "use", "holder": "US", "supplier": "NL", "purpose": "CRIMINAL_EVIDENCE"}

    assert caller.post("/determinations", {**ASK, "on": day}).status_code == 200
    assert caller.post("/determinations", {**use, "on": day, "supplied_on": day}).status_code == 200
    assert caller.get("/instruments", on=day).status_code == 200
    assert caller.get("/coverage", of="US", on=day).status_code == 200


def test_a_kept_answer_is_journalled_and_replayed(program, shipped_register):
    caller = program(Role.CASE_OFFICER)

    made = caller.post("/determinations?keep=true", ASK)
    replay = caller.client.get(made["Location"]).json()

    assert made.status_code == 201
    assert journal_acts()[-1][:2] == ("assessment-made", made.json()["assessment"])
    assert replay["same"]
    assert replay["then"]["verdict"] == replay["record"]["verdict"] == "prior-consent"
    assert caller.get("/assessments").json()["items"][0]["reference"] == made.json()["assessment"]


def test_who_may_not_assess_is_told_who_may(program, shipped_register):
    answer = program(Role.ADMINISTRATOR).post("/determinations", ASK)

    assert (answer.status_code, answer.json()["type"]) == (403, "permission-missing")


# Confirmations


def test_a_confirmation_is_drafted_countersigned_and_counts(program, small_register):
    asked = {**ASK, "asked": "XS", "purposes": ["ADMIN_ENQUIRY"], "on": "2026-03-04"}
    custodian, adviser = program(CUSTODIAN), program(ADVISER)
    before = custodian.post("/determinations", asked).json()["verdict"]

    drafted = custodian.post("/confirmations", FORCE)
    path = f"/confirmations/{drafted.json()['reference']}"
    signed = adviser.post(f"{path}/countersign", if_match=drafted["ETag"])
    after = custodian.post("/determinations", asked).json()["verdict"]

    assert (drafted.status_code, signed.status_code) == (201, 200)
    assert drafted["Location"] == ROOT + path
    assert (before, after) == ("person-must-decide", "permitted")
    assert signed.json()["state"] == "in-effect"


def test_a_change_names_the_version_it_was_made_from(program, officer, small_register):
    made = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    adviser, path = program(ADVISER), f"/confirmations/{made.reference}/countersign"

    without = adviser.post(path)
    outdated = adviser.post(path, if_match=f'"{made.reference}.9"')
    foreign = adviser.post(path, if_match='"CNF-99999.1"')

    assert (without.status_code, outdated.status_code, foreign.status_code) == (428, 412, 412)
    assert queries.confirmation(made.reference).version == 1


def test_the_same_key_drafts_once(program, small_register):
    custodian = program(CUSTODIAN)

    first = custodian.post("/confirmations", FORCE, idempotency_key="one")
    second = custodian.post("/confirmations", FORCE, idempotency_key="one")

    assert first.json() == second.json()
    assert len(queries.confirmations().rows) == 1


def test_a_statement_a_refusal_and_a_withdrawal(program, officer, small_register):
    custodian, adviser = program(CUSTODIAN), program(ADVISER)
    one = custodian.post("/confirmations", FORCE)
    refused = adviser.post(
        f"/confirmations/{one.json()['reference']}/refuse", {"reason": "2022"},
        if_match=one["ETag"],
    )  # fmt: skip
    two = custodian.post("/confirmations", FORCE)
    path = f"/confirmations/{two.json()['reference']}"
    adviser.post(f"{path}/countersign", if_match=two["ETag"])
    said = {"stance": "disagrees", "partner": "XS", "citation": "List", "made_on": "2026-03-03"}
    suspended = custodian.post(f"{path}/statements", said)
    withdrawn = custodian.post(
        f"{path}/withdraw", {"reason": "They are right."}, if_match=suspended["ETag"]
    )

    states = [answer.json()["state"] for answer in (refused, suspended, withdrawn)]
    assert states == ["refused", "suspended", "withdrawn"]
    assert custodian.get("/confirmations", state="suspended").json()["items"] == []
    assert len(custodian.get("/confirmations").json()["items"]) == 2


def test_a_ruling_and_an_attestation(program, small_register):
    custodian, adviser, head = program(CUSTODIAN), program(ADVISER), program(Role.UNIT_HEAD)
    ruling = {
        "instrument": AGREEMENT, "form": "OBJECTS_SAMPLES", "purpose": "ADMIN_ENQUIRY",
        "verdict": "permitted", "grounds": "Practice", "valid_from": "2026-03-02",
        "valid_until": "2027-03-02",
    }  # fmt: skip

    drafted = head.post("/rulings", ruling)
    path = f"/rulings/{drafted.json()['reference']}"
    own = head.post(f"{path}/countersign", if_match=drafted["ETag"])
    signed = adviser.post(f"{path}/countersign", if_match=drafted["ETag"])
    withdrawn = head.post(f"{path}/withdraw", {"reason": "Overtaken"}, if_match=signed["ETag"])
    attested = custodian.post(
        "/attestations",
        {"one": "US", "other": "XS", "valid_from": "2026-01-01", "valid_until": "2027-01-01",
         "citation": "The archive"},
    )  # fmt: skip
    taken_back = custodian.post(
        f"/attestations/{attested.json()['reference']}/withdraw", {"reason": "A protocol"},
        if_match=attested["ETag"],
    )  # fmt: skip

    assert (own.status_code, own.json()["type"]) == (403, "same-person")
    assert signed.json()["state"] == "in-effect"
    assert withdrawn.json()["state"] == "withdrawn"
    assert taken_back.json()["withdrawn_at"]
    assert custodian.get("/attestations", party="XS").json()["items"]
    assert custodian.get("/rulings", instrument=AGREEMENT).json()["items"]


def test_the_overlay_is_taken_out_by_whoever_may_export(program, officer, small_register):
    made = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    services.countersign_confirmation(made.reference, version=None, by=officer(ADVISER), at=MONDAY)

    taken = program(ADVISER).post("/overlay").json()
    refused = program(Role.ADMINISTRATOR).post("/overlay")

    assert [each["reference"] for each in taken["confirmations"]] == [made.reference]
    assert refused.status_code == 403


# Proposals


def test_a_change_is_proposed_and_decided_by_two(program, small_register):
    registrar, adviser = program(Role.REGISTRAR), program(ADVISER)
    change = {
        "kind": "claim", "instrument": AGREEMENT, "grounds": "Read in the gazette.",
        "content": {"event": "in-force", "date": "2021-03-15", "source": {"title": "Gazette"}},
    }  # fmt: skip

    one, two, three = (registrar.post("/proposals", change) for _ in range(3))
    accepted = adviser.post(f"/proposals/{one.json()['reference']}/accept", if_match=one["ETag"])
    rejected = adviser.post(
        f"/proposals/{two.json()['reference']}/reject", {"reason": "Twice"}, if_match=two["ETag"]
    )
    back = registrar.post(
        f"/proposals/{three.json()['reference']}/withdraw", {"reason": "Twice"},
        if_match=three["ETag"],
    )  # fmt: skip

    states = [answer.json()["state"] for answer in (accepted, rejected, back)]
    assert states == ["accepted", "rejected", "withdrawn"]
    claims = registrar.get(f"/instruments/{AGREEMENT}/claims").json()["items"]
    assert [claim["event"] for claim in claims] == ["signed", "in-force"]
    assert registrar.get("/proposals", state="open").json()["items"] == []


def test_lists_are_paged_by_key(program, officer, small_register):
    for year in range(2000, 2005):
        draft = confirmation_draft(
            in_force_from=MONDAY.date().replace(year=year, day=1),
            in_force_until=MONDAY.date().replace(year=year, day=20),
        )
        services.draft_confirmation(draft, by=officer(CUSTODIAN), at=MONDAY)
    reader, seen, after = program(Role.INTEGRATOR), [], ""
    while after is not None:
        answer = reader.get("/confirmations", limit=2, after=after).json()
        seen += [item["in_force_from"] for item in answer["items"]]
        after = answer["next"]

    assert seen == [f"{year}-03-01" for year in range(2004, 1999, -1)]
