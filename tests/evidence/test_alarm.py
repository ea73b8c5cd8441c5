# SPDX-License-Identifier: Apache-2.0
"""Every alarm about evidence says what is wrong and what to do next."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from comity.evidence.alarm import ALARM_WORDS, Alarm, AlarmKind

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_kind_has_a_title_and_a_remedy(kind: AlarmKind) -> None:
    words = ALARM_WORDS[kind]

    assert words.title
    assert words.remedy.endswith(".")


def test_an_alarm_is_open_until_it_is_closed() -> None:
    alarm = Alarm("EAL-00001", AlarmKind.CUSTODY_GAP, "ITM-00001", {"reason": "gap-noted"}, AT)
    closed = Alarm("EAL-00001", AlarmKind.CUSTODY_GAP, "ITM-00001", {}, AT, closed_at=AT)

    assert alarm.open
    assert not closed.open
    assert json.loads(json.dumps(alarm.as_dict()))["facts"] == {"reason": "gap-noted"}
