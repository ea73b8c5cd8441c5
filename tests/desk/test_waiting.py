# SPDX-License-Identifier: Apache-2.0
"""What waits for an officer stands in the column of its urgency."""

from __future__ import annotations

from datetime import date

from comity.desk.waiting import Item, by_urgency

TODAY = date(2026, 3, 2)


def item(reference: str, due: date | None = None) -> Item:
    return Item("A confirmation waits for a countersignature", reference, "/x/", due)


def test_what_was_due_yesterday_is_overdue_and_what_is_due_today_is_not():
    waiting = by_urgency([item("A", date(2026, 3, 1)), item("B", TODAY)], on=TODAY)

    assert [i.reference for i in waiting.overdue] == ["A"]
    assert [i.reference for i in waiting.this_week] == ["B"]


def test_a_week_ends_on_its_seventh_day():
    waiting = by_urgency([item("A", date(2026, 3, 9)), item("B", date(2026, 3, 10))], on=TODAY)

    assert [i.reference for i in waiting.this_week] == ["A"]
    assert waiting.new == ()


def test_what_has_no_date_is_new():
    assert [i.reference for i in by_urgency([item("A")], on=TODAY).new] == ["A"]


def test_the_most_urgent_comes_first():
    late, later = item("B", date(2026, 2, 1)), item("A", date(2026, 2, 20))

    assert by_urgency([later, late], on=TODAY).overdue == (late, later)


def test_an_empty_desk_says_so():
    assert by_urgency([], on=TODAY).nothing
    assert not by_urgency([item("A")], on=TODAY).nothing
