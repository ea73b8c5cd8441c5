# SPDX-License-Identifier: Apache-2.0
"""Taking in a partner's package: verified first, then whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from comity.exchange.evidence import EvidenceKind
from tests.support.exchange import NOON, later

pytestmark = pytest.mark.db


def test_a_package_that_verifies_is_taken_in_with_identity_channel_and_marking(
    southland: Any,
) -> None:
    from comity.evidence import models
    from comity.evidence.queries.items import item_of_identity
    from comity.evidence.services.stated import stated_inside
    from tests.support.evidence_packages import MARKING, a_package, delivered, made_item

    made = a_package()
    answer = delivered(southland, made.write(), at=NOON)

    assert answer.kind is EvidenceKind.RELAYED, answer.reason
    first, second, thing = (item_of_identity(made_item(n).identity) for n in (1, 2, 3))
    assert first is not None
    assert second is not None
    assert thing is not None
    assert first.channels[0].supplier == "XS"
    assert first.channels[0].marking.covers(MARKING)
    assert first.media_type == "text/plain"
    assert second.media_type == "application/pdf"
    assert thing.is_object
    [stated] = stated_inside(first.reference)
    assert stated.head == made.package.statements[0].head
    assert stated.signature == made.package.statements[0].signature
    assert models.Package.objects.get().direction == "in"


def test_what_came_goes_on_with_its_suppliers_own_seal(southland: Any) -> None:
    import io

    from comity.evidence import verify
    from comity.evidence.package import PackageKind
    from comity.evidence.packing import Choice, Wanted
    from comity.evidence.queries.items import item_of_identity
    from comity.evidence.services.items import put_in_case
    from comity.evidence.services.packing import pack
    from comity.evidence.services.stating import certify
    from tests.support.evidence import CUSTODIAN, a_case
    from tests.support.evidence_packages import a_package, delivered, made_item

    made = a_package()
    delivered(southland, made.write(), at=NOON)
    items = [item_of_identity(made_item(n).identity) for n in (1, 2, 3)]
    references = [each.reference for each in items if each is not None]
    for reference in references:
        put_in_case(reference, a_case(officers=(CUSTODIAN,)), by=CUSTODIAN, at=later(hours=1))
    certify(references, by=CUSTODIAN, at=later(hours=1))
    sink = io.BytesIO()
    wanted = Wanted(PackageKind.COURT, tuple(map(Choice, references)), "Court")
    pack(wanted, sink, by=CUSTODIAN, at=later(hours=2))

    report, container = verify.verify(sink), verify.Container(sink)
    assert report.holds, report.as_text()
    assert container.read("statements/0001/head.json") == made.package.statements[0].head
    proved = [each for each in report.findings if each.step == 8 and each.state == verify.HOLDS]
    assert len(proved) == 6  # each item by its supplier's statement, and by ours
    assert container.read("items/0002/pages/00001.png")
    acts = {each.facts["act"] for each in report.findings if each.step == 11}
    assert acts == {"statement-kept", "statement-certified"}


def test_the_same_item_once_more_is_a_further_channel(southland: Any) -> None:
    from comity.evidence.queries.items import item_of_identity
    from tests.support.evidence_packages import a_package, delivered, made_item

    for hour in (0, 1):
        made = a_package(items=(made_item(1),), withheld={})
        assert delivered(southland, made.write(), at=later(hours=hour)).kind is EvidenceKind.RELAYED

    item = item_of_identity(made_item(1).identity)
    assert item is not None
    assert [channel.number for channel in item.channels] == [1, 2]


def test_a_package_that_was_altered_is_refused_with_an_evidence_and_leaves_nothing(
    southland: Any,
) -> None:
    from comity.evidence import models
    from tests.support.evidence_packages import a_package, delivered

    content = bytearray(a_package().write())
    content[content.index(b"invoice\n")] ^= 1
    answer = delivered(southland, bytes(content), at=NOON)

    assert answer.kind is EvidenceKind.REFUSED
    assert answer.reason is not None
    assert answer.reason.facts == {"error": "package-refused"}
    assert not models.Item.objects.exists()
    assert not models.SealedStatement.objects.exists()
