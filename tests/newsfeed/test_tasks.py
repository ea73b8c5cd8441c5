# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from comity.accounts.officer import OPERATOR
from comity.newsfeed import queries, services, tasks
from comity.newsfeed.fetching import SourceGoneError, Visitor
from comity.newsfeed.records import NoAddressError, SourceDraft, SourceState
from comity.newsfeed.services.fetching import SourceUnreadableError
from comity.outbound import Policy
from comity.outbound.addresses import OutboundOffError
from comity.outbound.visit import RefusedByServerError
from comity.server.wiring import TASKS
from tests.support.exercise_news import MONDAY
from tests.support.web_server import Web, web_server

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db,
    pytest.mark.usefixtures("exercises", "shipped_register"),
]

HOME = "exercise-home"
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Training exercise",
    "items": [
        {
            "id": "exercise-1",
            "title": "Training exercise: a signature",
            "content_text": "EXERCISE cmaa signed FJ,US 2025-06-01",
            "date_published": "2026-03-01T08:00:00Z",
        }
    ],
}
HOUR = timedelta(hours=1)


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as running:
        yield running


@pytest.fixture
def node(web, settings, monkeypatch):
    """A node that may ask this machine, with one source there."""
    settings.OUTBOUND = Policy(private=True)
    patient = Visitor(policy=settings.OUTBOUND, pause=lambda _: None)
    monkeypatch.setattr("comity.newsfeed.services.fetching.visitor", lambda _: patient)
    address = web.gives("/feed.json", json.dumps(FEED).encode(), ETag='"one"')
    draft = SourceDraft(HOME, "Home press office", address, administration="US")
    return services.add_source(draft, by=OPERATOR, at=MONDAY)


def health():
    return queries.source(HOME).health


def test_what_is_due_is_read_and_waits_for_a_decision(node, stop_time):
    stop_time(2026, 3, 2, 9)

    tasks.fetch_due()

    (card,) = queries.cards().rows
    assert card.change.instrument == "us-fj-2025"
    assert card.release.article.publisher == "US"
    now = health()
    assert (now.state, now.failures, now.problem) == (SourceState.HEALTHY, 0, None)
    assert now.read_at == now.changed_at == MONDAY
    assert now.due_at == MONDAY + HOUR


def test_a_source_is_left_in_peace_until_it_is_due(node, web):
    assert services.fetch_due(MONDAY) == 1
    asked = len(web.asked)

    assert services.fetch_due(MONDAY + HOUR / 2) == 0
    assert len(web.asked) == asked
    assert services.fetch_due(MONDAY + HOUR) == 1
    assert web.asked[-1].headers["if-none-match"] == '"one"'


def test_the_word_that_nothing_is_new_counts_as_read(node, web):
    services.fetch(HOME, MONDAY)
    web.gives("/feed.json", status=304)

    taken = services.fetch(HOME, MONDAY + HOUR)

    assert taken.not_modified
    assert health().read_at == MONDAY + HOUR
    assert health().changed_at == MONDAY


def test_a_failure_is_in_the_health_and_the_next_visit_is_later(node, web):
    web.gives("/feed.json", b"broken", status=500)

    assert services.fetch_due(MONDAY) == 1
    assert services.fetch_due(MONDAY + HOUR) == 1

    now = health()
    assert (now.state, now.failures) == (SourceState.FAILING, 2)
    assert now.problem.code == RefusedByServerError.code
    assert "500" in now.problem.said("fr")
    assert now.due_at == MONDAY + 3 * HOUR
    with pytest.raises(RefusedByServerError):
        services.fetch(HOME, MONDAY + HOUR)


def test_a_failing_source_does_not_keep_the_others_from_being_read(node, web):
    web.gives("/gone.json", status=410)
    other = SourceDraft("exercise-gone", "Gone", f"{web.root}/gone.json")
    services.add_source(other, by=OPERATOR, at=MONDAY)

    assert services.fetch_due(MONDAY) == 2

    assert queries.cards_waiting() == 1
    gone = queries.source("exercise-gone").health
    assert (gone.problem.code, gone.due_at) == (SourceGoneError.code, None)
    assert services.fetch_due(MONDAY + 48 * HOUR) == 1, "what is gone is asked for no more"


