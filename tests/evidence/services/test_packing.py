# SPDX-License-Identifier: Apache-2.0
"""Certifying items and packing them: what is in the package, what is withheld, what is recorded."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from comity.evidence import verify
from comity.evidence.package import PackageKind
from comity.evidence.packing import Choice, NotCertifiedError, Wanted
from comity.handling.redaction import RedactionReason

pytestmark = pytest.mark.db


def packed(sink: io.BytesIO) -> tuple[verify.Report, verify.Container]:
    report = verify.verify(sink)
    return report, verify.Container(sink)


def for_court(*choices: Choice) -> Wanted:
    return Wanted(PackageKind.COURT, choices, "District court of Northland")


@pytest.fixture
def certified(northland: None) -> Any:
    from comity.evidence.services.stating import certify
    from tests.support.evidence import CUSTODIAN, an_item, an_object
    from tests.support.exchange import NOON

    items = (an_item(at=NOON), an_object(at=NOON))
    certify([item.reference for item in items], by=CUSTODIAN, at=NOON)
    return items


def test_a_package_of_certified_items_verifies_with_the_one_file(certified: Any) -> None:
    from comity.evidence.services.packing import pack
    from tests.support.evidence import CUSTODIAN
    from tests.support.exchange import NOON

    sink = io.BytesIO()
    made = pack(for_court(*(Choice(i.reference) for i in certified)), sink, by=CUSTODIAN, at=NOON)

    report, container = packed(sink)
    assert report.holds, report.as_text()
    assert made.size == len(sink.getvalue())
    assert container.read("items/0001/content.bin").startswith(b"A list of forty")
    assert {each.step for each in report.findings} >= {1, 2, 3, 4, 6, 7, 8, 9, 11}
