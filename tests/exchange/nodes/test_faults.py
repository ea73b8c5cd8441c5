# SPDX-License-Identifier: Apache-2.0
"""Either node is killed without warning at every point that has a name: nothing lost or doubled."""

from __future__ import annotations

import pytest

from comity.exchange.fault_points import Point
from tests.support.exchange_nodes import ActorFailedError, Pair, eventually

pytestmark = [pytest.mark.node, pytest.mark.slow]

SEGMENTS = [2_500_000]
"""One part of three segments."""
SENDER = (
    Point.LEASED,
    Point.SEALED,
    Point.DELIVERED,
    Point.SETTLING,
    Point.SETTLED,
    Point.PART_ASKED,
    Point.PART_SENT,
)
RECIPIENT = (
    Point.RECEIVING,
    Point.RECEIVED,
    Point.SEGMENT_TAKEN,
    Point.PART_KEPT,
    Point.PART_TAKING,
    Point.PART_TAKEN,
)
TELLING = (Point.TELLING, Point.TOLD, Point.TOLD_SETTLED)
HEARING = (Point.HEARING, Point.HEARD)


@pytest.mark.parametrize("point", SENDER)
def test_a_sender_that_is_killed_loses_and_doubles_nothing(pair: Pair, point: Point):
    pair.northland.die_at(point)

    _send(pair)
    assert pair.northland.died() == -9
    pair.northland.start_worker()

    _expect_all(pair)


@pytest.mark.parametrize("point", RECIPIENT)
def test_a_recipient_that_is_killed_loses_and_doubles_nothing(pair: Pair, point: Point):
    pair.southland.die_at(point)

    _send(pair)
    assert pair.southland.died() == -9
    pair.southland.start_worker()

    _expect_all(pair)


@pytest.mark.parametrize("point", TELLING)
def test_whoever_tells_an_evidence_and_is_killed_tells_it_once(pair: Pair, point: Point):
    _send(pair)
    pair.wait_until_settled()
    pair.southland.die_at(point)

    assert pair.southland.ask("deliver")["count"]
    assert pair.southland.died() == -9
    pair.southland.start_worker()

    _expect_all(pair)
    _expect_on_the_desk(pair)


@pytest.mark.parametrize("point", HEARING)
def test_whoever_hears_an_evidence_and_is_killed_keeps_it_once(pair: Pair, point: Point):
    _send(pair)
    pair.wait_until_settled()
    pair.northland.die_at(point)

    assert pair.southland.ask("deliver")["count"]
    assert pair.northland.died() == -9
    pair.northland.start_worker()

    _expect_all(pair)
    _expect_on_the_desk(pair)


def test_whoever_is_killed_while_posting_has_posted_nothing(pair: Pair):
    before = len(pair.northland.messages("out"))
    pair.northland.die_at(Point.POSTING)

    with pytest.raises(ActorFailedError, match="ended"):
        pair.northland.ask("send", to="XS")

    assert len(pair.northland.messages("out")) == before


def test_whoever_is_killed_after_posting_has_posted_once(pair: Pair):
    before = len(pair.northland.messages("out"))
    pair.northland.die_at(Point.POSTED)

    with pytest.raises(ActorFailedError, match="ended"):
        pair.northland.ask("send", to="XS")

    _expect_all(pair)
    assert len(pair.northland.messages("out")) == before + 1


def test_whoever_is_killed_while_stating_what_is_overdue_states_it_once(pair: Pair):
    pair.southland.kill_workers()
    pair.northland.ask("send", to="XS")
    pair.northland.die_at(Point.TIMING)

    with pytest.raises(ActorFailedError, match="ended"):
        pair.northland.ask("time_out", hours=5)

    warned = pair.northland.ask("acts")["acts"].get("message-relay-overdue", 0)
    assert pair.northland.ask("time_out", hours=5)["count"] > 0
    assert pair.northland.ask("time_out", hours=5)["count"] == 0
    assert pair.northland.ask("acts")["acts"]["message-relay-overdue"] > warned
    pair.southland.start_worker()
    _expect_all(pair)


def test_whoever_is_killed_while_bringing_to_the_desk_does_it_again(pair: Pair):
    _send(pair)
    pair.wait_until_settled()
    pair.southland.die_at(Point.STATING)

    with pytest.raises(ActorFailedError, match="ended"):
        pair.southland.ask("deliver")

    assert pair.southland.ask("deliver")["count"]
    _expect_all(pair)


def _expect_on_the_desk(pair: Pair) -> None:
    notes = [row for row in pair.northland.messages("out") if row["kind"] == "exchange.note/1"]
    assert {row["state"] for row in notes} == {"delivered"}


def _send(pair: Pair) -> None:
    """A short message, one with a part, and a short one behind it."""
    pair.northland.ask("send", to="XS")
    pair.northland.ask("send", to="XS", parts=SEGMENTS)
    pair.northland.ask("send", to="XS")


def _expect_all(pair: Pair) -> None:
    pair.wait_until_settled(hurry=True)
    assert pair.compare() == []
    there = pair.southland.messages("in")
    assert len(there) == len(pair.northland.messages("out"))
    eventually(lambda: all(row["receipt"] for row in pair.northland.messages("out")))
