# SPDX-License-Identifier: Apache-2.0
"""Certifying many items at once: all or none, each with its custody, and no slower for the many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.evidence.custody import CustodyAct
from comity.evidence.item import Channel
from comity.handling.marking import NOTHING
from tests.support.evidence import CUSTODIAN, an_object
from tests.support.exchange import NOON

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("northland")]

OURS = Channel(number=1, supplier="", marking=NOTHING)


def things(count: int) -> list[str]:
    return [an_object(at=NOON, channel=OURS).reference for _ in range(count)]


def test_as_many_statements_certify_many_items_as_one() -> None:
    from comity.evidence.services.stating import certify

    certify(things(1), by=CUSTODIAN, at=NOON)  # the seal is made with the first
    alone, together = things(1), things(6)

    with CaptureQueriesContext(connection) as one:
        certify(alone, by=CUSTODIAN, at=NOON)
    with CaptureQueriesContext(connection) as six:
        certify(together, by=CUSTODIAN, at=NOON)

    assert len(six) == len(one)


def test_each_of_many_certified_at_once_has_its_custody_and_its_line_in_the_journal() -> None:
    from comity.evidence.queries.custody import custodies
    from comity.evidence.services.stating import certify
    from comity.journal.queries import entries_about, verify_all

    items = things(3)

    made = certify(items, by=CUSTODIAN, at=NOON)

    for reference, custody in custodies(items).items():
        assert custody.holds
        assert custody.events[-1].act is CustodyAct.CERTIFIED
        assert custody.events[-1].counterpart == made.reference
        told = {entry.facts.get("digest") for entry in entries_about(reference)}
        assert custody.events[-1].digest in told
    assert verify_all().holds


def test_one_item_that_cannot_be_certified_keeps_the_others_from_it() -> None:
    from comity.evidence import models
    from comity.evidence.services.custody import NewAct, record_by_hand
    from comity.evidence.services.stating import NotCertifiableError, certify

    items = things(3)
    record_by_hand(items[1], NewAct(CustodyAct.GAP_NOTED), by=CUSTODIAN, at=NOON)

    with pytest.raises(NotCertifiableError, match=items[1]):
        certify(items, by=CUSTODIAN, at=NOON)

    assert not models.SealedStatement.objects.exists()
    assert not models.CustodyEvent.objects.filter(act=CustodyAct.CERTIFIED).exists()


def test_an_item_that_moved_on_while_it_was_read_keeps_the_others_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from comity.evidence import models
    from comity.evidence.services import seals, stating
    from comity.evidence.services.custody import NewAct, record_by_hand

    items, seal = things(2), seals.seal_files

    def sealed_meanwhile(*given: object, **named: object) -> object:
        record_by_hand(items[1], NewAct(CustodyAct.OPENED), by=CUSTODIAN, at=NOON)
        return seal(*given, **named)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(seals, "seal_files", sealed_meanwhile)

    with pytest.raises(stating.CustodyMovedOnError, match=items[1]):
        stating.certify(items, by=CUSTODIAN, at=NOON)

    assert not models.SealedStatement.objects.exists()