def test_what_is_no_feed_is_asked_for_again_in_full(node, web):
    web.gives("/feed.json", b"\x00\x01\x02", ETag='"odd"')

    services.fetch_due(MONDAY)

    assert health().state is SourceState.FAILING
    services.fetch_due(MONDAY + HOUR)
    assert "if-none-match" not in web.asked[-1].headers


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><head><title>Moved</title></head><body><p>We moved.</p></body></html>", "no-feed"),
        (b"EXERCISE cmaa signed TO,US 2025-06-01", "no-feed"),
        (json.dumps({**FEED, "items": []}).encode(), "empty"),
    ],
)
def test_a_feed_that_turns_into_something_else_is_in_the_health(node, web, content, code):
    second = {**FEED["items"][0], "id": "exercise-2", "content_text": "Other news."}
    web.gives("/feed.json", json.dumps({**FEED, "items": [*FEED["items"], second]}).encode())
    services.fetch(HOME, MONDAY)
    web.gives("/feed.json", content)

    services.fetch_due(MONDAY + HOUR)

    assert (health().state, health().problem.code) == (SourceState.FAILING, f"news-source-{code}")
    assert len(queries.releases().rows) == 2, "nothing is lost, and no page is taken for news"


def test_a_site_that_says_for_ever_that_nothing_is_new_is_asked_in_full_once_a_week(node, web):
    services.fetch(HOME, MONDAY)
    web.gives("/feed.json", status=304)
    asked = []
    for days in range(1, 15):
        services.fetch(HOME, MONDAY + days * 24 * HOUR)
        asked.append("if-none-match" in web.asked[-1].headers)

    assert [day for day, known in enumerate(asked, start=1) if not known] == [7, 14]


def test_a_fault_of_ours_is_noted_and_raised_as_such(node, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("a fault")

    monkeypatch.setattr("comity.newsfeed.services.taking.read_feed", fails)

    with pytest.raises(SourceUnreadableError):
        services.fetch(HOME, MONDAY)

    assert health().problem.code == "news-source-unreadable"


def test_a_release_that_could_not_be_taken_in_is_asked_for_again(node, web, monkeypatch):
    def fails(_):
        raise RuntimeError("this one cannot be read")

    with monkeypatch.context() as now:
        now.setattr("comity.newsfeed.services.taking.extract", fails)
        assert services.fetch(HOME, MONDAY).broken == ("exercise-1",)
    assert health().broken == 1

    assert services.fetch(HOME, MONDAY + HOUR).new == 1
    assert "if-none-match" not in web.asked[-1].headers
    assert health().broken == 0


def test_a_node_that_does_not_reach_out_says_so_and_asks_nobody(node, web, settings, monkeypatch):
    off = Visitor(policy=Policy(on=False))
    monkeypatch.setattr("comity.newsfeed.services.fetching.visitor", lambda _: off)

    for hours in range(5):
        services.fetch_due(MONDAY + hours * HOUR)

    now = health()
    assert (now.state, now.failures) == (SourceState.SWITCHED_OFF, 0)
    assert now.problem.code == OutboundOffError.code
    assert now.due_at == MONDAY + 5 * HOUR, "it is asked soon after it is switched on again"
    assert not web.asked


def test_a_paused_source_is_not_visited(node, web):
    services.pause_source(HOME, version=None, by=OPERATOR, at=MONDAY)

    assert services.fetch_due(MONDAY) == 0
    assert not web.asked


def test_a_source_without_an_address_is_read_from_files_only(node):
    services.add_source(SourceDraft("exercise-files", "Files", ""), by=OPERATOR, at=MONDAY)

    assert services.fetch_due(MONDAY) == 1, "the other one"
    with pytest.raises(NoAddressError):
        services.fetch("exercise-files", MONDAY)
    taken = services.take_in_document(json.dumps(FEED).encode(), "exercise-files", MONDAY)
    assert taken.joined == 1


def test_the_worker_goes_round_every_quarter_of_an_hour_and_does_not_insist():
    (task,) = [task for task in TASKS if task.name == "newsfeed.fetch_due"]

    assert (task.every, task.retry.tries) == ("*/15 * * * *", 1)
