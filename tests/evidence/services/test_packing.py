# SPDX-License-Identifier: Apache-2.0
"""Certifying items and packing them: what is in the package, what is withheld, what is recorded."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from comity.evidence import verify
from comity.evidence.item import Channel
from comity.evidence.package import PackageKind
from comity.evidence.packing import Choice, NotCertifiedError, Wanted
from comity.handling.marking import NOTHING
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

    ours = Channel(number=1, supplier="", marking=NOTHING)
    items = (an_item(at=NOON, channel=ours), an_object(at=NOON, channel=ours))
    certify([item.reference for item in items], by=CUSTODIAN, at=NOON)
    return items


def test_a_package_of_certified_items_verifies_with_the_one_file(certified: Any) -> None:
    from comity.evidence.queries.registers import disclosures
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
    entered = {(each.item, each.to, each.source) for each in disclosures()}
    assert entered == {(item.reference, "court", made.reference) for item in certified}


def test_what_is_withheld_is_nowhere_in_the_file_and_the_rest_still_verifies(
    certified: Any,
) -> None:
    from comity.evidence.services.packing import pack
    from comity.evidence.services.redacting import redact
    from tests.support.evidence import CUSTODIAN
    from tests.support.exchange import NOON

    item, thing = certified
    made = redact(item.reference, {"chunks/00001": "personal-data"}, by=CUSTODIAN, at=NOON)
    title = {"description/title": RedactionReason.SOURCE}
    sink = io.BytesIO()
    pack(
        for_court(Choice(item.reference, title, made.reference), Choice(thing.reference)),
        sink,
        by=CUSTODIAN,
        at=NOON,
    )

    report, container = packed(sink)
    assert report.holds, report.as_text()
    assert b"forty consignments" not in sink.getvalue()
    assert b"List of consignments" not in sink.getvalue()
    assert item.digest.encode() not in sink.getvalue()
    assert made.following > 0
    withheld = [e for e in report.findings if e.step == 8 and e.state == verify.OPEN]
    assert {each.facts["reason"] for each in withheld} == {
        "personal-data",
        "source",
        "shows-withheld",
    }
    listed = json.loads(container.read("package.json"))["items"][0]
    assert listed["disclosure"] == "record"
    assert listed["title"] == ""


def test_an_item_that_nobody_certified_is_not_packed(northland: None) -> None:
    from comity.evidence.services.packing import pack
    from tests.support.evidence import CUSTODIAN, an_item
    from tests.support.exchange import NOON

    item = an_item(at=NOON)

    with pytest.raises(NotCertifiedError):
        pack(for_court(Choice(item.reference)), io.BytesIO(), by=CUSTODIAN, at=NOON)


def test_an_item_with_a_gap_in_its_custody_is_not_certified(northland: None) -> None:
    from comity.evidence.custody import CustodyAct
    from comity.evidence.services.custody import NewAct, record_by_hand
    from comity.evidence.services.stating import NotCertifiableError, certify
    from tests.support.evidence import CUSTODIAN, an_item
    from tests.support.exchange import NOON

    item = an_item(at=NOON)
    record_by_hand(item.reference, NewAct(CustodyAct.GAP_NOTED), by=CUSTODIAN, at=NOON)

    with pytest.raises(NotCertifiableError):
        certify([item.reference], by=CUSTODIAN, at=NOON)


def test_nothing_is_certified_under_an_instrument_that_the_register_does_not_have(
    northland: None,
) -> None:
    from comity.agreements.register import UnknownInstrumentError
    from comity.evidence.services.stating import certify
    from tests.support.evidence import CUSTODIAN, an_item
    from tests.support.exchange import NOON

    item = an_item(at=NOON)

    with pytest.raises(UnknownInstrumentError):
        certify([item.reference], by=CUSTODIAN, at=NOON, instrument="xn-xs-1820")


def test_a_package_is_posted_to_a_partner_as_the_one_part_of_a_message(
    certified: Any, southland: Any
) -> None:
    from comity.evidence import models
    from comity.evidence.services.disclosing import record_assurance
    from comity.evidence.services.releasing import Wish, release, remove_package_files
    from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose
    from comity.storage.services import store
    from tests.support.evidence import UNIT_HEAD
    from tests.support.evidence_partners import sent_to
    from tests.support.exchange import NOON

    wish = Wish(
        tuple(Choice(each.reference) for each in certified),
        "XS",
        Purpose.ADMIN_ENQUIRY,
        FormOfAssistance.INFO_OFFENCE,
        (Offence.TOBACCO,),
    )
    record_assurance("XS", ours=False, by=UNIT_HEAD, at=NOON)
    made = release(wish, by=UNIT_HEAD, at=NOON)

    sent = sent_to("XS", "evidence.package/1")
    assert sent.body == {"package": made.reference, "digest": made.digest}
    [part] = sent.parts
    row = models.Package.objects.get(reference=made.reference)
    assert (part.digest, row.message) == (made.digest, made.message)
    with store().open(row.blob) as source:
        assert verify.verify(source).holds
    assert remove_package_files([certified[0].reference]) == (made.reference,)
