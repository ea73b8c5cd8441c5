# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from comity import cli
from comity.storage import services


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    """A home of the test's own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    return tmp_path


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = cli.main(list(words))
    return code, capsys.readouterr().out


def test_what_lies_in_the_store_is_shown(capsys):
    services.store().put(io.BytesIO(bytes(3_000_000)))

    code, said = answer(capsys, "storage", "show")
    assert code == 0
    assert said.startswith("1 stored contents in 2 MiB; 0 are arriving")
    code, said = answer(capsys, "storage", "show", "--json")
    facts = json.loads(said)
    assert code == 0
    assert (facts["blobs"], facts["arriving"]) == (1, 0)
    assert facts["bytes"] > 3_000_000
    assert facts["free"] > 0


def test_a_store_that_is_whole_is_verified(capsys):
    services.store().put(io.BytesIO(b"something"))

    code, said = answer(capsys, "storage", "verify")
    assert code == 0
    assert said.startswith("All 1 stored contents")
    code, said = answer(capsys, "storage", "verify", "--json")
    assert json.loads(said) == {"holds": True, "blobs": 1, "bytes": 9, "damaged": []}


def test_damaged_content_is_named_and_refused(capsys, home):
    kept = services.store().put(io.BytesIO(b"kept"))
    spoilt = services.store().put(io.BytesIO(b"spoilt"))
    os.truncate(home / "blobs" / "content" / spoilt.name[:2] / spoilt.name, 130)

    code, said = answer(capsys, "storage", "verify")
    assert code == 1
    assert "1 of 2 stored contents are damaged" in said
    assert spoilt.name in said
    assert kept.name not in said
    code, said = answer(capsys, "storage", "verify", "--json")
    assert code == 1
    assert json.loads(said)["damaged"] == [spoilt.name]


def test_the_group_alone_is_misuse_and_shows_its_acts(capsys):
    code, said = answer(capsys, "storage")

    assert code == 2
    assert "verify" in said
