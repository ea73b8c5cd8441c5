# SPDX-License-Identifier: Apache-2.0
"""`comity exchange …`: what the machine's operator sees and does."""

from __future__ import annotations

import io
import json

import pytest

from comity import cli, clock
from comity.exchange import models
from comity.exchange.alarm import AlarmKind
from comity.exchange.draft import Draft
from comity.exchange.note import NOTE, Note
from comity.exchange.partner import Binding
from comity.exchange.services import keep_part, partners, post
from comity.exchange.services.alarms import raise_alarm
from comity.exchange.services.entering import MACHINE
from tests.support.exchange import NOON, OPERATOR, asked

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


@pytest.fixture
def by_files(southland_node, stop_time):
    """A message to Southland, which lies in its own folder already."""
    stop_time(NOON.year, NOON.month, NOON.day, NOON.hour, 15)
    partners.choose_binding("XS", Binding.FOLDER, by=OPERATOR, at=NOON)
    part = keep_part(io.BytesIO(b"a;b"), "list.csv", "text/csv")
    draft = Draft(NOTE, "XS", Note("Good day").body(), (part,), question=asked())
    return post(draft, by=MACHINE, at=NOON).require().identifier


def test_a_stick_gets_what_lies_in_the_folder_and_has_no_receipt(run, by_files, tmp_path):
    assert run("write-folder", "XS", "--json")[1]["messages"] == 1
    assert run("write-folder", "XS", "--json")[1]["messages"] == 0
    sticks = [tmp_path / "stick", tmp_path / "another"]
    for stick in sticks:
        stick.mkdir()
        assert run("write-folder", "XS", "--folder", str(stick), "--json")[1]["messages"] == 1
        assert run("write-folder", "XS", "--folder", str(stick), "--json")[1]["messages"] == 0

    kept = [{f.name: f.read_bytes() for f in (s / "out").iterdir()} for s in sticks]
    assert set(kept[0]) == {f"{by_files}.{end}" for end in ("envelope", "part-0", "manifest")}
    assert set(kept[0]) == set(kept[1])
    assert kept[0][f"{by_files}.part-0"] == kept[1][f"{by_files}.part-0"]
    assert models.Message.objects.get(identifier=by_files).state == "dispatched"


def test_a_stick_that_is_not_plugged_in_is_named_and_not_made(run, by_files, tmp_path):
    for act in ("write-folder", "read-folder"):
        code, told = run(act, "XS", "--folder", str(tmp_path / "stick"), "--json")

        assert (code, told["type"]) == (2, "stick-missing")
    assert not (tmp_path / "stick").exists()
    assert models.Message.objects.get(identifier=by_files).state == "queued"


def test_files_are_for_partners_with_that_way(run, southland_node, tmp_path):
    code, told = run("write-folder", "XS", "--folder", str(tmp_path))

    assert code == 1
    assert "comity partner way XS folder" in told
    assert not (tmp_path / "out").exists()
    assert run("dead-letters") == (0, "Nothing was given up.\n")
