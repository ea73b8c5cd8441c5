# SPDX-License-Identifier: Apache-2.0
"""Proof that one entry stands in the journal that a checkpoint signed, for use far from it.

The proof carries the entry, its path in the tree and the checkpoint; whoever trusts the
checkpoint's key needs nothing else, and learns nothing of other entries but random digests.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.journal.entry import Entry, read_entry
from comity.sealing.checkpoint import Checkpoint, NoteKey, read_checkpoint, verify_checkpoint
from comity.sealing.merkle import leaf_hash, verify_consistency, verify_inclusion

FORMAT = "comity-journal-proof/1"


class ProofUnreadableError(InvalidInputError):
    """A text is not a proof of the journal."""

    code = "journal-proof-unreadable"
    message = N_("This is not a proof of the journal: {obstacle}.")
    remedy = N_("Download the proof again from the entry's page.")


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry, its path to the root, and the checkpoint that signed the root."""

    entry: Entry
    path: tuple[bytes, ...]
    checkpoint: str
    """The signed note, verbatim."""

    def verify(self, keys: Sequence[NoteKey]) -> Checkpoint:
        """The checkpoint, once it is signed and the entry proves to stand under its root."""
        checkpoint = verify_checkpoint(self.checkpoint, keys)
        leaf = leaf_hash(self.entry.canonical())
        index = self.entry.sequence - 1
        verify_inclusion(leaf, index, checkpoint.size, self.path, checkpoint.root)
        return checkpoint

    def as_dict(self) -> dict[str, Any]:
        """The proof as JSON."""
        return {
            "format": FORMAT,
            "entry": self.entry.as_dict(),
            "leaf": leaf_hash(self.entry.canonical()).hex(),
            "path": [step.hex() for step in self.path],
            "checkpoint": self.checkpoint,
        }

    def as_note(self) -> str:
        """The proof as the text of c2sp.org/tlog-proof, its extra data the canonical entry."""
        lines = [
            "c2sp.org/tlog-proof@v1",
            f"extra {base64.b64encode(self.entry.canonical()).decode()}",
            f"index {self.entry.sequence - 1}",
            *(base64.b64encode(step).decode() for step in self.path),
            "",
        ]
        return "\n".join(lines) + "\n" + self.checkpoint


@dataclass(frozen=True, slots=True)
class Extension:
    """Proof that the journal at one checkpoint is the beginning of that at a later one."""

    path: tuple[bytes, ...]
    first: str
    second: str

    def verify(self, keys: Sequence[NoteKey]) -> tuple[Checkpoint, Checkpoint]:
        """Both checkpoints, once both are signed and the second extends the first."""
        first, second = verify_checkpoint(self.first, keys), verify_checkpoint(self.second, keys)
        verify_consistency(first.size, second.size, self.path, first.root, second.root)
        return first, second

    def as_dict(self) -> dict[str, Any]:
        """The proof as JSON."""
        return {
            "first_size": read_checkpoint(self.first).size,
            "second_size": read_checkpoint(self.second).size,
            "path": [step.hex() for step in self.path],
            "first": self.first,
            "second": self.second,
        }


def read_proof(members: Mapping[str, Any]) -> Proof:
    """The proof of a JSON object, nothing of it verified."""
    if members.get("format") != FORMAT:
        raise ProofUnreadableError(obstacle=f"it does not say {FORMAT}")
    try:
        path = tuple(bytes.fromhex(step) for step in members["path"])
        note, entry = members["checkpoint"], members["entry"]
    except (KeyError, TypeError, ValueError) as error:
        raise ProofUnreadableError(obstacle="a member is missing or of another type") from error
    if not isinstance(note, str) or not isinstance(entry, Mapping):
        raise ProofUnreadableError(obstacle="a member is of another type")
    return Proof(read_entry(entry, line=1), path, note)
