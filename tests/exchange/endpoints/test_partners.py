# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest
from django.test import Client

from comity.accounts.permissions import Role
from comity.exchange.partner_card import read_card
from comity.sealing.canonical_json import canonical
from tests.support.officers import registered, token_of
from tests.support.partner_cards import held_card

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland_node")]
ROOT = "/api/v1/exchange/partners"


@pytest.fixture
def program(settings):
    """A program with the token of an officer who holds this role."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def program(role):
        token = token_of(registered(role))
        client = Client(headers={"Authorization": f"Bearer {token}"})

        def ask(method, path="", body=None, **headers):
            answer = getattr(client, method)(
                ROOT + path,
                json.dumps({} if body is None else body) if method != "get" else None,
                content_type="application/json",
                headers=headers,
            )
            return answer.status_code, answer.json(), answer

        return ask

    return program


def test_an_administrator_reads_a_card_in_confirms_it_and_sets_ceilings(program):
    ask, held = program(Role.ADMINISTRATOR), held_card()

    status, told, answer = ask("post", "", {"card": json.loads(held.document)})
    assert (status, told["state"]) == (201, "proposed")
    assert answer["Location"].endswith("/XS")
    status, told, _ = ask("post", "/XS/confirm", {"fingerprint": "AAAA-BBBB"})
    assert (status, told["type"]) == (403, "fingerprint-differs")
    status, told, answer = ask("post", "/XS/confirm", {"fingerprint": held.card.fingerprint})
    assert (status, told["state"]) == (200, "active")

    tag = answer["ETag"]
    wanted = {"parts": 3, "kinds": ["exchange.note/1"], "forms": None}
    status, told, _ = ask("put", "/XS/ceilings", wanted, **{"If-Match": tag})
    assert status == 200
    assert (told["ceilings"]["parts"], told["ceilings"]["kinds"]) == (3, ["exchange.note/1"])
    assert ask("put", "/XS/ceilings", wanted, **{"If-Match": tag})[0] == 412
    assert ask("put", "/XS/ceilings", wanted)[0] == 428


def test_partners_are_listed_and_read_without_any_key_material(program):
    ask = program(Role.ADMINISTRATOR)
    for code in ("XS", "XE"):
        ask("post", "", {"card": json.loads(held_card(code).document)})

    reader = program(Role.AUDITOR)
    _, told, answer = reader("get", "?limit=1")
    assert ([each["code"] for each in told["items"]], told["next"]) == (["XE"], "XE")
    _, told, _ = reader("get", "?after=XE&state=proposed")
    assert [each["code"] for each in told["items"]] == ["XS"]
    assert "BEGIN" not in answer.content.decode()
    assert reader("get", "/XQ")[0] == 404


def test_our_card_is_read_with_its_signature(program):
    _, told, _ = program(Role.AUDITOR)("get", "/own-card")

    assert read_card(canonical(told["document"])).fingerprint == told["fingerprint"]


def test_nobody_but_an_administrator_changes_who_is_a_partner(program):
    held = held_card()
    program(Role.ADMINISTRATOR)("post", "", {"card": json.loads(held.document)})
    ask = program(Role.REGISTRAR)

    assert ask("post", "", {"card": json.loads(held_card().document)})[0] == 403
    assert ask("post", "/XS/confirm", {"fingerprint": held.card.fingerprint})[0] == 403
    assert ask("put", "/XS/ceilings", {"parts": 9}, **{"If-Match": '"XS.1"'})[0] == 403
    assert ask("post", "/XS/end", {"reason": "Not mine to say"})[0] == 403


def test_who_operates_the_exchange_suspends_resumes_and_diagnoses(program):
    held, administrator = held_card(), program(Role.ADMINISTRATOR)
    administrator("post", "", {"card": json.loads(held.document)})
    administrator("post", "/XS/confirm", {"fingerprint": held.card.fingerprint})
    ask = program(Role.REGISTRAR)

    assert ask("post", "/XS/suspend", {"reason": "Doubts about keys"})[1]["state"] == "suspended"
    status, told, _ = ask("post", "/XS/diagnose")
    assert status == 200
    assert "suspended-by-us" in [each["fault"] for each in told["findings"]]
    assert ask("post", "/XS/resume")[1]["state"] == "active"
    assert ask("post", "/XS/resume")[0] == 403


def test_a_card_that_is_none_is_refused(program):
    ask = program(Role.ADMINISTRATOR)
    document = {"payload": "e30=", "payloadType": "application/json", "signatures": []}

    assert ask("post", "", {"card": document})[0] == 400
    assert ask("post", "", {"card": {"payload": 1}})[0] == 422
