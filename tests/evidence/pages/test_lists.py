# SPDX-License-Identifier: Apache-2.0
"""Which list a page of two lists opens on, whom it names, and what no form asks twice."""

from __future__ import annotations

from datetime import date
from inspect import unwrap
from types import SimpleNamespace

import pytest
from django.utils import translation

from comity.agreements.queries import own_administration
from comity.evidence.forms.using import ConsentForm, NoticeForm, UseForm
from comity.evidence.pages import conditions, duties, recalls, telling
from comity.handling.marking import Marking

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("show", "ours", "theirs", "opens"),
    [
        ("", "", "", "theirs"),
        ("", "a", "", "ours"),
        ("", "a", "b", "theirs"),
        ("ours", "", "b", "ours"),
        ("theirs", "a", "", "theirs"),
    ],
)
def test_recalls_open_on_the_list_that_has_any(monkeypatch, show, ours, theirs, opens) -> None:
    kept = {True: tuple(ours), False: tuple(theirs)}
    monkeypatch.setattr(recalls.queries, "recalls", lambda *, ours, today, officer: kept[ours])

    found, of_theirs = recalls._asked_for(show, TODAY, "")

    assert ("theirs" if of_theirs else "ours") == opens
    assert found == kept[not of_theirs]


@pytest.mark.parametrize(
    ("show", "ours", "theirs", "opens"),
    [
        ("", "", "", "ours"),
        ("", "", "b", "theirs"),
        ("", "a", "b", "ours"),
        ("ours", "", "b", "ours"),
        ("theirs", "a", "", "theirs"),
    ],
)
def test_obligations_open_on_the_list_that_has_any(monkeypatch, show, ours, theirs, opens) -> None:
    kept = {True: tuple(ours), False: tuple(theirs)}
    monkeypatch.setattr(duties, "calendar", lambda *, ours, officer: kept[ours])

    assert duties._asked_for(show, "") == (kept[opens == "ours"], opens)


def test_a_machine_is_named_as_what_it_is() -> None:
    assert telling.officer("EVIDENCE") == "this node"
    assert telling.author("EVIDENCE", own_administration()) == "this node"
    assert telling.author("EVIDENCE", "ZZ") == "the node of ZZ"


@pytest.mark.parametrize("form", [UseForm, NoticeForm, ConsentForm])
def test_what_an_item_is_wanted_for_is_asked_once(form) -> None:
    hidden = {each.name for each in form(initial={"purpose": "PUBLIC"}).hidden_fields()}

    assert hidden >= {"purpose", "proceeding"}


@pytest.mark.parametrize(
    ("language", "day"), [("en", "22 December 2026"), ("fr", "22 décembre 2026")]
)
def test_what_is_laid_on_an_item_writes_its_day_in_the_language_of_the_reader(language, day):
    marking = Marking(return_or_destroy_by=date(2026, 12, 22), personal_data=False)

    with translation.override(language):
        (said,) = conditions.laid(marking, words=True)

    assert day in said


def test_the_calendar_file_holds_no_duty_of_an_item_that_is_not_let_out(monkeypatch) -> None:
    day = date(2026, 12, 31)
    owed = [
        SimpleNamespace(reference=f"OBL-{i}", item=f"ITM-{i}", code="x", due_on=day) for i in "12"
    ]
    monkeypatch.setattr(duties, "calendar", lambda: owed)
    monkeypatch.setattr(duties, "officer_of", lambda user: user)
    lets = [SimpleNamespace(permitted=False), SimpleNamespace(permitted=True)]
    asked = []
    monkeypatch.setattr(
        duties.way_out, "let_out", lambda items, way, *, by, at: asked.append(items) or lets
    )

    answer = unwrap(duties.save)(SimpleNamespace(user=None, method="GET"))

    assert asked == [["ITM-1", "ITM-2"]]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"OBL-2" in answer.content
    assert b"OBL-1" not in answer.content
