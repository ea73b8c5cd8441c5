# SPDX-License-Identifier: Apache-2.0
"""A node with the shipped register, officers, and a reader of the exercise's lines."""

from __future__ import annotations

import pytest

from tests.agreements.conftest import browser_of, officer, quick_passwords, shipped_register

__all__ = ["browser_of", "officer", "quick_passwords", "shipped_register"]


@pytest.fixture
def exercises(monkeypatch: pytest.MonkeyPatch) -> None:
    """The node reads the lines of the training exercise instead of sentences."""
    from tests.support.exercise_news import read_exercises_only

    read_exercises_only(monkeypatch)


@pytest.fixture
def sources(officer: object) -> tuple[str, str]:
    """Two made-up sources of this node: ours and a partner's."""
    from comity.accounts.officer import OPERATOR
    from comity.newsfeed import services
    from comity.newsfeed.records import SourceDraft
    from tests.support.exercise_news import MONDAY

    for code, title in (("exercise-north", "Northland"), ("exercise-south", "Southland")):
        draft = SourceDraft(code, f"{title} press office", f"https://{code}.example/feed")
        services.add_source(draft, by=OPERATOR, at=MONDAY)
    return "exercise-north", "exercise-south"
