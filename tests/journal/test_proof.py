# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from comity.journal.entry import EntryUnreadableError
from comity.journal.proof import Extension, Proof, ProofUnreadableError, read_proof
from comity.sealing.checkpoint import CheckpointUntrustedError, NoteKey
from comity.sealing.keys import SigningKey
from comity.sealing.merkle import (
    ProofBrokenError,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
)
from tests.journal.conftest import NOTE_KEY, ORIGIN, made_entries, signed

ENTRIES = made_entries(11)
TREE = Tree(leaf_hash(entry.canonical()) for entry in ENTRIES)
PROOF = Proof(ENTRIES[4], inclusion_proof(4, 11, TREE.read), signed(ENTRIES, 11))


def test_a_proof_verifies_far_from_the_journal():
    carried = read_proof(json.loads(json.dumps(PROOF.as_dict())))

    assert carried == PROOF
    assert carried.verify([NOTE_KEY]).size == 11


@pytest.mark.parametrize(
    "spoiled",
    [
        replace(PROOF, entry=replace(ENTRIES[4], act="instrument-denied")),
        replace(PROOF, entry=ENTRIES[5]),
        replace(PROOF, entry=replace(ENTRIES[4], sequence=6)),
        replace(PROOF, path=PROOF.path[:-1]),
        replace(PROOF, checkpoint=signed(ENTRIES, 10)),
    ],
)
def test_a_proof_of_anything_else_is_refused(spoiled):
    with pytest.raises(ProofBrokenError):
        spoiled.verify([NOTE_KEY])


def test_a_proof_under_another_key_is_refused():
    stranger = NoteKey(ORIGIN, SigningKey.from_seed(bytes([7]) * 32).public)

    with pytest.raises(CheckpointUntrustedError):
        PROOF.verify([stranger])


def test_a_later_checkpoint_proves_to_extend_an_earlier():
    path = consistency_proof(6, 11, TREE.read)
    extension = Extension(path, signed(ENTRIES, 6), signed(ENTRIES, 11))

    assert [checkpoint.size for checkpoint in extension.verify([NOTE_KEY])] == [6, 11]
    with pytest.raises(ProofBrokenError):
        replace(extension, first=signed(ENTRIES, 5)).verify([NOTE_KEY])
    assert extension.as_dict()["first_size"] == 6


def test_the_proof_as_text_is_that_of_the_public_format():
    lines = PROOF.as_note().split("\n")

    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert base64.b64decode(lines[1].removeprefix("extra ")) == ENTRIES[4].canonical()
    assert lines[2] == "index 4"
    assert [base64.b64decode(line) for line in lines[3:7]] == list(PROOF.path)
    assert PROOF.as_note().endswith("\n\n" + signed(ENTRIES, 11))


@pytest.mark.parametrize(
    "change",
    [{"format": "other"}, {"path": 5}, {"path": ["zz"]}, {"checkpoint": None}, {"entry": 5}],
)
def test_what_is_no_proof_is_not_read(change):
    with pytest.raises(ProofUnreadableError):
        read_proof({**PROOF.as_dict(), **change})


def test_a_proof_of_half_an_entry_is_not_read():
    with pytest.raises(EntryUnreadableError):
        read_proof({**PROOF.as_dict(), "entry": {}})
