# SPDX-License-Identifier: Apache-2.0
"""Packages that earlier releases made still verify; their files are never edited."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from comity.evidence import verify

FOLDER = Path(__file__).parent.parent / "vectors" / "evidence"
DIGESTS = {
    "package-1.asice": "7ff96d4b35488828d45e89ea34293983ed9e989d9b49b89a061ca4f814e8536d",
    "package-2.asice": "26fffe81ba66608beaf97c6ad0d07e529ee7fc915b16fb1f8d078a4732a982a2",
}
"""A new format adds a line; a line is never changed."""


@pytest.mark.parametrize("name", DIGESTS)
def test_a_golden_package_is_unchanged_and_verifies_against_its_root(name: str) -> None:
    path = FOLDER / name
    trust = verify.read_anchors(path.with_suffix(".pem").read_text("ascii"))

    with path.open("rb") as source:
        report = verify.verify(source, trust, datetime(2046, 1, 1, tzinfo=UTC))

    assert hashlib.sha256(path.read_bytes()).hexdigest() == DIGESTS[name]
    assert report.holds, report.as_text()
    assert {each.step for each in report.findings} == set(verify.STEPS) - {14}


def test_every_golden_package_is_listed() -> None:
    assert {path.name for path in FOLDER.glob("*.asice")} == set(DIGESTS)
