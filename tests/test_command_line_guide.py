# SPDX-License-Identifier: Apache-2.0
"""The guide to the command line: every command on it runs, every key on it is there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from comity.cli import main

PAGE = (Path(__file__).parents[1] / "docs" / "howto" / "command-line.md").read_text("utf-8")
COMMANDS = [shlex.split(line[2:])[1:] for line in PAGE.splitlines() if line.startswith("$ comity ")]
ANSWER = ["determine", "ask", "--asker", "US", "--asked", "CN", "--form", "INFO_OFFENCE"]
ANSWER += ["--offence", "TOBACCO", "--purpose", "CRIMINAL_EVIDENCE", "--on", "2024-10-11"]


def document(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict:
    main([*words, "--json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_every_command_of_the_guide_runs_in_its_order(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    codes = {" ".join(words): main(words) for words in COMMANDS}

    assert len(codes) == len(COMMANDS) >= 15
    assert capsys.readouterr().err == ""
    assert all(code in (0, 1) for code in codes.values())
    changed = [words for words in codes if words.startswith("agreements")]
    assert {codes[words] for words in changed} == {0}
    assert next(code for words, code in codes.items() if "--asked CV" in words) == 0


@pytest.mark.parametrize("name", ["list", "show", "history", "path", "compare", "coverage"])
def test_the_keys_of_a_document_are_those_of_the_guide(name, capsys):
    words = next(words for words in COMMANDS if words[:2] == ["agreements", name])
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
    keys = re.findall(r"`(\w+)`", row.split("|")[2].partition(";")[0])

    found = document([word for word in words if word != "--differing"], capsys)

    assert list(found) == keys


def test_the_keys_of_an_answer_are_those_of_the_guide(capsys):
    section = PAGE.partition("| key |")[2].partition("## ")[0]
    keys = [
        key
        for line in section.splitlines()
        if line.startswith("| `")
        for key in re.findall(r"`(\w+)`", line.split("|")[1])
    ]

    assert sorted(keys) == sorted(document(ANSWER, capsys))


@pytest.mark.parametrize("part", ["findings", "would_be_permitted_if", "alternatives"])
def test_the_parts_of_an_answer_are_those_of_the_guide(part, capsys):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{part}` |"))
    keys = re.findall(r"`(\w+)`", row.split("|")[2])

    parts = document(ANSWER, capsys)[part]

    assert parts
    assert all(sorted(each) == sorted(keys) for each in parts)


def test_the_duties_of_an_answer_are_those_of_the_guide(capsys):
    row = next(line for line in PAGE.splitlines() if line.startswith("| `obligations` |"))
    words = [word if word != "CRIMINAL_EVIDENCE" else "INTELLIGENCE" for word in ANSWER]

    duties = document(words, capsys)["obligations"]

    assert duties
    assert all(sorted(each) == sorted(re.findall(r"`(\w+)`", row.split("|")[2])) for each in duties)
