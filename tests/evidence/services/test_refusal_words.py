# SPDX-License-Identifier: Apache-2.0
"""What the door out says where it refuses: whole sentences, whoever it was that refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.agreements.verdict import Verdict
from comity.evidence.services import way_out
from comity.evidence.services.way_out import NotLetOutError
from comity.evidence.way_out import Let, Refusal, WayOut
from comity.handling.marking import NOTHING

REFUSED = Let(
    item="ITM-00005",
    way=WayOut.PACKAGE,
    permitted=False,
    verdict=Verdict.PERSON_MUST_DECIDE,
    channel=None,
    determination=None,
    reason=None,
    decision="DEC-00001",
    marking=NOTHING,
)


@pytest.mark.parametrize(
    ("let", "ends"),
    [
        (REFUSED, "A person must decide."),
        (
            replace(REFUSED, reason=Refusal.USE_RULE),
            "A person must decide. Its supplier set a rule for this purpose.",
        ),
    ],
)
def test_a_refusal_ends_with_a_full_stop(let, ends) -> None:
    with pytest.raises(NotLetOutError) as refused:
        way_out.description(let)

    assert str(refused.value).strip() == f"ITM-00005 may not be packed: {ends}"
