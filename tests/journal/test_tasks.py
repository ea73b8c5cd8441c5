# SPDX-License-Identifier: Apache-2.0
"""What the journal came to is signed by the clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity import clock
from comity.accounts import services as accounts
from comity.journal import queries, tasks

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def test_the_journal_is_signed_up_to_its_last_act(tmp_path, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    accounts.register_first_administrator(at=clock.now())

    tasks.sign_checkpoint()

    latest = queries.latest_checkpoint()
    assert latest is not None
    assert latest.size == queries.head().size
