# SPDX-License-Identifier: Apache-2.0
"""Two nodes hold each other's journals to what they said, in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from comity.exchange import models
from comity.exchange.alarm import AlarmKind
from comity.exchange.envelope import LogStatement
from comity.exchange.partner import KeyUse, PartnerState
from comity.exchange.queries import alarms as alarm_queries
from comity.exchange.services import alarms, own_keys, witnessing
from comity.exchange.witness import LogFinding
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.journal.queries import all_entries
from comity.sealing.checkpoint import (
    Checkpoint,
    NoteKey,
    cosign,
    read_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
    verify_cosignature,
)
from comity.sealing.keys import SigningKey
from comity.sealing.merkle import Tree, consistency_proof, leaf_hash, verify_consistency

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OFFICER = Actor("OFF-XN-1", "registrar")

pytestmark = pytest.mark.db


class Southland:
    """The partner's journal, in memory: honest until it is told to forget."""

    def __init__(self) -> None:
        self.key = SigningKey.make()
        self.note_key = NoteKey("southland.example/journal", self.key.public)
        self.leaves: list[bytes] = []

    def append(self, acts: Iterable[str]) -> None:
        self.leaves += [leaf_hash(act.encode()) for act in acts]

    def forget(self, size: int) -> None:
        del self.leaves[size:]

    def state(self, *, since: int = 0) -> LogStatement:
        log = Tree(self.leaves)
        note = sign_checkpoint(
            Checkpoint(self.note_key.name, len(log), log.root()), self.key, name=self.note_key.name
        )
        return LogStatement(note, since, self.proof(since, len(log)) if since else ())

    def proof(self, first: int, second: int) -> tuple[str, ...]:
        path = consistency_proof(first, second, Tree(self.leaves).read)
        return tuple(step.hex() for step in path)


