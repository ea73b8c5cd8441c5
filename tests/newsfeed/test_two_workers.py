# SPDX-License-Identifier: Apache-2.0
"""Two workers at the same time, in real transactions: what is announced is proposed once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection

from comity.accounts.officer import OPERATOR
from comity.agreements import queries as agreements
from comity.newsfeed import queries, services
from comity.newsfeed.records import SourceDraft, TakenIn
from tests.support.exercise_news import MONDAY, release

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]

NORTH, SOUTH = "exercise-north", "exercise-south"
LINES = ("EXERCISE cmaa signed FJ,US 2025-06-01", "EXERCISE mra signed FJ,US 2025-06-01")


@pytest.fixture
def node(exercises, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, administration="US")
    agreements.register()
    for code in (NORTH, SOUTH):
        draft = SourceDraft(code, code, f"https://{code}.example/feed")
        services.add_source(draft, by=OPERATOR, at=MONDAY)


def at_once(*acts: Callable[[], TakenIn]) -> list[TakenIn]:
    """What the acts give that begin at the same moment, each in a thread of its own."""
    ready, results = threading.Barrier(len(acts)), []

    def do(act: Callable[[], TakenIn]) -> None:
        ready.wait()
        try:
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_feed_taken_in_twice_at_once_is_kept_and_proposed_once(node):
    feed = [release(*LINES, guid=f"g-{number}") for number in range(5)]

    results = at_once(*[lambda: services.take_in(feed, NORTH, MONDAY)] * 3)

    assert sum(taken.new for taken in results) == 5
    assert sum(taken.proposed for taken in results) == 2
    assert not any(taken.broken for taken in results)
    assert len(queries.releases().rows) == 5


def test_two_sources_that_announce_the_same_at_once_make_one_card_of_each_fact(node):
    ours, theirs = release(*LINES, guid="ours"), release(*reversed(LINES), guid="theirs")

    results = at_once(
        lambda: services.take_in([ours], NORTH, MONDAY),
        lambda: services.take_in([theirs], SOUTH, MONDAY),
    )

    assert sum(taken.proposed for taken in results) == 2
    assert sum(taken.joined for taken in results) == 2
    assert not any(taken.broken for taken in results)
    assert queries.cards_waiting() == 2
