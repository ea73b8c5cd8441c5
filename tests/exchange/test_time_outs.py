# SPDX-License-Identifier: Apache-2.0
"""When silence becomes an evidence: a table of lives, and properties of all of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.evidence import EvidenceKind as Kind
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding
from comity.exchange.time_outs import TERMS, Progress, due, next_instant
from tests.support.partner_cards import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUT, IN = Direction.OUT, Direction.IN
PUSH = TERMS[Binding.PUSH]


def progress(direction: Direction, state: MessageState, **more: object) -> Progress:
    given_ = {"recorded_at": NOON, "for_the_desk": True, "given": {}}
    return Progress(direction, state, **(given_ | more))


def found(progress: Progress, at: datetime) -> list[str]:
    return [each.kind.value for each in due(progress, PUSH, at)]


RELAYED_AT_NOON = {Kind.RELAYED: NOON}
ON_DESK = {Kind.RELAYED: NOON, Kind.DELIVERED: NOON + HOUR}


@pytest.mark.parametrize(
    ("life", "after", "expected"),
    [
        (progress(OUT, MessageState.QUEUED), 3 * HOUR, []),
        (progress(OUT, MessageState.QUEUED), 4 * HOUR, ["relay-overdue"]),
        (progress(OUT, MessageState.SENDING), 4 * HOUR, ["relay-overdue"]),
        (progress(OUT, MessageState.DISPATCHED), 3 * DAY, ["relay-overdue", "relay-failed"]),
        (
            progress(OUT, MessageState.QUEUED, given={Kind.RELAY_OVERDUE: NOON}),
            3 * DAY,
            ["relay-failed"],
        ),
        (
            progress(OUT, MessageState.QUEUED, expires_at=NOON + HOUR),
            HOUR,
            ["relay-overdue", "relay-failed"],
        ),
        (progress(OUT, MessageState.RELAYED, given=RELAYED_AT_NOON), 3 * HOUR, []),
        (
            progress(OUT, MessageState.RELAYED, given=RELAYED_AT_NOON),
            4 * HOUR,
            ["delivery-overdue"],
        ),
        (
            progress(
                OUT, MessageState.RELAYED, given={**RELAYED_AT_NOON, Kind.NOT_DELIVERED: NOON}
            ),
            4 * HOUR,
            [],
        ),
        (
            progress(OUT, MessageState.RELAYED, given=RELAYED_AT_NOON, for_the_desk=False),
            90 * DAY,
            [],
        ),
        (progress(OUT, MessageState.DELIVERED, given=ON_DESK), 3 * DAY, []),
        (
            progress(OUT, MessageState.DELIVERED, given=ON_DESK),
            3 * DAY + HOUR,
            ["opening-overdue"],
        ),
        (progress(IN, MessageState.ARRIVING), 90 * DAY, []),
        (progress(IN, MessageState.RECEIVED, given=RELAYED_AT_NOON), 23 * HOUR, []),
        (progress(IN, MessageState.RECEIVED, given=RELAYED_AT_NOON), DAY, ["not-delivered"]),
        (progress(IN, MessageState.DELIVERED, given=ON_DESK), 10 * DAY, []),
        (progress(IN, MessageState.DELIVERED, given=ON_DESK), 10 * DAY + HOUR, ["not-opened"]),
        (progress(IN, MessageState.OPENED, given=ON_DESK), 90 * DAY, []),
        (progress(OUT, MessageState.DEAD), 90 * DAY, []),
        (progress(OUT, MessageState.REJECTED), 90 * DAY, []),
        (progress(OUT, MessageState.WITHDRAWN), 90 * DAY, []),
        (progress(IN, MessageState.REFUSED, given=RELAYED_AT_NOON), 90 * DAY, []),
    ],
)
def test_what_is_due_after_a_time(life, after, expected):
    assert found(life, NOON + after) == expected


@pytest.mark.parametrize("binding", Binding)
def test_a_warning_comes_before_its_failure_on_every_way(binding):
    terms = TERMS[binding]
    for term in (terms.relay, terms.delivery, terms.opening):
        assert timedelta(0) < term.warn < term.fail


def test_a_letter_has_longer_than_a_node():
    letter = TERMS[Binding.LETTER]
    assert all(
        getattr(letter, name).warn > getattr(PUSH, name).warn
        for name in ("relay", "delivery", "opening")
    )


lives = st.builds(
    Progress,
    direction=st.sampled_from(Direction),
    state=st.sampled_from(MessageState),
    recorded_at=st.just(NOON),
    for_the_desk=st.booleans(),
    given=st.dictionaries(
        st.sampled_from(Kind), st.integers(0, 400).map(lambda hours: NOON + hours * HOUR)
    ),
    expires_at=st.none() | st.integers(-5, 2000).map(lambda hours: NOON + hours * HOUR),
)
ways = st.sampled_from(Binding).map(TERMS.__getitem__)
instants = st.integers(-10, 24 * 120).map(lambda hours: NOON + hours * HOUR)


def with_(life: Progress, kind: Kind, at: datetime) -> Progress:
    """The life with one evidence more."""
    return Progress(
        life.direction,
        life.state,
        life.recorded_at,
        life.for_the_desk,
        {**life.given, kind: at},
        life.expires_at,
    )


@given(lives, ways, st.lists(instants, min_size=1, max_size=20).map(sorted))
def test_each_evidence_is_due_once_however_often_one_looks(life, terms, looks):
    made: list[Kind] = []
    for at in looks:
        for each in due(life, terms, at):
            made.append(each.kind)
            life = with_(life, each.kind, at)

    assert len(made) == len(set(made))


@given(lives, ways, instants)
def test_what_is_due_was_due_at_its_instant_and_not_before(life, terms, at):
    for each in due(life, terms, at):
        assert each.since <= at
        assert each.kind in [d.kind for d in due(life, terms, each.since)]
        assert each.kind not in [
            d.kind for d in due(life, terms, each.since - timedelta(microseconds=1))
        ]


@given(lives, ways, instants)
def test_nothing_new_is_due_before_the_next_instant(life, terms, at):
    upcoming = next_instant(life, terms, at)
    now = due(life, terms, at)

    if upcoming is None:
        assert due(life, terms, at + timedelta(days=10_000)) == now
    else:
        assert upcoming > at
        assert due(life, terms, upcoming - timedelta(microseconds=1)) == now
        assert len(due(life, terms, upcoming)) > len(now)
