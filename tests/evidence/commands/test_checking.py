# SPDX-License-Identifier: Apache-2.0
"""Whoever looks after the machine learns which items are not what was recorded of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from comity import cli
from tests.support.evidence import an_item, an_object

pytestmark = [pytest.mark.db]


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = cli.main(list(words))
    return code, capsys.readouterr().out


def test_a_damaged_file_is_named_by_its_item(
    evidence_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = an_item()
    an_object()

    assert answer(capsys, "evidence", "check") == (
        0,
        "All 2 items are what was recorded of them (0 MiB).\n",
    )

    (file,) = [
        path for path in (evidence_home / "evidence" / "content").rglob("*") if path.is_file()
    ]
    file.write_bytes(file.read_bytes()[:-1])
    code, said = answer(capsys, "evidence", "check", "--json")
    told = json.loads(said)
    assert (code, told["holds"], told["items"]) == (1, False, 2)
    assert told["faults"] == {made.reference: ["content-damaged"]}
    code, said = answer(capsys, "evidence", "check")
    assert code == 1
    assert f"{made.reference}: the stored content is not what was put there" in said
