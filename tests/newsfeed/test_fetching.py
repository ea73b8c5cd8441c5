"""Polite visits to sources: what a visit means, and when the next one is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import PeerError
from comity.newsfeed.fetching import (
    LONGEST_BACK_OFF,
    LONGEST_WAIT,
    AskedToWaitError,
    RobotsRefusedError,
    RobotsUnreachableError,
    SourceGoneError,
    VisitMemory,
    Visitor,
    VisitOutcome,
    VisitResult,
    after_visit,
    asked_wait,
    back_off,
    outcome_of,
)
from comity.outbound import Limits, Policy
from comity.outbound.addresses import OutboundOffError, PrivateAddressError
from comity.outbound.visit import RefusedByServerError, Response, UnreachableError
from tests.support.web_server import Web, web_server

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW = VisitMemory()
LIMITS = Limits(connect_seconds=5, read_seconds=10, total_seconds=20)

intervals = st.timedeltas(min_value=timedelta(minutes=5), max_value=timedelta(days=7))
results = st.sampled_from(VisitResult)
waits = st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60))


def answered(status: int, **known: str) -> Response:
    return Response("https://customs.example/news.xml", status, b"", **known)


def after(status: int, memory: VisitMemory = NEW, **known: str) -> VisitMemory:
    return after_visit(memory, outcome_of(answered(status, **known), NOW), at=NOW, every=HOUR)


# When to go


def test_a_new_source_is_due_at_once() -> None:
    assert NEW.due_at is None


def test_a_source_that_was_read_is_due_after_its_own_interval() -> None:
    read = after(200)

    assert read.read_at == read.tried_at == NOW
    assert read.due_at == NOW + HOUR


def test_a_source_that_is_gone_is_never_due() -> None:
    gone = after(410)

    assert gone.gone
    assert gone.due_at is None


def test_a_failure_doubles_the_pause_up_to_a_day_and_a_success_ends_that() -> None:
    memory, pauses = NEW, []
    for _ in range(7):
        memory = after(500, memory)
        pauses.append(memory.due_at - NOW)
    assert [pause / HOUR for pause in pauses] == [1, 2, 4, 8, 16, 24, 24]
    assert memory.failures == 7

    memory = after(304, memory)

    assert memory.failures == 0
    assert memory.due_at == NOW + HOUR


@given(st.integers(min_value=1, max_value=10_000), intervals)
def test_pauses_never_shrink_and_end_at_a_day(failures: int, every: timedelta) -> None:
    pause = back_off(failures, every)

    assert every <= pause <= max(every, LONGEST_BACK_OFF)
    assert back_off(failures + 1, every) >= pause


@given(st.lists(st.tuples(results, waits), max_size=30), intervals)
def test_whatever_happens_the_next_visit_is_neither_too_soon_nor_lost(
    visits: list[tuple[VisitResult, timedelta | None]], every: timedelta
) -> None:
    memory = NEW
    for result, wait in visits:
        memory = after_visit(memory, VisitOutcome(result, wait=wait), at=NOW, every=every)
        if memory.gone:
            assert memory.due_at is None
        else:
            assert NOW + every <= memory.due_at <= NOW + max(every, LONGEST_WAIT)
        read = result in (VisitResult.READ, VisitResult.NOT_MODIFIED)
        assert (memory.failures == 0) == read


# What an answer means


@pytest.mark.parametrize(
    ("status", "result", "error"),
    [
        (200, VisitResult.READ, None),
        (304, VisitResult.NOT_MODIFIED, None),
        (410, VisitResult.GONE, SourceGoneError),
        (429, VisitResult.WAIT, AskedToWaitError),
        (403, VisitResult.FAILED, RefusedByServerError),
        (404, VisitResult.FAILED, RefusedByServerError),
        (500, VisitResult.FAILED, RefusedByServerError),
        (503, VisitResult.FAILED, RefusedByServerError),
        (204, VisitResult.FAILED, RefusedByServerError),
    ],
)
def test_what_a_status_means(
    status: int, result: VisitResult, error: type[Exception] | None
) -> None:
    outcome = outcome_of(answered(status), NOW)

    assert outcome.result is result
    assert type(outcome.error) is (error or type(None))


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_is_left_alone_for_as_long_as_it_asks(status: int) -> None:
    assert after(status, retry_after="10800").due_at == NOW + 3 * HOUR
    until = format_datetime(NOW + 5 * HOUR)
    assert after(status, retry_after=until).due_at == NOW + 5 * HOUR


def test_a_short_wait_does_not_shorten_the_own_interval() -> None:
    assert after(429, retry_after="1").due_at == NOW + HOUR


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("99999999999999", LONGEST_WAIT),
        ("Sat, 21 Nov 2026 11:00:00 GMT", HOUR),
        ("Sat, 21 Nov 2026 11:00:00", HOUR),
        ("Sat, 21 Nov 2020 11:00:00 GMT", timedelta(0)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("Sat, 99 Nov 2026 11:00:00 GMT", None),
    ],
)
def test_how_long_a_site_asks_to_be_left_alone(header: str, wait: timedelta | None) -> None:
    assert asked_wait(header, NOW) == wait


@given(st.text(max_size=60))
def test_any_header_is_a_wait_or_none(header: str) -> None:
    wait = asked_wait(header, NOW)

    assert wait is None or timedelta(0) <= wait <= LONGEST_WAIT


def test_validators_are_those_of_the_last_document() -> None:
    read = after(200, etag='"one"', last_modified="then")
    assert (read.etag, read.last_modified) == ('"one"', "then")

    assert after(304, read).etag == '"one"'
    assert after(304, read, etag='"two"').etag == '"two"'
    assert after(500, read).etag == '"one"'
    assert after(200, read).etag == ""


def test_a_move_for_good_is_remembered_until_it_ends() -> None:
    moved = after(200, moved_to="https://customs.example/new.xml")
    assert moved.moved_to == "https://customs.example/new.xml"

    assert after(200, moved).moved_to == ""


def test_what_is_remembered_of_a_move_outlives_a_visit_without_an_answer() -> None:
    moved = replace(NEW, moved_to="https://customs.example/new.xml")

    failed = after_visit(moved, VisitOutcome(VisitResult.FAILED), at=NOW, every=HOUR)

    assert failed.moved_to == moved.moved_to


# Visits


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as running:
        yield running


class Pauses(list[float]):
    """The pauses a visitor made, without making them."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def visitor(pauses: Pauses) -> Visitor:
    return Visitor(policy=Policy(private=True), limits=LIMITS, pause=pauses)


