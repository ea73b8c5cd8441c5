# SPDX-License-Identifier: Apache-2.0
"""What a node knows of the law is one object for as long as nothing was added."""

from __future__ import annotations

import pytest

from comity.accounts.permissions import Role
from comity.agreements.queries import known_law, overlay
from comity.agreements.services import countersign_confirmation, draft_confirmation
from tests.support.node_register import MONDAY, TUESDAY, confirmation_draft

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def test_it_is_read_anew_when_a_confirmation_takes_effect(small_register, officer):
    before = known_law()
    assert known_law() is before

    draft = draft_confirmation(confirmation_draft(), by=officer(Role.TREATY_CUSTODIAN), at=MONDAY)
    countersign_confirmation(
        draft.reference, version=draft.version, by=officer(Role.LEGAL_ADVISER), at=TUESDAY
    )

    after = known_law()
    assert after is not before
    assert before.overlay.confirmations == ()
    assert after.overlay == overlay()
    assert [c.reference for c in after.overlay.confirmations] == [draft.reference]
    assert after.register is small_register
