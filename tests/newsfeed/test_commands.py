# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import json

import pytest

from comity.accounts.officer import OPERATOR
from comity.accounts.permissions import Role
from comity.agreements.records import ProposalState
from comity.cli import main
from comity.newsfeed import queries, services
from tests.support.exercise_news import MONDAY, release
from tests.support.officers import journal_acts, token_of

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db,
    pytest.mark.usefixtures("exercises", "shipped_register"),
]

NORTH = "exercise-north"
SIGNED = "EXERCISE cmaa signed FJ,US 2025-06-01"
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Training exercise",
    "items": [{"id": "exercise-1", "title": "A signature", "content_text": SIGNED}],
}


@pytest.fixture
def acting(officer, tmp_path):
    """The options by which an officer acts at the node's command line."""

    def options(*roles: Role) -> list[str]:
        file = tmp_path / f"{'-'.join(roles)}.token"
        file.write_text(token_of(officer(*roles)))
        return ["--token-file", str(file)]

    return options


@pytest.fixture
def feed(tmp_path):
    file = tmp_path / "feed.json"
    file.write_text(json.dumps(FEED))
    return str(file)


@pytest.fixture
def signed(sources):
    services.take_in([release(SIGNED)], NORTH, MONDAY)
    (card,) = queries.cards().rows
    return card.reference


def told(capsys) -> dict[str, object]:
    return json.loads(capsys.readouterr().out)


# Sources


def test_sources_are_listed_with_their_health(sources, capsys):
    assert main(["news", "sources"]) == 0
    out = capsys.readouterr().out
    assert NORTH in out
    assert "Not read yet" in out
    assert "eu-taxud" in out

    assert main(["news", "sources", "--json"]) == 0
    states = {item["code"]: item["health"]["state"] for item in told(capsys)["items"]}
    assert (states[NORTH], states["eu-taxud"]) == ("never-read", "paused")


def test_a_source_is_added_paused_and_resumed_at_the_machine(capsys, settings):
    add = ["news", "sources", "--add", "https://press.example.org/feed", "--publisher", "cv"]
    assert main([*add, "--title", "Press office of the exercise"]) == 0
    assert "press-example-org" in capsys.readouterr().out
    assert queries.source("press-example-org").administration == "CV"
    assert journal_acts()[-1] == ("news-source-added", "press-example-org", "NODE")

    assert main(["news", "sources", "--pause", "press-example-org"]) == 0
    assert not queries.source("press-example-org").active
    assert main(["news", "sources", "--resume", "press-example-org", "--json"]) == 0
    capsys.readouterr()
    assert main([*add, "--code", "press-example-org"]) == 1
    assert "already" in capsys.readouterr().err
    assert main(["news", "sources", "--add", "nonsense"]) == 2
    assert main(["news", "sources", "--pause", "nobody-there"]) == 2


def test_an_officer_may_act_on_sources_by_their_own_token(officer, acting, capsys):
    add = ["news", "sources", "--add", "https://press.example.org/feed"]

    assert main([*add, *acting(Role.AUDITOR)]) == 1
    assert main([*add, *acting(Role.REGISTRAR)]) == 0

    assert journal_acts()[-1][2] == officer(Role.REGISTRAR).reference


# Reading


def test_a_file_is_taken_in_as_a_source_of_the_node(sources, feed, capsys):
    assert main(["news", "fetch", "--file", feed, "--source", NORTH]) == 0
    assert "1 new, 0 edited, 0 known; 1 proposed" in capsys.readouterr().out
    (card,) = queries.cards().rows
    assert card.release.handed_in_by == card.proposal.proposed_by == OPERATOR.reference
    assert journal_acts()[-1][0] == "news-handed-in"
    assert main(["news", "proposals"]) == 0
    assert f"Read in from a file or a text by {OPERATOR.reference}" in capsys.readouterr().out

    assert main(["news", "fetch", "--file", feed, "--source", NORTH, "--json"]) == 0
    assert told(capsys)["known"] == 1
    assert main(["news", "fetch", "--file", feed]) == 2
    assert main(["news", "fetch", "--file", feed + ".gone", "--source", NORTH]) == 2
    assert main(["news", "fetch", "--file", feed, "--source", "nobody-there"]) == 2


def test_the_standard_input_can_be_taken_in(sources, capsys, monkeypatch):
    given = io.TextIOWrapper(io.BytesIO(json.dumps(FEED).encode()))
    monkeypatch.setattr("sys.stdin", given)

    assert main(["news", "fetch", "--file", "-", "--source", NORTH]) == 0

    assert queries.cards_waiting() == 1


def test_what_is_kept_is_read_again_by_new_rules(signed, capsys, monkeypatch):
    monkeypatch.setattr("comity.newsfeed.services.taking.rules_edition", lambda: "a" * 64)

    assert main(["news", "fetch", "--reread", "--json"]) == 0

    assert told(capsys)["proposed"] == 0
    assert queries.card(signed).release.rules_edition == "a" * 64


def test_one_source_that_cannot_be_read_does_not_stop_the_round(sources, capsys, settings):
    from dataclasses import replace

    settings.OUTBOUND = replace(settings.OUTBOUND, on=False)

    assert main(["news", "fetch", NORTH]) == 1
    assert main(["news", "fetch"]) == 1
    assert capsys.readouterr().err.count("speak to no address outside") == 3
    assert main(["news", "fetch", "--json"]) == 1
    problems = [item["problem"]["code"] for item in told(capsys)["items"]]
    assert problems == ["outbound-off", "outbound-off"]


def test_a_node_without_active_sources_says_so(capsys):
    assert main(["news", "fetch"]) == 0
    assert "No source is switched on" in capsys.readouterr().out


# Deciding


def test_what_waits_is_listed_with_its_evidence(signed, capsys):
    assert main(["news", "proposals"]) == 0
    out = capsys.readouterr().out
    assert f"{signed}  New instrument: us-fj-2025" in out
    assert f"“{SIGNED}”" in out

    assert main(["news", "proposals", "--json"]) == 0
    (item,) = told(capsys)["items"]
    assert item["change"]["content"]["parties"] == ["US", "FJ"]
    assert item["event"]["span"]["text"] == SIGNED
    assert main(["news", "proposals", "--state", "rejected"]) == 0
    assert "Nothing" in capsys.readouterr().out
    assert main(["news", "proposals", "--state", "nonsense"]) == 2


def test_an_officer_accepts_and_publishes_with_a_token(signed, acting, capsys):
    accept = ["news", "accept", signed, "--public"]
    assert main(accept) == 2, "nobody decides without a token"
    assert main([*accept, *acting(Role.CASE_OFFICER)]) == 1
    assert main([*accept, *acting(Role.TREATY_CUSTODIAN)]) == 0

    out = capsys.readouterr().out
    assert f"{signed}: Accepted." in out
    assert "Published as PUB-" in out
    assert queries.card(signed).state is ProposalState.ACCEPTED
    assert main([*accept, *acting(Role.TREATY_CUSTODIAN)]) == 1, "it is decided once"


def test_a_rejection_names_its_reason(signed, acting, capsys):
    reject = ["news", "reject", signed, *acting(Role.LEGAL_ADVISER)]
    assert main(reject) == 2

    assert main([*reject, "--reason", "A rehearsal", "--json"]) == 0

    card = told(capsys)
    assert (card["state"], card["reason"]) == ("rejected", "A rehearsal")
    assert main(["news", "reject", "NPR-99999", *reject[3:], "--reason", "x"]) == 2
