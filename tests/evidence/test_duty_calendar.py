# SPDX-License-Identifier: Apache-2.0
"""Obligations for the calendar of another program: what stands in the file, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from comity.agreements.assessment import Debtor
from comity.evidence.duty_calendar import LONGEST_LINE, calendar_file
from comity.evidence.obligation import Duty, DutyState

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
RETURN = Duty(
    reference="OBL-00003",
    item="ITM-00001",
    code="return",
    debtor=next(iter(Debtor)),
    ours=True,
    counterpart="XS",
    due_on=date(2026, 12, 31),
    treaty_deadline=True,
    instrument="xn-xs-2020",
    article="9",
    discharge="return",
    state=DutyState.OPEN,
    opened_on=date(2026, 11, 1),
    source="USE-00001",
)


def test_a_duty_is_a_whole_day_with_its_reference_and_kind_and_nothing_else() -> None:
    said = calendar_file([RETURN], lambda code: f"give it back, {code}; soon", at=AT)

    assert said == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Comity//Obligations//EN\r\n"
        "BEGIN:VEVENT\r\nUID:OBL-00003@comity\r\nDTSTAMP:20261122T080000Z\r\n"
        "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"
        "SUMMARY:OBL-00003 · give it back\\, return\\; soon\r\nTRANSP:TRANSPARENT\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_what_has_no_day_is_left_out() -> None:
    assert "VEVENT" not in calendar_file([replace(RETURN, due_on=None)], str, at=AT)


def test_a_long_line_is_folded_between_signs() -> None:
    kind = "é" * 100

    said = calendar_file([RETURN], lambda code: kind, at=AT)

    assert max(len(line.encode()) for line in said.split("\r\n")) <= LONGEST_LINE
    assert kind in said.replace("\r\n ", "")
