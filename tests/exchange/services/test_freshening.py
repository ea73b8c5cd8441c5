# SPDX-License-Identifier: Apache-2.0
"""What partners are told of our journal is fresh where messages go, and signed by one worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from comity.exchange.services import freshening
from comity.journal import queries as journal
from comity.journal import services
from comity.journal.entry import Actor
from tests.support.exchange import NOON, later

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("southland_node")]
SOON = timedelta(seconds=50)


def grown() -> None:
    with transaction.atomic():
        services.record("desk-opened", "DESK", by=Actor("OFF-1", "auditor"), at=NOON)


def test_an_old_checkpoint_is_followed_by_a_fresh_one_once_the_journal_has_grown():
    assert freshening.make_fresh(at=NOON)
    grown()

    assert not freshening.make_fresh(at=NOON + SOON)
    assert freshening.make_fresh(at=later(minutes=2))
    assert not freshening.make_fresh(at=later(minutes=4))  # nothing was added

    latest = journal.latest_checkpoint()
    assert latest is not None
    assert latest.made_at == later(minutes=2)


def test_a_message_in_its_transaction_never_signs_one(monkeypatch):
    monkeypatch.setattr(freshening, "_freshness", freshening.Freshness())
    monkeypatch.setattr(freshening, "make_fresh", pytest.fail)

    assert connection.in_atomic_block
    freshening.keep_checkpoint_fresh(at=NOON)


def test_a_process_looks_once_in_a_minute(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(freshening, "monotonic", lambda: now)
    freshness = freshening.Freshness()

    assert freshness.is_due()
    now = 1059.0
    assert not freshness.is_due()
    now = 1061.0
    assert freshness.is_due()
