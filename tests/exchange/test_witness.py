# SPDX-License-Identifier: Apache-2.0
"""A partner's journal may only grow: whatever else it shows is told apart from mere lateness."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.envelope import LogStatement
from comity.exchange.witness import (
    CONTRADICTIONS,
    OVERTAKING,
    WITNESSED,
    LogFinding,
    Seen,
    Stated,
    judge,
)
from comity.sealing.checkpoint import Checkpoint
from comity.sealing.merkle import Tree, consistency_proof, leaf_hash

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORIGIN = "southland.example/journal"
LONGEST = 40


def tree(label: str, length: int) -> Tree:
    """A journal: its first entries are those of every journal of the same label."""
    return Tree(leaf_hash(f"{label} {number}".encode()) for number in range(length))


def forked(at: int, length: int) -> Tree:
    """A journal that is the honest one up to an entry, and another from there on."""
    honest = [leaf_hash(f"honest {number}".encode()) for number in range(at)]
    others = [leaf_hash(f"other {number}".encode()) for number in range(at, length)]
    return Tree(honest + others)


HONEST = tree("honest", LONGEST)


def stated(log: Tree, size: int, *, since: int = 0, at: datetime = NOON) -> Stated:
    """What this journal's node states at a size, with its proof since another."""
    path = consistency_proof(since, size, log.read) if 0 < since <= size else ()
    statement = LogStatement("note", since, tuple(step.hex() for step in path))
    return Stated(Checkpoint(ORIGIN, size, log.root(size)), statement, at)


def seen(size: int, *, log: Tree = HONEST, at: datetime = NOON) -> Seen:
    return Seen(Checkpoint(ORIGIN, size, log.root(size)), f"note {size}", at)


sizes = st.integers(1, LONGEST)


@given(older=sizes, newer=sizes)
def test_an_honest_journal_that_proves_its_growth_is_witnessed(older, newer):
    older, newer = sorted((older, newer))
    found = judge(stated(HONEST, newer, since=older), seen(older)).finding
    assert found is (LogFinding.SAME if older == newer else LogFinding.GREW)


@given(st.lists(sizes, min_size=1, max_size=20), st.randoms())
def test_no_order_of_arrival_makes_an_honest_journal_an_alarm(states, order: random.Random):
    """Statements are made in the journal's order and arrive in any."""
    made = [(size, NOON + timedelta(hours=number)) for number, size in enumerate(sorted(states))]
    known = {size: at for size, at in reversed(made)}
    arrivals = list(made)
    order.shuffle(arrivals)
    witnessed: list[Seen] = []
    for size, at in arrivals:
        latest = max(witnessed, key=lambda one: one.checkpoint.size, default=None)
        since = latest.checkpoint.size if latest else 0
        same = [one for one in witnessed if one.checkpoint.size == size]
        found = judge(stated(HONEST, size, since=since, at=at), latest, same).finding
        assert found not in CONTRADICTIONS
        if found in WITNESSED:
            witnessed.append(seen(size, at=at))
    assert max(one.checkpoint.size for one in witnessed) == max(known)


@given(fork=st.integers(0, LONGEST - 1), older=sizes, newer=sizes)
def test_a_fork_never_passes_for_growth(fork, older, newer):
    older, newer = sorted((older, newer))
    log = forked(fork, LONGEST)
    found = judge(stated(log, newer, since=older), seen(older)).finding
    if fork >= older:  # they are still one journal where it was seen
        assert found in {LogFinding.SAME, LogFinding.GREW}
    else:
        assert found is LogFinding.FORKED


def test_two_roots_of_one_size_are_a_fork_however_late_they_come():
    other = stated(forked(3, LONGEST), 10, at=NOON - timedelta(days=1))
    judged = judge(other, seen(20), [seen(10)])
    assert judged.finding is LogFinding.FORKED
    assert judged.beside == seen(10)


def test_growth_without_a_proof_from_where_it_was_seen_waits_for_one():
    assert judge(stated(HONEST, 20, since=5), seen(10)).finding is LogFinding.NEEDS_PROOF
    assert judge(stated(HONEST, 20), seen(10)).finding is LogFinding.NEEDS_PROOF


def test_a_smaller_journal_that_was_stated_before_is_only_late():
    before = stated(HONEST, 5, at=NOON - timedelta(hours=1))
    assert judge(before, seen(10)).finding is LogFinding.OLDER


def test_a_smaller_journal_that_is_stated_later_has_gone_back():
    after = stated(HONEST, 5, at=NOON + timedelta(hours=1))
    assert judge(after, seen(10)).finding is LogFinding.REWOUND


def test_two_statements_made_in_the_same_moment_may_overtake_one_another():
    assert judge(stated(HONEST, 5, at=NOON + OVERTAKING), seen(10)).finding is LogFinding.OLDER


def test_a_journal_of_another_name_is_not_the_journal_that_was_seen():
    other = stated(HONEST, 20, since=10)
    renamed = Stated(
        Checkpoint("elsewhere/journal", 20, HONEST.root(20)), other.statement, other.stated_at
    )
    assert judge(renamed, seen(10)).finding is LogFinding.REPLACED


@given(st.lists(st.text("0123456789abcdefgz", max_size=70), max_size=8))
def test_no_invented_proof_passes(path):
    statement = LogStatement("note", 10, tuple(path))
    log = forked(4, LONGEST)
    said = Stated(Checkpoint(ORIGIN, 20, log.root(20)), statement, NOON)
    assert judge(said, seen(10)).finding is LogFinding.FORKED
