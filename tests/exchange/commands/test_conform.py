# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest

from comity import cli
from comity.exchange.services import assembling, cards
from comity.outbound import Policy
from tests.exchange.conform.test_checks import tester, under_test  # noqa: F401 - a fixture
from tests.support.memory_node import now
from tests.support.partner_cards import held_card

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


def run(capsys, *words):
    code = cli.main([str(word) for word in words])
    printed = capsys.readouterr()
    return code, json.loads(printed.out) if "--json" in words else printed.out + printed.err


def test_a_tester_is_made_once_with_keys_that_nobody_else_reads(tmp_path, capsys):
    folder = tmp_path / "tester"

    code, told = run(capsys, "conform", "--make", folder, "--administration", "XT", "--json")

    assert (code, told["administration"]) == (0, "XT")
    assert all(
        oct(file.stat().st_mode & 0o077) == "0o0"
        for file in (folder / "envelope.pem", folder / "encryption.pem", folder / "tls.pem")
    )
    assert run(capsys, "conform", "--make", folder)[0] == 2


def test_a_node_is_checked_from_the_shell(tester, tmp_path, capsys, settings):  # noqa: F811
    settings.OUTBOUND = Policy(private=True)
    (tmp_path / "xn.json").write_bytes(cards.own_card(at=now()).document)
    folder = tmp_path / "tester"
    words = ("--of", tmp_path / "xn.json", "--as", folder / "card.json", "--keys", folder)
    with under_test(tester, assembling.door()) as subject:
        code, told = run(capsys, "conform", subject.endpoint, *words, "--only", "CNF-14", "--json")
        assert (code, told["conforms"]) == (0, True)
        assert [each["code"] for each in told["results"]] == ["CNF-1", "CNF-13", "CNF-14"]
        code, text = run(capsys, "conform", subject.endpoint, *words, "--only", "CNF-12")
        assert (code, "CNF-12" in text) == (0, True)

    code, text = run(capsys, "conform", subject.endpoint, *words, "--only", "CNF-1")
    assert code == 1
    assert "CNF-1" in text


def test_half_of_the_words_is_misuse(tmp_path, capsys):
    assert run(capsys, "conform", "https://localhost:1")[0] == 2
    (tmp_path / "card.json").write_bytes(held_card().document)
    assert run(capsys, "conform", "https://localhost:1", "--of", "nowhere")[0] == 2
