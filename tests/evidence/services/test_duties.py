# SPDX-License-Identifier: Apache-2.0
"""A hundred duties live through their days under a clock of the test, each step journalled once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta

import pytest

from comity.agreements.assessment import Debtor, Obligation
from comity.evidence import models
from comity.evidence.obligation import Discharge, DutyEndedError, DutyState, UnknownDutyError
from comity.evidence.queries import registers
from comity.evidence.queries.obligations import calendar, falling_due
from comity.evidence.queries.registers import Register, assurances, assured_by
from comity.evidence.queries.retention import (
    SCHEDULE,
    ScheduleUnreadableError,
    due_of,
    retention_due,
)
from comity.evidence.services import duties, retaining
from comity.evidence.services.disclosing import (
    BreachKnownError,
    record_assurance,
    record_breach,
)
from comity.journal.queries import all_entries
from tests.support.evidence import an_item, supplied
from tests.support.evidence_partners import PROSECUTOR, UNIT_HEAD
from tests.support.exchange import NOON, later

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TODAY = NOON.date()


def duty(due_on: date, discharge: str = "report") -> Obligation:
    return Obligation(
        "feedback-on-use",
        Debtor.HOLDER,
        trigger="act",
        due="by-date",
        discharge=discharge,
        instrument="xn-xs-2020",
        article="12",
        by=due_on,
    )


def opened(row, number: int, due_on: date) -> None:
    args = {"source": f"USE-{number:05d}", "counterpart": "XS", "on": TODAY}
    for _ in range(2):
        duties._open_duties(row, [duty(due_on)], **args)


def acts() -> Counter[str]:
    return Counter(entry.act for entry in all_entries() if entry.act.startswith("duty-"))


def test_a_hundred_duties_are_each_opened_warned_of_and_ended_once(evidence_home):
    row = models.Item.objects.get(reference=an_item().reference)
    for number in range(100):
        opened(row, number, TODAY + timedelta(days=1 + number % 30))

    for day in range(45):
        duties.watch(at=later(days=day))
        duties.watch(at=later(days=day))
        if day == 20:
            duties._end_duties(row, Discharge.REPORT, "CRT-00001", at=later(days=day))

    states = Counter(one.state for one in calendar(item=row.reference, ended=True))
    late = sum(1 for number in range(100) if 1 + number % 30 < 20)
    assert states == {DutyState.DISCHARGED_LATE: late, DutyState.DISCHARGED: 100 - late}
    assert acts() == {
        "duty-overdue": late,
        "duty-falling-due": sum(1 for number in range(100) if 1 + number % 30 - 7 <= 20),
    }


def test_the_calendar_names_whose_when_why_and_how(evidence_home):
    row = models.Item.objects.get(reference=an_item().reference)
    opened(row, 1, TODAY + timedelta(days=10))
    opened(row, 2, TODAY + timedelta(days=100))

    [due] = falling_due(TODAY)
    assert (due.ours, due.counterpart, due.instrument, due.article, due.discharge) == (
        True,
        "XS",
        "xn-xs-2020",
        "12",
        "report",
    )
    assert (due.days_left(TODAY), due.treaty_deadline, due.source) == (10, False, "USE-00001")
    assert len(calendar()) == 2

    done = duties.discharge_duty(due.reference, "LETTER-7", by=PROSECUTOR, at=NOON)
    assert (done.state, done.discharged_by) == (DutyState.DISCHARGED, "LETTER-7")
    with pytest.raises(DutyEndedError):
        duties.discharge_duty(due.reference, "", by=PROSECUTOR, at=NOON)
    with pytest.raises(UnknownDutyError):
        duties.discharge_duty("DTY-99999", "", by=PROSECUTOR, at=NOON)


def test_an_item_is_due_by_the_schedule_of_the_administration_or_its_suppliers_day(evidence_home):
    ours, theirs = an_item(), an_item(b"theirs", channel=supplied(), return_by=date(2026, 5, 1))
    line = {"code": "ENQ", "months": 24, "runs_from": "receipt", "source": "Act 7, s 3"}
    (evidence_home / SCHEDULE).write_text(json.dumps([line]))

    assert due_of(theirs.reference).on == date(2026, 5, 1)
    found = retention_due(date(2028, 4, 1))
    assert [(one.item, one.rule, one.source) for one in found] == [
        (theirs.reference, "", ""),
        (ours.reference, "ENQ", "Act 7, s 3"),
    ]
    assert retaining.note_due(at=NOON) == 0
    soon = later(days=58)
    assert [retaining.note_due(at=soon), retaining.note_due(at=soon)] == [1, 0]
    [line] = falling_due(soon.date())
    assert (line.item, line.due_on, line.code) == (theirs.reference, date(2026, 5, 1), "destroy-by")


def test_a_schedule_that_is_none_is_an_error_and_never_no_schedule(evidence_home):
    an_item()
    (evidence_home / SCHEDULE).write_text("{}")

    with pytest.raises(ScheduleUnreadableError):
        retention_due(TODAY)


def test_a_breach_of_an_assurance_is_known_to_whoever_releases_next(evidence_home):
    by = {"by": UNIT_HEAD, "at": NOON}
    assert assured_by("XS") == (None, None)
    given = record_assurance("XS", "In confidence.", ours=False, **by)
    assert assured_by("XS") == (True, False)

    record_breach(given.reference, TODAY, "It was in a newspaper.", **by)

    assert assured_by("XS") == (True, True)
    assert [one.reference for one in assurances(breached=True)] == [given.reference]
    with pytest.raises(BreachKnownError):
        record_breach(given.reference, TODAY, **by)


@pytest.mark.parametrize("register", Register)
def test_every_register_is_exported_as_a_table_and_as_json(evidence_home, register):
    an_item(channel=supplied())
    record_assurance("XS", "In confidence.", ours=True, by=UNIT_HEAD, at=NOON)

    rows = json.loads(registers.as_json(register))["rows"]
    lines = registers.as_csv(register).splitlines()

    assert len(lines) == (len(rows) + 1 if rows else 0)
    assert "In confidence" not in registers.as_csv(register)
