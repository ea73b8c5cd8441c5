# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from comity import cli, clock
from comity.accounts.permissions import Role
from comity.exchange import models
from comity.exchange.partner_card import read_card
from comity.exchange.services import cards
from comity.outbound import Policy
from tests.support.officers import journal_acts, registered, token_of
from tests.support.partner_cards import held_card

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland_node")]


@pytest.fixture
def run(capsys, stop_time):
    """One command line at noon: its exit code and what it printed, as JSON where asked for."""
    stop_time(2026, 3, 2, 12)

    def run(*words: object):
        words = [str(word) for word in words]
        code = cli.main(words)
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if "--json" in words else printed.out + printed.err

    return run


@pytest.fixture
def southland(tmp_path):
    """Southland's first card, and the file that it lies in."""
    held = held_card()
    file = tmp_path / "southland.card.json"
    file.write_bytes(held.document)
    return held, file


@pytest.fixture
def accepted(run, southland):
    held, file = southland
    assert run("partner", "accept", file, "--fingerprint", held.card.fingerprint)[0] == 0
    return held


def test_our_card_is_written_to_a_file_and_its_fingerprint_told(run, tmp_path):
    file = tmp_path / "ours.json"

    code, told = run("partner", "invite", "--to", file, "--json")

    assert code == 0
    assert read_card(file.read_bytes()).fingerprint == told["fingerprint"]
    assert run("partner", "invite", "--to", file)[0] == 2  # never over another file


def test_our_card_is_offered_at_an_address_for_some_days(run):
    _, told = run("partner", "invite", "--days", 3, "--json")

    token = told["address"].rpartition("/")[2]
    assert read_card(cards.invited_card(token, at=clock.now())).fingerprint == told["fingerprint"]
    _, text = run("partner", "invite")
    assert told["fingerprint"] in text


def test_a_card_is_read_in_and_confirmed_by_its_fingerprint_in_two_steps(run, southland):
    held, file = southland

    code, text = run("partner", "accept", file)
    assert code == 0
    assert held.card.fingerprint in text
    assert run("partner", "show", "XS", "--json")[1]["state"] == "proposed"
    assert run("partner", "accept", "XS", "--fingerprint", "AAAA-BBBB")[0] == 1

    code, told = run("partner", "accept", "XS", "--fingerprint", held.card.fingerprint, "--json")
    assert (code, told["state"]) == (0, "active")