def test_a_visit_asks_what_is_allowed_and_then_for_the_document(web: Web, visitor: Visitor) -> None:
    outcome = visitor.visit(web.gives("/news.xml", b"<rss/>"), NEW, at=NOW)

    assert outcome.result is VisitResult.READ
    assert outcome.response is not None
    assert outcome.response.content == b"<rss/>"
    assert web.paths() == ["/robots.txt", "/news.xml"]
    assert "application/rss+xml" in web.asked[1].headers["accept"]


def test_what_a_host_allows_is_asked_once_a_day(web: Web, visitor: Visitor) -> None:
    address = web.gives("/news.xml", b"<rss/>")

    for hours in (0, 1, 23, 24):
        visitor.visit(address, NEW, at=NOW + hours * HOUR)

    assert web.paths().count("/robots.txt") == 2
    assert web.paths().count("/news.xml") == 4


def test_validators_go_along_and_nothing_new_comes_back(web: Web, visitor: Visitor) -> None:
    address = web.gives("/news.xml", status=304)

    outcome = visitor.visit(address, VisitMemory(etag='"one"', last_modified="then"), at=NOW)

    assert outcome.result is VisitResult.NOT_MODIFIED
    assert web.asked[1].headers["if-none-match"] == '"one"'
    assert web.asked[1].headers["if-modified-since"] == "then"
    assert "if-none-match" not in web.asked[0].headers


