# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from comity.accounts import queries
from comity.accounts.api_token import REQUESTS_PER_MINUTE
from comity.accounts.permissions import PERMISSIONS, Permission, Role
from comity.errors import ComityError
from comity.server.api import ROUTERS, api
from comity.server.api_frame import KEEPS_ITS_KEY
from comity.server.problems import CONTENT_TYPE, problem_of
from tests.support.officers import journal_acts, registered, token_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]

OFFICERS = "/api/v1/accounts/officers"
NEW = {"sign_in_name": "b.stone", "display_name": "B. Stone", "roles": ["auditor"]}


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Passwords are hashed in no time; their hashing is Django's and tested there."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Program:
    """A program that calls the API with a token."""

    def __init__(self, *roles: Role, carried: tuple[Role, ...] = ()) -> None:
        self.officer = registered(*roles, name=f"owner.of.{'.'.join(roles)}"[:60])
        self.token = token_of(self.officer, *carried)
        self.client = Client(headers={"Authorization": f"Bearer {self.token}"})

    def get(self, path: str, **headers: str):
        return self.client.get(path, headers=_headers(headers))

    def send(self, method: str, path: str, body: object = None, **headers: str):
        content = body if isinstance(body, str) else json.dumps(body)
        return getattr(self.client, method)(
            path, content, content_type="application/json", headers=_headers(headers)
        )


def _headers(words: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in words.items()}


