# SPDX-License-Identifier: Apache-2.0
"""Who takes a destruction list back, and whose holds and recalls a page shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from comity.evidence.lifetime import DestructionGround, DisclosedTo, HoldGround, ListState
from comity.evidence.queries.lifetime import destruction_list
from comity.evidence.recall import Demand, Ground
from comity.evidence.services import destroying, holding, recalling
from comity.evidence.services.disclosing import record_disclosure
from comity.evidence.services.rows import EVIDENCE
from tests.agreements.conftest import browser_of, officer, quick_passwords
from tests.support.evidence import CASE_OFFICER, UNIT_HEAD, a_case, an_item
from tests.support.evidence_partners import LEGAL_ADVISER
from tests.support.exchange import NOON

__all__ = ["browser_of", "officer", "quick_passwords"]
pytestmark = [pytest.mark.db, pytest.mark.django_db]


def test_whoever_drafted_a_list_takes_it_back(
    evidence_home, officer: Callable[..., Officer], browser_of: Callable[..., Client]
) -> None:
    ground = {an_item().reference: DestructionGround.RECALLED}
    made = destroying.draft(ground, by=officer(Role.UNIT_HEAD), at=NOON)

    browser_of(Role.UNIT_HEAD).post(reverse("evidence:withdraw-destruction", args=[made.reference]))

    assert destruction_list(made.reference).state is ListState.WITHDRAWN


def test_holds_and_recalls_in_a_case_of_others_are_not_shown(
    southland, browser_of: Callable[..., Client]
) -> None:
    item = an_item(case=a_case(officers=(CASE_OFFICER,))).reference
    record_disclosure([item], DisclosedTo.PARTNER, "XS", source="PKG-00001", by=EVIDENCE, at=NOON)
    hold = holding.place_hold(
        HoldGround.PROCEEDING, "Of Mr Novak.", by=LEGAL_ADVISER, at=NOON, item=item
    )
    recall = recalling.recall(item, Demand.DELETE, Ground.INACCURATE, by=UNIT_HEAD, at=NOON)
    page = reverse("evidence:recall", args=[recall.reference])

    for role, status in ((Role.AUDITOR, 200), (Role.PROSECUTOR, 404)):
        browser = browser_of(role)
        listed = browser.get(reverse("evidence:holds")).content.decode()
        assert (hold.reference in listed, browser.get(page).status_code) == (status == 200, status)