def test_what_the_site_asks_programs_not_to_read_is_not_read(web: Web, visitor: Visitor) -> None:
    web.gives("/robots.txt", b"User-agent: *\nDisallow: /*?")

    outcome = visitor.visit(web.gives("/news?format=rss", b""), NEW, at=NOW)

    assert outcome.result is VisitResult.REFUSED
    assert isinstance(outcome.error, RobotsRefusedError)
    assert web.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_site_without_rules_allows_everything(web: Web, visitor: Visitor, status: int) -> None:
    web.gives("/robots.txt", status=status)

    assert visitor.visit(web.gives("/n", b""), NEW, at=NOW).result is VisitResult.READ


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_site_that_cannot_say_what_it_allows_is_asked_later(
    web: Web, visitor: Visitor, status: int
) -> None:
    web.gives("/robots.txt", status=status)
    address = web.gives("/news.xml", b"<rss/>")

    outcome = visitor.visit(address, NEW, at=NOW)
    assert outcome.result is VisitResult.WAIT
    assert isinstance(outcome.error, RobotsUnreachableError)

    web.gives("/robots.txt", b"")
    assert visitor.visit(address, NEW, at=NOW + HOUR).result is VisitResult.READ


def test_a_host_that_nobody_reaches_is_told_as_such_and_not_as_silent_on_its_rules(
    visitor: Visitor,
) -> None:
    with web_server() as gone:
        address = f"{gone.root}/news.xml"

    outcome = visitor.visit(address, NEW, at=NOW)

    assert outcome.result is VisitResult.FAILED
    assert isinstance(outcome.error, UnreachableError)
    with pytest.raises(UnreachableError):
        visitor.document_at(address, at=NOW)


def test_requests_to_one_host_keep_their_distance(
    web: Web, visitor: Visitor, pauses: Pauses
) -> None:
    web.gives("/robots.txt", b"User-agent: *\nCrawl-delay: 7")

    visitor.visit(web.gives("/a", b""), NEW, at=NOW)
    visitor.visit(web.gives("/b", b""), NEW, at=NOW)

    assert [round(pause) for pause in pauses] == [7, 14]


def test_a_host_is_not_asked_faster_than_once_a_second(
    web: Web, visitor: Visitor, pauses: Pauses
) -> None:
    visitor.visit(web.gives("/a", b""), NEW, at=NOW)

    assert [round(pause) for pause in pauses] == [1]


def test_what_goes_wrong_is_an_outcome_and_never_raised(web: Web, visitor: Visitor) -> None:
    broken = web.does("/news.xml", lambda handler: handler.wfile.write(b"no HTTP"))

    outcome = visitor.visit(broken, NEW, at=NOW)

    assert outcome.result is VisitResult.FAILED
    assert isinstance(outcome.error, PeerError)


def test_an_address_that_is_not_taken_is_an_outcome_too(web: Web) -> None:
    careful = Visitor(limits=LIMITS)

    outcome = careful.visit("http://127.0.0.1/news.xml", NEW, at=NOW)

    assert outcome.result is VisitResult.FAILED
    assert isinstance(outcome.error, PrivateAddressError)


def test_a_node_that_is_switched_off_asks_for_no_rules_either(web: Web) -> None:
    off = Visitor(policy=Policy(on=False, private=True), limits=LIMITS)

    outcome = off.visit(web.gives("/news.xml", b""), NEW, at=NOW)

    assert isinstance(outcome.error, OutboundOffError)
    assert web.paths() == []


def test_whoever_names_an_address_gets_the_document_or_the_reason(
    web: Web, visitor: Visitor
) -> None:
    assert visitor.document_at(web.gives("/n", b"news"), at=NOW).content == b"news"

    with pytest.raises(RefusedByServerError):
        visitor.document_at(f"{web.root}/missing", at=NOW)
    web.gives("/robots.txt", b"User-agent: comity\nDisallow: /")
    with pytest.raises(RobotsRefusedError):
        visitor.document_at(f"{web.root}/n", at=NOW + timedelta(days=2))
