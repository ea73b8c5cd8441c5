# SPDX-License-Identifier: Apache-2.0
"""What two nodes signed of one another's journals is verified again from nothing but the notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from comity.exchange.witnessed_log import Kept, LogFault, verify_cosigned, verify_witnessed
from comity.sealing.checkpoint import Checkpoint, NoteKey, cosign, sign_checkpoint
from comity.sealing.keys import SigningKey
from comity.sealing.merkle import Tree, consistency_proof, leaf_hash

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OURS, THEIRS = SigningKey.from_seed(b"n" * 32), SigningKey.from_seed(b"s" * 32)
OUR_KEY = NoteKey("northland.example/journal", OURS.public)
THEIR_KEY = NoteKey("southland.example/journal", THEIRS.public)
LOG = Tree(leaf_hash(str(number).encode()) for number in range(50))
FORK = Tree(leaf_hash(f"other {number}".encode()) for number in range(50))


def kept(size: int, since: int = 0, *, log: Tree = LOG, hour: int = 0) -> Kept:
    note = sign_checkpoint(Checkpoint(THEIR_KEY.name, size, log.root(size)), THEIRS)
    path = consistency_proof(since, size, log.read) if since else ()
    return Kept(
        cosign(note, OURS, name=OUR_KEY.name, at=NOON),
        since,
        tuple(step.hex() for step in path),
        NOON + timedelta(hours=hour),
    )


HONEST = [kept(3), kept(10, 3, hour=1), kept(40, 10, hour=2)]


def faults(notes: list[Kept], *accepted: datetime) -> list[LogFault]:
    found = verify_witnessed(notes, ours=[OUR_KEY], theirs=[THEIR_KEY], accepted=accepted)
    return [each.fault for each in found]


def test_a_journal_that_only_grew_holds():
    assert faults(HONEST) == []


def test_two_journals_of_one_size_are_found():
    assert LogFault.TWO_ROOTS in faults([*HONEST, kept(40, 3, log=FORK, hour=3)])


def test_a_step_without_its_proof_is_found():
    assert faults([HONEST[0], replace(HONEST[1], consistency=())]) == [LogFault.NOT_PROVED]
    assert faults([HONEST[0], replace(HONEST[1], since=7)]) == [LogFault.NOT_PROVED]


def test_a_journal_that_began_anew_is_found_unless_somebody_accepted_it():
    anew = [*HONEST, kept(5, log=FORK, hour=4), kept(9, 5, log=FORK, hour=5)]
    assert LogFault.BEGAN_ANEW in faults(anew)
    assert faults(anew, NOON + timedelta(hours=3)) == []


def _cut(note: str) -> str:
    return note.rsplit("— ", 1)[0]


@pytest.mark.parametrize(
    ("alter", "fault"),
    [
        (lambda note: note.replace("\n3\n", "\n4\n"), LogFault.NOT_SIGNED),
        (_cut, LogFault.NOT_COSIGNED),
    ],
)
def test_every_signature_is_verified_again(alter: Callable[[str], str], fault: LogFault):
    assert faults([replace(HONEST[0], cosigned=alter(HONEST[0].cosigned))]) == [fault]


def cosigned(size: int, log: Tree = LOG) -> str:
    note = sign_checkpoint(Checkpoint(OUR_KEY.name, size, log.root(size)), OURS)
    return cosign(note, THEIRS, name=THEIR_KEY.name, at=NOON)


def test_what_the_partner_cosigned_must_be_of_our_journal():
    found = verify_cosigned(
        [cosigned(5), cosigned(9, FORK)],
        ours=[OUR_KEY],
        theirs=[THEIR_KEY],
        is_of_our_journal=lambda checkpoint: checkpoint.root == LOG.root(checkpoint.size),
    )
    assert [(each.fault, each.size) for each in found] == [(LogFault.NOT_OF_OUR_JOURNAL, 9)]
