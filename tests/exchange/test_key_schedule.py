# SPDX-License-Identifier: Apache-2.0
"""Whatever is scheduled, renewed and taken back: at every instant one key signs, and it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.exchange.key_schedule import (
    LIFETIMES,
    MADE_USES,
    OVERLAP,
    PRE_ANNOUNCED,
    NoKeyError,
    OwnKey,
    Times,
    active_key,
    covered_until,
    in_place,
    instants_to_fill,
    key_to_seal_for,
    renewal_due,
    successor,
    times_of,
)
from comity.exchange.partner import CardKey, KeyUse

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = 6
SIGNING = (KeyUse.IDENTITY, KeyUse.ENVELOPE, KeyUse.TLS)


class Node:
    """A node's keys through the years, as its services change them; the partner has each card."""

    def __init__(self, use: KeyUse) -> None:
        self.use = use
        self.keys: list[OwnKey] = []
        self.make(times_of(use, active_from=BEGUN, at=BEGUN), at=BEGUN)

    def make(self, times: Times, *, at: datetime) -> None:
        self.keys.append(
            OwnKey(
                use=self.use,
                key_id=f"{len(self.keys):016x}",
                public="",
                valid_from=times.valid_from,
                valid_until=times.active_from + LIFETIMES[self.use],
                active_from=times.active_from,
                made_at=at,
                announced_at=at,
            )
        )

    def renew(self, *, at: datetime) -> None:
        due = renewal_due(self.keys, self.use, at=at)
        if due is not None:
            self.make(due, at=at)

    def roll_over(self, *, active_from: datetime, at: datetime) -> None:
        latest = covered_until(self.keys, self.use, at=at)
        if successor(self.keys, self.use, at=at) is None and active_from <= latest:
            self.make(times_of(self.use, active_from=active_from, at=at), at=at)

    def revoke(self, key: OwnKey, *, revoked_at: datetime, at: datetime) -> None:
        self._put(replace(key, revoked_at=revoked_at))
        for instant in instants_to_fill(self.keys, self.use, at=at):
            found = in_place(self.keys, self.use, from_=instant, at=at)
            if isinstance(found, Times):
                self.make(found, at=at)
            else:
                self._put(found)

    def card(self) -> dict[str, CardKey]:
        return {key.key_id: key.card_key for key in self.keys}

    def _put(self, changed: OwnKey) -> None:
        self.keys = [changed if key.key_id == changed.key_id else key for key in self.keys]


days = st.integers(1, 365 * YEARS - 1)
events = st.lists(
    st.tuples(
        days,
        st.sampled_from(["roll-over", "revoke-active", "revoke-successor"]),
        st.integers(-30, 90),
    ),
    max_size=8,
)


def lived(
    use: KeyUse, happened: Iterable[tuple[int, str, int]]
) -> list[tuple[datetime, str, Node]]:
    """Each day's signing key, and the node as it was then: renewed every day, with these events."""
    node, signed = Node(use), []
    of_day: dict[int, list[tuple[str, int]]] = {}
    for day, event, later in happened:
        of_day.setdefault(day, []).append((event, later))
    for day in range(365 * YEARS):
        at = BEGUN + timedelta(days=day)
        node.renew(at=at)
        for event, later in of_day.get(day, ()):
            _let(node, event, at + timedelta(days=later), at=at)
        signed.append((at, active_key(node.keys, use, at=at).key_id, node))
    return signed


def _let(node: Node, event: str, instant: datetime, *, at: datetime) -> None:
    if event == "roll-over":
        node.roll_over(active_from=max(instant, at), at=at)
        return
    key: OwnKey | None = active_key(node.keys, node.use, at=at)
    if event == "revoke-successor":
        key = successor(node.keys, node.use, at=at)
    if key is not None and key.revoked_at is None:
        node.revoke(key, revoked_at=instant, at=at)


