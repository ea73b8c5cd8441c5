# SPDX-License-Identifier: Apache-2.0
"""What the node's measures say of evidence: how many of each kind wait, and nothing of an item."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from comity import clock
from comity.accounts.permissions import Role
from comity.evidence import models
from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import CustodyWords
from comity.evidence.services import handing_over
from comity.evidence.services.alarms import raise_alarm
from comity.server.node.evidence_state import evidence_state
from tests.support.evidence import AT, CUSTODIAN, an_item, an_object
from tests.support.officers import registered

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("evidence_home")]


def state():
    connection.ensure_connection()
    return evidence_state(connection.connection)


def test_what_waits_is_counted_by_kind_and_by_whose_it_is() -> None:
    empty = state()
    assert (empty.alarms, empty.overdue) == ({}, {"us": 0, "partner": 0})
    item, seal = an_item(title="A. Person's ledger"), an_object()
    raise_alarm(AlarmKind.CUSTODY_GAP, item=item.reference, at=AT)
    row, today = models.Item.objects.get(reference=item.reference), clock.today()
    for number, (ours, due) in enumerate([(True, -1), (True, 1), (False, -3)], start=1):
        models.Duty.objects.create(
            reference=f"DTY-{number:05}", item=row, code="feedback-on-use", debtor="holder",
            ours=ours, counterpart="XS", due_on=today + timedelta(days=due), discharge="report",
            opened_on=AT.date(), source=f"USE-{number:05}", treaty_deadline=False,
        )  # fmt: skip
    taker = registered(Role.EVIDENCE_CUSTODIAN, own_password=False, second_factor=False)
    handing_over.propose(
        seal.reference, officer=taker.reference, by=CUSTODIAN, at=AT,
        words=CustodyWords("Northport"),
    )  # fmt: skip
    said = {"item": row, "identity": row.identity, "recorded_by": "EVIDENCE", "recorded_at": AT}
    recall = models.Recall.objects.create(
        **said, reference="RCL-00001", recall=uuid.uuid4(), demand="delete",
        ground="supplied-in-error", origin="XS", asked_by="XS", answer_by=AT.date(),
    )  # fmt: skip
    models.RecallHolder.objects.create(
        recall=recall, partner="XE", identifier=uuid.uuid4(), asked_at=AT
    )

    found = state()

    assert found.alarms == {AlarmKind.CUSTODY_GAP.value: 1}
    assert found.overdue == {"us": 1, "partner": 1}
    assert found.hand_overs == {"us": 1, "partner": 0}
    assert found.recalls == {"us": 1, "partner": 1}
    assert "ITM" not in str(found)
