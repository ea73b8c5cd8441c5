# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.journal.chain import FAULTS, Fault, JournalBrokenError, verify, verify_stretch
from comity.journal.entry import Actor
from comity.sealing.checkpoint import NoteKey
from comity.sealing.keys import SigningKey
from comity.sealing.merkle import Frontier, leaf_hash
from tests.journal.conftest import NOTE_KEY, ORIGIN, made_entries, signed

ENTRIES = made_entries(12)
NOTES = [signed(ENTRIES, size) for size in (4, 8, 12)]
CHANGES = {
    "act": lambda e: replace(e, act="instrument-denied"),
    "subject": lambda e: replace(e, subject="CNF-NL-2026-99999"),
    "actor": lambda e: replace(e, actor=Actor("OFF-NL-2", e.actor.role)),
    "role": lambda e: replace(e, actor=Actor(e.actor.reference, "auditor")),
    "at": lambda e: replace(e, at=e.at.replace(microsecond=1)),
    "instrument": lambda e: replace(e, instrument=""),
    "article": lambda e: replace(e, article="12(4)"),
    "facts": lambda e: replace(e, facts={}),
    "identifier": lambda e: replace(e, identifier="00000000-0000-4000-8000-999999999999"),
    "digest": lambda e: replace(e, digest=bytes(32)),
}


def test_an_untouched_journal_holds_with_its_checkpoints():
    report = verify(ENTRIES, NOTES, [NOTE_KEY])

    assert report.holds
    assert (report.entries, report.checkpoints, report.signatures_checked) == (12, 3, True)
    assert report.head == ENTRIES[-1].digest.hex()
    report.require()


def test_an_empty_journal_holds():
    assert verify([]).holds
    assert verify([]).head == "00" * 32


@given(st.integers(0, 11), st.sampled_from(list(CHANGES)))
def test_any_changed_part_is_found_at_its_sequence(position, part):
    tampered = [*ENTRIES]
    tampered[position] = CHANGES[part](tampered[position])

    report = verify(tampered)

    assert report.broken_at.fault is Fault.DIGEST
    assert report.broken_at.sequence == position + 1
    assert report.broken_at.expected != report.broken_at.found
    assert report.entries == position


@given(st.integers(0, 10))
def test_a_removed_entry_is_found_where_it_stood(position):
    report = verify(ENTRIES[:position] + ENTRIES[position + 1 :])

    assert (report.broken_at.fault, report.broken_at.sequence) == (Fault.SEQUENCE, position + 1)
    assert report.broken_at.found == str(position + 2)


def test_two_entries_that_changed_places_are_found():
    swapped = [*ENTRIES]
    swapped[3], swapped[4] = swapped[4], swapped[3]

    assert verify(swapped).broken_at.sequence == 4


def test_entries_removed_from_the_end_are_found_by_a_checkpoint():
    report = verify(ENTRIES[:10], NOTES, [NOTE_KEY])

    assert (report.broken_at.fault, report.broken_at.sequence) == (Fault.MISSING, 11)
    assert report.checkpoints == 2


def test_a_chain_that_was_rewritten_whole_is_found_by_a_checkpoint():
    rewritten = made_entries(12)
    rewritten[5:] = made_with_other_facts(rewritten)[5:]
    assert verify(rewritten).holds  # nothing but a checkpoint can tell

    report = verify(rewritten, NOTES, [NOTE_KEY])

    assert (report.broken_at.fault, report.broken_at.sequence) == (Fault.ROOT, 8)


def test_a_checkpoint_of_another_key_is_not_believed():
    stranger = NoteKey(ORIGIN, SigningKey.from_seed(bytes([9]) * 32).public)

    report = verify(ENTRIES, NOTES, [stranger])

    assert (report.broken_at.fault, report.broken_at.sequence) == (Fault.SIGNATURE, 4)


def test_without_a_key_roots_are_compared_and_signatures_are_said_to_be_unchecked():
    report = verify(ENTRIES, NOTES)

    assert report.holds
    assert not report.signatures_checked


def test_a_checkpoint_that_cannot_be_read_breaks_the_verification():
    assert verify(ENTRIES, ["no checkpoint"]).broken_at.fault is Fault.SIGNATURE


def test_a_stored_leaf_that_does_not_follow_from_its_entry_is_found():
    tampered = [replace(e, leaf=leaf_hash(e.canonical())) for e in ENTRIES]
    assert verify(tampered).holds
    tampered[6] = replace(tampered[6], leaf=bytes(32))

    report = verify(tampered)

    assert (report.broken_at.fault, report.broken_at.sequence) == (Fault.LEAF, 7)


def test_a_stretch_is_verified_from_where_the_last_ended():
    begun = verify(ENTRIES[:5])
    frontier = Frontier().extend(leaf_hash(e.canonical()) for e in ENTRIES[:5])

    whole = verify_stretch(ENTRIES[5:], frontier, bytes.fromhex(begun.head))

    assert (whole.holds, whole.root) == (True, verify(ENTRIES).root)
    assert not verify_stretch(ENTRIES[6:], frontier, bytes.fromhex(begun.head)).holds


def test_a_broken_report_becomes_an_error_for_programs():
    report = verify(ENTRIES[1:])

    with pytest.raises(JournalBrokenError, match="at sequence 1") as caught:
        report.require()

    assert caught.value.fields["found"] == "2"
    assert report.as_dict()["broken_at"]["sequence"] == 1


def test_every_fault_has_its_words():
    assert set(FAULTS) == set(Fault)


def made_with_other_facts(entries):
    """The same chain as its owner could forge it: entry 6 changed, every later digest made anew."""
    from comity.journal import chain

    forged, previous = [], chain.GENESIS
    for entry in entries:
        changed = replace(entry, facts={}) if entry.sequence == 6 else entry
        previous = chain.link(previous, changed.canonical())
        forged.append(replace(changed, digest=previous))
    return forged
