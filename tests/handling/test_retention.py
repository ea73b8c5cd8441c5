# SPDX-License-Identifier: Apache-2.0
"""A schedule of terms as data, and the day on which an item falls due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from comity.errors import InvalidInputError
from comity.handling.marking import Marking
from comity.handling.retention import Kept, RunsFrom, months_after, read_schedule
from comity.reference.taxonomy import InformationClass, Purpose

RECEIVED, CLOSED = date(2026, 1, 31), date(2026, 6, 30)
DAYS = {RunsFrom.RECEIPT: RECEIVED, RunsFrom.CASE_CLOSED: CLOSED}
GENERAL = {"code": "ten", "months": 120, "runs_from": "case-closed", "source": "Archive Act s 4"}
PERSONAL = {
    "code": "persons",
    "months": 13,
    "runs_from": "receipt",
    "source": "Data Act s 9",
    "personal_data": True,
}


def kept(**more: Any) -> Kept:
    return Kept(**({"marking": Marking(personal_data=False), "days": DAYS} | more))


def test_a_term_runs_in_months_and_ends_on_the_last_day_of_a_shorter_one() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(RECEIVED, 0) == RECEIVED


def test_the_earliest_of_all_days_counts_and_says_by_which_text() -> None:
    schedule = read_schedule([GENERAL, PERSONAL])

    assert schedule.due(kept()).on == date(2036, 6, 30)
    unknown = schedule.due(kept(marking=Marking()))
    assert (unknown.on, unknown.rule.code) == (date(2027, 2, 28), "persons")
    supplier = schedule.due(kept(marking=Marking(return_or_destroy_by=date(2026, 8, 1))))
    assert (supplier.on, supplier.rule) == (date(2026, 8, 1), None)
    assert schedule.due(kept(return_by=date(2026, 7, 1))).on == date(2026, 7, 1)


def test_no_term_runs_from_a_day_that_is_not_known() -> None:
    assert read_schedule([GENERAL]).due(kept(days={})) is None


def test_a_line_speaks_of_its_classes_purposes_and_suppliers_alone() -> None:
    line = GENERAL | {"classes": ["NII_IMAGE"], "purposes": ["STATISTICS"], "suppliers": ["XS"]}
    schedule = read_schedule([line])
    image = Marking(classes=frozenset({InformationClass.NII_IMAGE}))
    south = {"marking": image, "suppliers": frozenset({"XS"})}

    assert schedule.due(kept(**south, purpose=Purpose.STATISTICS)) is not None
    assert schedule.due(kept(**south)) is not None  # a purpose that nobody stated may be this
    assert schedule.due(kept(**south, purpose=Purpose.PUBLIC)) is None
    assert schedule.due(kept(marking=image)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"code": ""},
        {"months": -1},
        {"months": True},
        {"months": "12"},
        {"runs_from": "birth"},
        {"source": " "},
        {"classes": ["ODD"]},
        {"personal_data": False},
        {"colour": "red"},
    ],
)
def test_an_odd_line_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        read_schedule([GENERAL | change])


def test_two_lines_of_one_code_are_refused() -> None:
    with pytest.raises(InvalidInputError):
        read_schedule([GENERAL, GENERAL])