def test_a_successor_takes_over_before_the_key_that_serves_until_then_ends():
    """The key in force is taken back tomorrow: the one before it serves again, a month more."""
    lived(KeyUse.ENVELOPE, [(686, "revoke-successor", 15), (700, "roll-over", 31)])


def test_a_key_taken_back_after_its_end_is_followed_at_its_end():
    lived(KeyUse.TLS, [(308, "revoke-active", 90)])


@pytest.mark.slow
@settings(max_examples=60)
@given(use=st.sampled_from(MADE_USES), happened=events)
def test_at_every_instant_one_key_is_used_whatever_happened(use, happened):
    signed = lived(use, happened)  # raises where no key is in force
    assert len(signed) == 365 * YEARS


@pytest.mark.slow
@settings(max_examples=60)
@given(use=st.sampled_from(SIGNING), happened=events)
def test_what_was_signed_is_accepted_unless_the_key_was_revoked_for_that_instant(use, happened):
    signed = lived(use, happened)
    node = signed[-1][2]
    card = node.card()
    for at, key_id, _ in signed:
        key = card[key_id]
        revoked = key.revoked_at is not None and key.revoked_at <= at
        assert key.fits(at) is not revoked


@pytest.mark.slow
@settings(max_examples=40)
@given(happened=events)
def test_the_partner_always_finds_a_key_to_seal_for(happened):
    node = Node(KeyUse.ENCRYPTION)
    of_day: dict[int, list[tuple[str, int]]] = {}
    for day, event, later in happened:
        of_day.setdefault(day, []).append((event, later))
    for day in range(365 * YEARS):
        at = BEGUN + timedelta(days=day)
        node.renew(at=at)
        for event, later in of_day.get(day, ()):
            _let(node, event, at + timedelta(days=later), at=at)
        chosen = key_to_seal_for(tuple(node.card().values()), at=at)
        assert chosen is not None
        assert chosen.fits(at)


@pytest.mark.parametrize("use", MADE_USES)
def test_renewal_announces_a_successor_long_before_it_takes_over(use):
    node = lived(use, [])[-1][2]
    for key in node.keys[1:]:
        assert key.announced_at is not None
        assert key.active_from - key.announced_at >= PRE_ANNOUNCED[use]


@pytest.mark.parametrize("use", SIGNING)
def test_two_keys_are_valid_around_a_roll_over(use):
    node = Node(use)
    old = node.keys[0]
    at = old.valid_until - OVERLAP[use] - PRE_ANNOUNCED[use]
    node.renew(at=at)
    new = node.keys[1]
    for day in range((PRE_ANNOUNCED[use] + OVERLAP[use]).days):
        instant = at + timedelta(days=day)
        assert old.card_key.fits(instant)
        assert new.card_key.fits(instant)
        used = active_key(node.keys, use, at=instant)
        assert used == (new if instant >= new.active_from else old)


def test_an_announced_key_takes_over_at_once_when_the_other_is_taken_back():
    node = Node(KeyUse.ENVELOPE)
    at = BEGUN + timedelta(days=100)
    node.roll_over(active_from=at + timedelta(days=50), at=at)
    announced = node.keys[1]
    emergency = at + timedelta(days=10)
    node.revoke(node.keys[0], revoked_at=emergency, at=emergency)
    used = active_key(node.keys, KeyUse.ENVELOPE, at=emergency)
    assert used.key_id == announced.key_id
    assert announced.card_key.fits(emergency)  # as the partner's card said before the emergency
    assert len(node.keys) == 2


def test_a_node_that_slept_past_its_keys_end_makes_new_ones_at_once():
    node = Node(KeyUse.TLS)
    late = node.keys[0].valid_until + timedelta(days=3)
    with pytest.raises(NoKeyError):
        active_key(node.keys, KeyUse.TLS, at=late)
    node.renew(at=late)
    assert active_key(node.keys, KeyUse.TLS, at=late).made_at == late