@pytest.fixture
def southland(db, settings, tmp_path: Path) -> Southland:
    """An active partner whose card lists its journal's key; our own journal has five acts."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path, administration="XN")
    own_keys.make_own_keys(at=NOON)
    node = Southland()
    row = models.Partner(code="XS", name="Southland", state=PartnerState.ACTIVE, proposed_at=NOON)
    row.save(force_insert=True)
    models.PartnerKey(
        partner=row,
        use=KeyUse.JOURNAL,
        key_id=node.key.public.key_id,
        public=node.note_key.text,
        valid_from=NOON,
        valid_until=NOON + timedelta(days=3650),
        known_since=NOON,
    ).save(force_insert=True)
    act(5)
    return node


def act(count: int) -> None:
    """This node does something, and signs what its journal has come to."""
    with transaction.atomic():
        for number in range(count):
            journal.record("signed-in", f"OFF-XN-{number + 1}", by=OFFICER, at=NOON)
    journal.checkpoint(at=NOON)


def see(node: Southland, *, since: int = 0, at: datetime = NOON) -> str:
    statement = node.state(since=since)
    return witnessing.see("XS", statement, stated_at=at, carried_by="made-up", at=at)


def alarmed() -> list[AlarmKind]:
    return [alarm.kind for alarm in alarm_queries.open_alarms()]


def test_what_is_seen_comes_back_cosigned_with_the_journals_key(southland):
    southland.append("abc")
    cosigned = see(southland)
    found = verify_cosignature(cosigned, own_keys.journal_keys())
    assert (found.checkpoint.size, found.at) == (3, NOON)
    assert verify_checkpoint(cosigned, [southland.note_key]).size == 3
    assert witnessing.cosigned_for("XS") == cosigned


def test_a_journal_that_proves_its_growth_is_witnessed_at_each_size(southland):
    southland.append("abc")
    see(southland)
    southland.append("defgh")
    assert read_checkpoint(see(southland, since=3)).size == 8
    assert models.WitnessedCheckpoint.objects.count() == 2
    assert alarmed() == []


def test_a_fork_is_found_at_the_next_message_and_the_notes_prove_it(southland):
    southland.append("abcdef")
    see(southland)
    southland.forget(3)
    southland.append("xyz")
    assert read_checkpoint(see(southland, at=NOON + timedelta(hours=1))).root == (
        read_checkpoint(witnessing.cosigned_for("XS")).root
    )
    (alarm,) = alarm_queries.open_alarms(partner="XS")
    assert alarm.kind is AlarmKind.LOG_FORKED
    seen = verify_checkpoint(alarm.proof["seen"], [southland.note_key])
    stated = verify_checkpoint(alarm.proof["stated"], [southland.note_key])
    assert seen.size == stated.size
    assert seen.root != stated.root


def test_a_restored_backup_is_found_at_the_next_message(southland):
    southland.append("abcdef")
    see(southland)
    southland.forget(4)
    see(southland, at=NOON + timedelta(hours=1))
    assert alarmed() == [AlarmKind.LOG_REWOUND]


def test_a_restored_journal_that_grew_past_what_was_seen_is_found_when_asked_for_the_proof(
    southland,
):
    southland.append("abcdef")
    see(southland)
    southland.forget(4)
    southland.append("uvwxyz")
    see(southland, since=2, at=NOON + timedelta(hours=1))
    (wanted,) = witnessing.proofs_wanted()
    assert (wanted.partner, wanted.first, wanted.second) == ("XS", 6, 10)
    found = witnessing.take_proof("XS", southland.proof(6, 10), at=NOON)
    assert found is LogFinding.FORKED
    assert alarmed() == [AlarmKind.LOG_FORKED]


def test_an_honest_journal_proves_its_growth_when_asked(southland):
    southland.append("abcdef")
    see(southland)
    southland.append("gh")
    assert read_checkpoint(see(southland)).size == 6
    assert witnessing.take_proof("XS", southland.proof(6, 8), at=NOON) is LogFinding.GREW
    assert read_checkpoint(witnessing.cosigned_for("XS")).size == 8
    assert witnessing.proofs_wanted() == ()
    assert alarmed() == []


def test_a_proof_that_stays_away_is_told_to_a_person(southland):
    southland.append("abcdef")
    see(southland)
    southland.append("gh")
    see(southland)
    assert witnessing.overdue_proofs(at=NOON + timedelta(hours=1)) == 0
    assert witnessing.overdue_proofs(at=NOON + timedelta(days=2)) == 1
    assert alarmed() == [AlarmKind.LOG_UNPROVED]


def test_the_same_fork_again_is_counted_and_not_raised_anew(southland):
    southland.append("abcdef")
    see(southland)
    southland.forget(4)
    for hours in (1, 2, 3):
        see(southland, at=NOON + timedelta(hours=hours))
    (alarm,) = alarm_queries.open_alarms()
    assert alarm.repeated == 2


def test_closing_the_alarm_accepts_the_journal_as_it_is_now(southland):
    southland.append("abcdef")
    see(southland)
    southland.forget(4)
    see(southland, at=NOON + timedelta(hours=1))
    (alarm,) = alarm_queries.open_alarms()
    accepted = NOON + timedelta(hours=2)
    alarms.close_alarm(alarm.reference, reason="They restored a backup.", by=OFFICER, at=accepted)
    see(southland, at=accepted + timedelta(hours=1))
    assert alarmed() == []
    assert read_checkpoint(witnessing.cosigned_for("XS")).size == 4


def test_a_checkpoint_by_a_key_that_the_card_lacks_is_an_alarm(southland):
    southland.append("abc")
    southland.key = SigningKey.make()
    southland.note_key = NoteKey(southland.note_key.name, southland.key.public)
    assert see(southland) == ""
    assert alarmed() == [AlarmKind.LOG_UNTRUSTED]


def test_what_we_state_extends_what_the_partner_cosigned(southland):
    first = witnessing.own_log_statement("XS")
    assert first is not None
    assert (first.since, first.consistency) == (0, ())
    seen = read_checkpoint(first.checkpoint)
    cosigned = cosign(first.checkpoint, southland.key, name=southland.note_key.name, at=NOON)
    assert witnessing.keep_cosignature("XS", cosigned, at=NOON)
    act(7)
    second = witnessing.own_log_statement("XS")
    assert second is not None
    assert second.since == seen.size
    now = read_checkpoint(second.checkpoint)
    path = [bytes.fromhex(step) for step in second.consistency]
    verify_consistency(seen.size, now.size, path, seen.root, now.root)


def test_a_cosignature_of_a_stranger_is_not_kept(southland):
    own = witnessing.own_log_statement("XS")
    assert own is not None
    note = cosign(own.checkpoint, SigningKey.make(), name=southland.note_key.name, at=NOON)
    assert not witnessing.keep_cosignature("XS", note, at=NOON)
    assert not models.Cosignature.objects.exists()


def test_a_cosigned_checkpoint_that_our_journal_never_was_alarms_ourselves(southland):
    own = own_keys.journal_cosigner()
    never = sign_checkpoint(Checkpoint(own.name, 4, bytes(32)), own.key)
    note = cosign(never, southland.key, name=southland.note_key.name, at=NOON)
    assert witnessing.keep_cosignature("XS", note, at=NOON)
    assert alarmed() == [AlarmKind.OWN_LOG_DIFFERS]
    statement = witnessing.own_log_statement("XS")
    assert statement is not None
    assert statement.since == 0  # nothing is proved from what never was


def test_seeing_the_same_again_costs_one_query(southland, django_assert_num_queries):
    southland.append("abc")
    see(southland)
    statement = southland.state()
    with django_assert_num_queries(1):
        witnessing.see("XS", statement, stated_at=NOON, carried_by="made-up", at=NOON)
    with django_assert_num_queries(1):
        witnessing.own_log_statement("XS")


@pytest.mark.parametrize("nonsense", ["", "x", "a\n1\nb\n\n— c d\n", f"a\n{10**19 - 1}\n"])
def test_nonsense_for_a_cosigned_note_stops_nothing(southland, nonsense):
    assert not witnessing.keep_cosignature("XS", nonsense, at=NOON)
    statement = LogStatement(nonsense)
    assert witnessing.see("XS", statement, stated_at=NOON, carried_by="made-up", at=NOON) == ""
    assert alarmed() == [AlarmKind.LOG_UNTRUSTED]


def test_a_size_that_no_journal_reaches_stops_nothing(southland):
    size = 10**19 - 1
    note = sign_checkpoint(Checkpoint(southland.note_key.name, size, bytes(32)), southland.key)
    statement = LogStatement(note)
    assert witnessing.see("XS", statement, stated_at=NOON, carried_by="made-up", at=NOON) == ""
    assert not witnessing.keep_cosignature("XS", note, at=NOON)
    assert alarmed() == [AlarmKind.LOG_UNTRUSTED]


def test_a_partner_that_asks_gets_our_journals_proof(southland):
    act(7)
    said = witnessing.own_log_since(3)
    now = read_checkpoint(said.checkpoint)
    path = [bytes.fromhex(step) for step in said.consistency]
    older = Tree(leaf_hash(entry.canonical()) for entry in list(all_entries())[:3])
    verify_consistency(3, now.size, path, older.root(), now.root)
    for first, second in ((5, 3), (1, 10**6), (-1, None)):
        with pytest.raises(witnessing.LogRangeError):
            witnessing.own_log_since(first, second)
