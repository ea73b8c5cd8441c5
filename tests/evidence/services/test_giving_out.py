# SPDX-License-Identifier: Apache-2.0
"""What is given out is decided on only where the rest may go as well."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from comity.agreements.question import Recipient
from comity.agreements.verdict import Verdict
from comity.evidence.services import giving_out
from comity.evidence.services.giving_out import Gift
from tests.support.evidence import AT, UNIT_HEAD

PERSON = Verdict.PERSON_MUST_DECIDE


@pytest.mark.parametrize(
    ("verdicts", "decided"),
    [
        ((Verdict.PERMITTED, PERSON), ["ITM-00002"]),
        ((PERSON, PERSON), ["ITM-00001", "ITM-00002"]),
        ((PERSON, Verdict.PROHIBITED), []),
    ],
)
def test_nothing_is_decided_where_another_item_stays(
    monkeypatch: pytest.MonkeyPatch, verdicts: tuple[Verdict, ...], decided: list[str]
) -> None:
    found = [
        SimpleNamespace(
            reference=f"ITM-0000{number}",
            use="a court",
            weighed=SimpleNamespace(verdict=each, permitted=each is Verdict.PERMITTED),
        )
        for number, each in enumerate(verdicts, start=1)
    ]
    done: list[str] = []

    def decide_on_use(item: str, use: object, **more: Any) -> None:
        done.append(item)

    monkeypatch.setattr(giving_out, "decide", lambda *given, **more: found)
    monkeypatch.setattr(giving_out, "decide_on_use", decide_on_use)

    gift = Gift(Recipient.COURT, decide="The court asked for it.")
    giving_out._decide([each.reference for each in found], gift, by=UNIT_HEAD, at=AT)

    assert done == decided
