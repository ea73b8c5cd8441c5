# SPDX-License-Identifier: Apache-2.0
"""`comity exchange …`: what the machine's operator sees and does."""

from __future__ import annotations

import json

import pytest

from comity import cli, clock
from comity.exchange import models
from comity.exchange.alarm import AlarmKind
from comity.exchange.services.alarms import raise_alarm

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture
def run(capsys, monkeypatch):
    """One command line: its exit code and what it printed, as JSON where asked for."""
    monkeypatch.setattr("django.setup", lambda: None)

    def run(*words: str):
        code = cli.main(["exchange", *words, "--language", "en"])
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if "--json" in words else printed.out + printed.err

    return run


def test_maintenance_is_begun_shown_and_ended_once(run, southland_node):
    assert run("maintenance", "begin", "--reason", "New disk", "--minutes", "60")[0] == 0
    assert "New disk" in run("status")[1]
    assert run("status", "--json")[1]["maintenance"]["reason"] == "New disk"
    assert run("maintenance", "begin", "--reason", "Again")[0] == 1

    assert run("maintenance", "end", "--json") == (0, {"maintenance": False})
    assert run("maintenance", "end")[0] == 1
    assert run("status")[1].startswith("The exchange works.")


def test_maintenance_without_a_reason_is_refused(run, southland_node):
    code, told = run("maintenance", "begin")

    assert code == 2
    assert "A reason of at least 5 characters" in told
    assert run("status")[1].startswith("The exchange works.")


def test_open_alarms_are_counted_beside_the_queues(run, southland_node):
    assert "No alarm is open." in run("status")[1]

    raise_alarm(AlarmKind.PARTNER_ANSWERS_NONSENSE, at=clock.now(), partner="XS")

    assert "Open alarms: 1." in run("status")[1]
    assert run("status", "--json")[1]["open_alarms"] == 1


def test_what_stands_in_the_way_is_told_in_words(run, southland_node):
    models.Way.objects.update_or_create(
        partner=models.Partner.objects.get(code="XS"), defaults={"problem": "peer-unreachable"}
    )

    code, told = run("status")

    assert code == 0
    assert "its machine does not answer" in told
    assert run("status", "--json")[1]["partners"][0]["problem"] == "peer-unreachable"


def test_files_are_for_partners_with_that_way(run, southland_node, tmp_path):
    code, told = run("write-folder", "XS", "--folder", str(tmp_path))

    assert code == 1
    assert "comity partner way XS folder" in told
    assert not (tmp_path / "out").exists()
    assert run("dead-letters") == (0, "Nothing was given up.\n")
