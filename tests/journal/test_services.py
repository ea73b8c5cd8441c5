# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.journal import queries, services
from comity.journal.entry import Actor

pytestmark = pytest.mark.django_db
OFFICER = Actor("OFF-NL-1", "treaty-custodian")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_an_act_is_recorded():
    e = services.record(
        "request-sent",
        "REQ-NL-1",
        by=OFFICER,
        at=NOON,
        article="12(3)",
        facts={"state": "sent", "on": "2026-03-01"},
    )
    assert e.sequence == 1
    assert queries.entry(1).digest == e.digest
    r = queries.verify_all()
    assert r.holds, r
