# SPDX-License-Identifier: Apache-2.0
"""Which list a page of two lists opens on, and what it shows of it."""

from __future__ import annotations

from datetime import date

import pytest

from comity.evidence.pages import duties, recalls

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
    monkeypatch.setattr(recalls.queries, "recalls", lambda *, ours, today: kept[ours])

    found, of_theirs = recalls._asked_for(show, TODAY)

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
    monkeypatch.setattr(duties, "calendar", lambda *, ours: kept[ours])

    assert duties._asked_for(show) == (kept[opens == "ours"], opens)