@contextmanager
def website(content):
    """A server that answers every request with this content, or with 404 where there is none."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if content else 404)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            """Tests are quiet."""

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/exchange/cards/token"
        server.shutdown()
        thread.join(5)


def test_a_card_is_read_in_from_the_address_of_an_invitation(run, southland, settings):
    settings.OUTBOUND = Policy(private=True)
    with website(southland[0].document) as address:
        code, told = run("partner", "accept", address, "--json")
    assert (code, told["state"]) == (0, "proposed")
    with website(b"") as address:
        assert run("partner", "accept", address)[0] == 1
    with website(b"<html>") as address:
        assert run("partner", "accept", address)[0] == 2


def test_partners_are_listed_and_shown_without_their_keys(run, accepted):
    _, text = run("partner", "list")
    _, told = run("partner", "list", "--state", "active", "--json")
    _, shown = run("partner", "show", "XS")

    assert "XS" in text
    assert [item["code"] for item in told["items"]] == ["XS"]
    assert "BEGIN" not in json.dumps(told) + shown


def test_a_person_reads_labels_and_words_and_no_names_of_fields(run, accepted):
    revoked = accepted.card.keys[0]
    models.PartnerKey.objects.filter(key_id=revoked.key_id).update(revoked_at=clock.now())
    another = models.PartnerKey.objects.exclude(key_id=revoked.key_id).first()
    another.valid_from = clock.now() + timedelta(days=3)
    another.save()

    _, told = run("partner", "show", "XS")
    _, ceilings = run("partner", "ceilings", "XS")

    assert "state: active" in told
    assert "way: we hand over to its node" in told
    assert "files of one message (--parts): 100" in ceilings
    assert "_" not in ceilings
    assert "card_version" not in told
    keys = {line.split()[0]: line for line in told.splitlines() if " – " in line}
    assert keys[revoked.key_id].endswith("(revoked)")
    assert keys[another.key_id].endswith("(next)")
    assert sum("(" in line for line in keys.values()) == 2


def test_ceilings_are_shown_and_set(run, accepted):
    code, told = run(
        "partner", "ceilings", "XS", "--parts", 20, "--kinds", "exchange.note/1", "--json"
    )
    assert code == 0
    assert (told["ceilings"]["parts"], told["ceilings"]["kinds"]) == (20, ["exchange.note/1"])
    _, told = run("partner", "ceilings", "XS", "--kinds", "all", "--json")
    assert (told["ceilings"]["parts"], told["ceilings"]["kinds"]) == (20, None)
    assert run("partner", "ceilings", "XS", "--forms", "TEA")[0] == 2


def test_an_ended_partner_is_not_resumed_but_accepted_anew(run, accepted):
    run("partner", "end", "XS", "--reason", "Its identity key was stolen")

    code, told = run("partner", "resume", "XS")

    assert code == 1
    assert "has ended" in told
    assert "comity partner accept" in told
    assert "suspended" not in told


def test_a_partner_is_suspended_resumed_and_ended(run, accepted):
    _, told = run("partner", "suspend", "XS", "--reason", "Doubts about keys", "--json")
    assert told["state"] == "suspended"
    _, told = run("partner", "resume", "XS", "--json")
    assert told["state"] == "active"
    assert run("partner", "way", "XS", "folder", "--json")[1]["binding"] == "folder"
    assert "it fetches from our node" in run("partner", "way", "XS", "pull")[1]
    _, told = run("partner", "end", "XS", "--reason", "Denounced", "--json")
    assert told["state"] == "ended"
    assert run("partner", "resume", "XS")[0] == 1


def test_a_partner_without_a_node_is_registered(run):
    _, told = run("partner", "without-node", "XE", "--name", "Customs of Eastland", "--json")

    assert (told["state"], told["binding"]) == ("active", "letter")


def test_what_our_card_says_of_us_is_read_from_a_file(run, tmp_path):
    file = tmp_path / "details.yaml"
    file.write_text(
        "name: Customs of Northland\n"
        "time_zone: Europe/Lisbon\n"
        'hours:\n  - {day: 1, opens: "08:30", closes: "17:00"}\n'
        "officials:\n  - {reference: O-1, name: The liaison desk, telephone: +00 1 23}\n"
    )

    code, told = run("partner", "card", "--details", file, "--json")

    assert code == 0
    assert told["officials"][0]["telephone"] == "+00 1 23"
    assert run("partner", "card", "--json")[1]["hours"] == told["hours"] != []
    file.write_text("nickname: Norte\n")
    assert run("partner", "card", "--details", file)[0] == 2


def test_keys_are_rotated_and_one_is_revoked(run):
    _, told = run("partner", "rotate-keys", "--json")
    assert {key["use"] for key in told["keys"]} == {"envelope", "encryption", "tls"}

    card = run("partner", "card", "--json")[1]
    key = next(key["key_id"] for key in card["keys"] if key["use"] == "envelope")
    code, told = run("partner", "revoke", key, "--reason", "lost", "--json")

    assert (code, told["revoked"]["key_id"]) == (0, key)
    assert told["takes_over"]["key_id"] != key
    assert run("partner", "revoke", "0123456789abcdef", "--reason", "lost")[0] == 2


def test_an_officer_acts_with_a_token_of_their_own(run, southland, tmp_path, monkeypatch):
    monkeypatch.undo()  # tokens live in real time
    file = southland[1]
    administrator, officer = registered(Role.ADMINISTRATOR), registered(Role.CASE_OFFICER)
    for each in (administrator, officer):
        (tmp_path / each.reference).write_text(token_of(each))

    words = ("partner", "accept", file, "--by", administrator.reference)
    assert run(*words)[0] == 2  # no token
    assert run(*words, "--token-file", tmp_path / officer.reference)[0] == 1
    by = (officer.reference, "--token-file", tmp_path / officer.reference)
    assert run("partner", "accept", file, "--by", *by)[0] == 1  # may not


def test_a_diagnosis_names_what_to_do_and_is_a_refusal(run, southland):
    run("partner", "accept", southland[1])

    code, told = run("partner", "diagnose", "XS", "--json")
    assert (code, told["well"]) == (1, False)
    assert [found["fault"] for found in told["findings"]] == ["not-confirmed"]
    assert "DGN-1" in run("partner", "diagnose", "XS")[1]


@pytest.mark.parametrize(
    "words",
    [
        ("partner",),
        ("partner", "show", "XQ"),
        ("partner", "accept", "nowhere.json"),
        ("partner", "suspend", "XS"),
        ("partner", "invite", "--days", "900"),
        ("partner", "rotate-keys", "--at", "tomorrow"),
    ],
)
def test_what_makes_no_sense_is_misuse(run, words):
    assert run(*words)[0] == 2


def test_every_act_is_journalled_by_the_node_where_no_officer_is_named(run, accepted):
    assert ("partner-confirmed", "XS", "NODE") in journal_acts()
