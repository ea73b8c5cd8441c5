# SPDX-License-Identifier: Apache-2.0
"""The one door out, with the database: what is let out, what opens, what is recorded."""

from __future__ import annotations

import pytest

from comity.evidence.services.way_out import NotLetOutError, content, description, let_out
from comity.evidence.way_out import Refusal, WayOut
from tests.support.evidence import AT, CASE_OFFICER, CONTENT, a_case, an_item, supplied

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("evidence_home")]


def test_our_own_item_is_read_by_whoever_works_on_its_case() -> None:
    item = an_item(case=a_case())

    (let,) = let_out([item.reference], WayOut.PAGE, by=CASE_OFFICER, at=AT)

    assert let.permitted
    assert description(let).title == "List of consignments"
    with content(let) as opened:
        assert opened.read() == CONTENT


def test_what_was_supplied_without_a_known_basis_stays_closed() -> None:
    item = an_item(case=a_case(), channel=supplied(instrument="no-such"))

    (let,) = let_out([item.reference], WayOut.PAGE, by=CASE_OFFICER, at=AT)

    assert not let.permitted
    assert let.reason is Refusal.EVALUATION_ERROR
    with pytest.raises(NotLetOutError):
        description(let)
    with pytest.raises(NotLetOutError):
        content(let)
