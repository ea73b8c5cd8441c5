# SPDX-License-Identifier: Apache-2.0
"""Acts to record, the node's folder of keys in scratch, and entries as if from a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from comity.journal import chain
from comity.journal.entry import Actor, Entry
from comity.sealing.checkpoint import Checkpoint, NoteKey, sign_checkpoint
from comity.sealing.keys import SigningKey
from comity.sealing.merkle import Tree, leaf_hash

CUSTODIAN = Actor("OFF-NL-1", "treaty-custodian")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORIGIN = "northland.example/journal"
KEY = SigningKey.from_seed(bytes(32))
NOTE_KEY = NoteKey(ORIGIN, KEY.public)


def made_entries(count: int) -> list[Entry]:
    """A chain of this many acts, linked as the database links them."""
    entries, previous = [], chain.GENESIS
    for sequence in range(1, count + 1):
        body = {
            "sequence": sequence,
            "identifier": f"00000000-0000-4000-8000-{sequence:012d}",
            "at": NOON + timedelta(minutes=sequence),
            "actor": CUSTODIAN,
            "act": "instrument-confirmed",
            "subject": f"CNF-NL-2026-{sequence:05d}",
            "instrument": "nl-sl-2020",
            "article": "12(3)",
            "facts": {"from": "2020-01-01"},
        }
        spelled = Entry(**body, digest=b"").canonical()
        previous = chain.link(previous, spelled)
        entries.append(Entry(**body, digest=previous))
    return entries


def signed(entries: list[Entry], size: int) -> str:
    """The checkpoint over the first `size` entries."""
    tree = Tree(leaf_hash(entry.canonical()) for entry in entries[:size])
    return sign_checkpoint(Checkpoint(ORIGIN, size, tree.root()), KEY)


@pytest.fixture
def key_folder(settings, tmp_path: Path) -> Path:
    """An empty folder of keys in a home of the test's own."""
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    return tmp_path / "keys"