def problem(answer, status: int, code: str) -> dict[str, object]:
    """The problem that the answer carries, after its common marks were looked at."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == CONTENT_TYPE
    told = answer.json()
    assert set(told) == {
        "type", "title", "status", "detail", "remedy", "fields", "correlation",
    }  # fmt: skip
    assert (told["type"], told["status"]) == (code, status)
    assert told["correlation"] == answer["X-Request-Id"]
    return told


# Who calls


def test_a_token_says_who_calls_and_what_it_allows():
    program = Program(Role.AUDITOR, Role.ADMINISTRATOR, carried=(Role.AUDITOR,))

    told = program.get("/api/v1/accounts/me").json()

    assert told["reference"] == program.officer.reference
    assert told["roles"] == ["auditor"]
    assert set(told["permissions"]) == {p for p in Permission if Role.AUDITOR in PERMISSIONS[p]}


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "nobody-signed-in"),
        ("", "nobody-signed-in"),
        ("Basic Zm9vOmJhcg==", "nobody-signed-in"),
        ("Bearer", "nobody-signed-in"),
        ("Bearer comity_" + "A" * 43, "token-refused"),
        ("Bearer x", "token-refused"),
    ],
)
def test_without_a_token_that_works_nothing_is_answered(authorization, code):
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = Client().get("/api/v1/accounts/me", headers=headers)

    problem(answer, 401, code)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_of_the_pages_opens_no_door_of_the_api():
    from tests.support.officers import sign_in

    client = sign_in(Client(), registered(Role.ADMINISTRATOR))

    problem(client.get(OFFICERS), 401, "nobody-signed-in")


def test_a_role_that_the_token_does_not_carry_does_not_count():
    program = Program(Role.AUDITOR, Role.ADMINISTRATOR, carried=(Role.AUDITOR,))

    assert program.get(OFFICERS).status_code == 200
    told = problem(program.send("post", OFFICERS, NEW), 403, "permission-missing")
    assert told["fields"]["permission"] == "administer-officers"


def test_a_token_that_calls_too_often_is_told_when_to_come_back():
    from comity.accounts import models

    program = Program(Role.AUDITOR)
    program.get("/api/v1/accounts/me")
    models.ApiToken.objects.update(used_in_window=REQUESTS_PER_MINUTE)

    answer = program.get("/api/v1/accounts/me")

    problem(answer, 429, "too-many-requests")
    assert 1 <= int(answer["Retry-After"]) <= 61


def test_a_call_counts_once_even_where_two_parts_of_the_server_ask_who_it_is():
    from comity.accounts import models

    program = Program(Role.ADMINISTRATOR)

    program.send("post", OFFICERS, NEW, Idempotency_Key="one")

    assert models.ApiToken.objects.get().used_in_window == 1


# Refusals


def test_nothing_of_the_api_answers_with_a_page():
    program = Program(Role.AUDITOR)

    problem(program.get("/api/v1/nothing/here"), 404, "no-such-address")
    problem(program.get("/api/v2/accounts/me"), 404, "no-such-address")
    problem(program.get(f"{OFFICERS}/OFF-99999"), 404, "unknown-officer")
    problem(program.send("post", "/api/v1/nothing", {}), 404, "no-such-address")


def test_a_method_that_an_address_does_not_know_is_refused_with_those_it_knows():
    answer = Program(Role.AUDITOR).send("delete", OFFICERS)

    told = problem(answer, 405, "method-not-allowed")
    assert {m.strip() for m in answer["Allow"].split(",")} == {"GET", "POST"}
    assert "GET" in told["detail"]


def test_what_departs_from_the_description_is_named_and_never_repeated():
    program = Program(Role.ADMINISTRATOR)

    answer = program.send("post", OFFICERS, {**NEW, "roles": ["emperor"], "secret": "hunter2"})

    told = problem(answer, 422, "request-not-as-documented")
    assert "roles" in told["detail"]
    assert "secret is not known here" in told["detail"]
    assert "hunter2" not in answer.content.decode()
    assert "emperor" not in answer.content.decode()


def test_a_body_that_is_not_json_is_unreadable():
    problem(Program(Role.ADMINISTRATOR).send("post", OFFICERS, "{"), 400, "request-unreadable")


def test_a_body_larger_than_the_node_reads_is_refused_unread(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    program = Program(Role.ADMINISTRATOR)

    answer = program.send("post", OFFICERS, {**NEW, "display_name": "x" * 2000})

    problem(answer, 413, "request-too-large")


def test_a_failure_of_ours_gives_a_correlation_and_no_trace(monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a detail that nobody outside may read")

    monkeypatch.setattr("comity.accounts.queries.officer_records", fail)

    answer = Program(Role.AUDITOR).get(OFFICERS)

    problem(answer, 500, "server-failed")
    assert "detail that" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_the_words_follow_accept_language_and_the_code_does_not():
    program = Program(Role.AUDITOR)

    english = program.send("post", OFFICERS, NEW, Accept_Language="en")
    french = program.send("post", OFFICERS, NEW, Accept_Language="fr")

    assert english["Content-Language"] == "en"
    assert french["Content-Language"] == "fr"
    assert problem(english, 403, "permission-missing")["type"] == french.json()["type"]


def test_every_error_of_the_code_base_can_be_told_as_a_problem():
    def subclasses(family):
        for child in family.__subclasses__():
            yield child
            yield from subclasses(child)

    class Anything(dict):
        def __missing__(self, key):
            return key

    for kind in subclasses(ComityError):
        error = kind.__new__(kind)
        error.fields = {name: name for name in _names_in(kind.message + kind.remedy)}
        told = problem_of(error)
        assert 400 <= told.status < 600, kind
        assert told.type == kind.code
        assert told.detail


def _names_in(template: str) -> set[str]:
    from string import Formatter

    return {name.split(".")[0] for _, name, _, _ in Formatter().parse(template) if name}


# Once only


def test_the_same_request_with_the_same_key_is_carried_out_once_and_answered_alike():
    program = Program(Role.ADMINISTRATOR)

    first = program.send("post", OFFICERS, NEW, Idempotency_Key="k-1")
    again = program.send("post", OFFICERS, NEW, Idempotency_Key="k-1")

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert len(queries.officer_records(search="b.stone")) == 1
    assert [act for act, _, _ in journal_acts()].count("officer-registered") == 2  # and the owner


@pytest.mark.parametrize(
    ("rest", "long"),
    [
        ("packages", True),
        ("releases", True),
        ("items/ITM-00001/certified-copies", True),
        ("certified-copies/XN-2026-00001/final", True),
        ("destruction-lists/DST-00001/approve", True),
        ("items/ITM-00001/certified-copies/draft", False),
        ("destruction-lists", False),
        ("items/files", False),
    ],
)
def test_no_transaction_stays_open_around_what_asks_others_over_the_network(rest, long):
    assert bool(KEEPS_ITS_KEY.fullmatch(f"/api/v1/evidence/{rest}")) is long


def test_the_same_key_for_another_request_is_a_conflict():
    program = Program(Role.ADMINISTRATOR)
    program.send("post", OFFICERS, NEW, Idempotency_Key="k-1")

    other = program.send("post", OFFICERS, {**NEW, "display_name": "C"}, Idempotency_Key="k-1")

    problem(other, 409, "idempotency-key-reused")


def test_two_owners_may_use_the_same_key():
    one, two = Program(Role.ADMINISTRATOR), Program(Role.ADMINISTRATOR, Role.AUDITOR)
    one.send("post", OFFICERS, NEW, Idempotency_Key="k-1")

    answer = two.send("post", OFFICERS, {**NEW, "sign_in_name": "c"}, Idempotency_Key="k-1")

    assert answer.status_code == 201


def test_a_refusal_is_repeated_too_and_leaves_nothing_behind():
    program = Program(Role.ADMINISTRATOR)
    taken = {**NEW, "sign_in_name": "owner.of.administrator"}

    first = program.send("post", OFFICERS, taken, Idempotency_Key="k-1")
    again = program.send("post", OFFICERS, taken, Idempotency_Key="k-1")

    problem(first, 409, "sign-in-name-taken")
    assert first.content == again.content


def test_a_failure_of_ours_may_be_tried_again(monkeypatch):
    program = Program(Role.ADMINISTRATOR)
    with monkeypatch.context() as broken:
        broken.setattr("comity.accounts.services.register_officer", lambda **_: 1 / 0)
        assert program.send("post", OFFICERS, NEW, Idempotency_Key="k-1").status_code == 500

    assert program.send("post", OFFICERS, NEW, Idempotency_Key="k-1").status_code == 201


def test_a_kept_answer_cannot_be_read_in_the_database():
    from comity.accounts import models

    program = Program(Role.ADMINISTRATOR)
    made = program.send("post", OFFICERS, NEW, Idempotency_Key="k-1").json()

    assert made["one_time_password"].encode() not in bytes(models.StoredReply.objects.get().body)


def test_a_key_is_forgotten_after_a_day(stop_time):
    stop_time(2026, 3, 2, 12)
    program = Program(Role.ADMINISTRATOR)
    program.send("post", OFFICERS, NEW, Idempotency_Key="k-1")
    stop_time(2026, 3, 3, 12)

    other = program.send("post", OFFICERS, {**NEW, "sign_in_name": "c"}, Idempotency_Key="k-1")

    assert other.status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_an_odd_key_is_refused(key):
    answer = Program(Role.ADMINISTRATOR).send("post", OFFICERS, NEW, Idempotency_Key=key)

    problem(answer, 400, "odd-idempotency-key")


# Versions


def test_a_change_says_which_version_it_was_made_to():
    program, officer = Program(Role.ADMINISTRATOR), registered(Role.AUDITOR)
    path = f"{OFFICERS}/{officer.reference}"
    tag = program.get(path)["ETag"]

    without = program.send("put", f"{path}/roles", {"roles": ["registrar"]})
    first = program.send("put", f"{path}/roles", {"roles": ["registrar"]}, If_Match=tag)
    late = program.send("put", f"{path}/roles", {"roles": ["prosecutor"]}, If_Match=tag)
    foreign = program.send("put", f"{path}/roles", {"roles": ["prosecutor"]}, If_Match='"x"')

    problem(without, 428, "version-not-given")
    assert first.json()["roles"] == ["registrar"]
    assert first["ETag"] != tag
    problem(late, 412, "changed-meanwhile")
    problem(foreign, 412, "version-tag-foreign")
    assert queries.officer_by_reference(officer.reference).roles == {Role.REGISTRAR}


def test_what_the_reader_has_already_is_not_sent_again():
    program = Program(Role.AUDITOR)
    first = program.get(OFFICERS)

    again = program.get(OFFICERS, If_None_Match=first["ETag"])
    registered(Role.REGISTRAR)
    changed = program.get(OFFICERS, If_None_Match=first["ETag"])

    assert again.status_code == 304
    assert again.content == b""
    assert changed.status_code == 200


# Lists


def test_a_list_is_read_to_its_end_by_following_next():
    program = Program(Role.AUDITOR)
    for number in range(5):
        registered(Role.REGISTRAR, name=f"r.{number}")
    seen, after = [], ""
    while after is not None:
        told = program.get(f"{OFFICERS}?role=registrar&limit=2&after={after}").json()
        seen += [item["sign_in_name"] for item in told["items"]]
        after = told["next"]

    assert seen == [f"r.{number}" for number in range(5)]


# The description


def test_the_description_is_openapi_3_1_and_read_without_a_token():
    described = Client().get("/api/v1/openapi.json").json()

    assert described["openapi"] == "3.1.0"
    assert described["components"]["securitySchemes"]["Token"]["scheme"] == "bearer"
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["security"] == [{"Token": []}], (method, path)
            assert "default" in operation["responses"]
            names = {p["name"] for p in operation["parameters"]}
            assert ("Idempotency-Key" in names) is (method == "post")


def test_the_page_of_the_api_runs_no_script_of_its_own():
    answer = Client().get("/api/v1/")

    assert answer.status_code == 200
    assert b"/api/v1/accounts/me" in answer.content
    assert b"<script>" not in answer.content


def test_every_capability_with_endpoints_is_in_the_table_of_routers():
    from importlib import import_module
    from pathlib import Path

    import comity

    packages = Path(comity.__file__).parent
    with_endpoints = {path.parent.name for path in packages.glob("*/endpoints.py")}
    with_endpoints |= {path.parent.parent.name for path in packages.glob("*/endpoints/__init__.py")}

    mounted = {endpoints for _, endpoints in ROUTERS}
    for capability in with_endpoints:
        assert import_module(f"comity.{capability}.endpoints").router in mounted


def test_no_endpoint_is_open_to_nobody():
    answers = {
        (method, path): Client().generic(method.upper(), _filled(path)).status_code
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }

    assert set(answers.values()) == {401}, answers


def _filled(path: str) -> str:
    import re

    return re.sub(r"\{[^}]+\}", "x", path)


def test_a_token_expires_while_it_is_in_use(stop_time):
    at = stop_time(2026, 3, 2, 12)
    program = Program(Role.AUDITOR)
    assert program.get("/api/v1/accounts/me").status_code == 200
    later = at + timedelta(days=7)
    stop_time(later.year, later.month, later.day, 12)

    problem(program.get("/api/v1/accounts/me"), 401, "token-refused")
