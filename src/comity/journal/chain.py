# SPDX-License-Identifier: Apache-2.0
"""The chain over the entries, and the check that every link, root and signature fits.

    digest(n) = SHA-256(digest(n - 1) || canonical bytes of entry n),  digest(0) = 32 zero bytes
    leaf(n)   = SHA-256(0x00 || canonical bytes of entry n)            (RFC 9162)

`verify` reads entries once, in order, in constant memory, from a database or an export alike.
It proves that nothing was changed, removed, added or moved up to the last checkpoint whose key
the reader trusts. What follows that checkpoint could have been rewritten by whoever owns the
database; therefore checkpoints are to be kept elsewhere too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from comity.catalogues import N_
from comity.errors import VerificationError
from comity.journal.entry import Entry
from comity.sealing.checkpoint import (
    Checkpoint,
    CheckpointUnreadableError,
    CheckpointUntrustedError,
    NoteKey,
    read_checkpoint,
    verify_checkpoint,
)
from comity.sealing.merkle import Frontier, leaf_hash

GENESIS = bytes(32)
"""What stands for the digest before the first."""


class Fault(StrEnum):
    """What kind of thing does not fit."""

    SEQUENCE = "sequence"
    DIGEST = "digest"
    LEAF = "leaf"
    ROOT = "root"
    SIGNATURE = "signature"
    MISSING = "missing"
    SUBTREE = "subtree"


FAULTS: dict[Fault, str] = {
    Fault.SEQUENCE: N_("another entry stands where this one belongs"),
    Fault.DIGEST: N_("the digest does not follow from the entry and the one before it"),
    Fault.LEAF: N_("the leaf of the tree does not follow from the entry"),
    Fault.ROOT: N_("the entries do not lead to the root that the checkpoint signed"),
    Fault.SIGNATURE: N_("the checkpoint bears no signature of a trusted key that fits"),
    Fault.MISSING: N_("the checkpoint signed more entries than there are"),
    Fault.SUBTREE: N_("a kept hash of the tree does not follow from the leaves below it"),
}


class JournalBrokenError(VerificationError):
    """The journal does not verify."""

    code = "journal-broken"
    message = N_(
        "The journal does not verify: at sequence {sequence} the {fault} was expected to be"
        " {expected}, and {found} was found."
    )
    remedy = N_(
        "Keep the database as it is, compare it with the last backup by “comity journal verify”,"
        " and tell the auditor."
    )


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where something does not fit."""

    sequence: int
    fault: Fault
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What was walked, and where it broke if it did."""

    entries: int
    head: str
    """Digest of the last entry that fitted, in hexadecimal."""
    root: str
    """Root of the tree over the entries that fitted."""
    checkpoints: int
    """How many checkpoints fitted."""
    signatures_checked: bool
    """False where no key was given: then roots were compared, and nobody's word was proved."""
    broken_at: Break | None = None

    @property
    def holds(self) -> bool:
        """True when everything fitted."""
        return self.broken_at is None

    def require(self) -> None:
        """Raise `JournalBrokenError` unless everything fitted."""
        if self.broken_at is not None:
            raise JournalBrokenError(
                sequence=self.broken_at.sequence,
                fault=self.broken_at.fault.value,
                expected=self.broken_at.expected,
                found=self.broken_at.found,
            )

    def as_dict(self) -> dict[str, Any]:
        """The report for programs."""
        broken = self.broken_at
        return {
            "holds": self.holds,
            "entries": self.entries,
            "head": self.head,
            "root": self.root,
            "checkpoints": self.checkpoints,
            "signatures_checked": self.signatures_checked,
            "broken_at": broken
            and {
                "sequence": broken.sequence,
                "fault": broken.fault.value,
                "expected": broken.expected,
                "found": broken.found,
            },
        }


def link(previous: bytes, canonical_entry: bytes) -> bytes:
    """The digest of the entry that follows this digest."""
    return hashlib.sha256(previous + canonical_entry).digest()


def verify(
    entries: Iterable[Entry], notes: Sequence[str] = (), keys: Sequence[NoteKey] = ()
) -> VerificationReport:
    """Walk the whole chain; the report names the first thing that does not fit.

    1. Every checkpoint can be read and, where keys are given, one of them signed it.
    2. The sequence counts from 1 without a gap.
    3. Each digest follows from the entry and the digest before.
    4. At each checkpoint's size the tree has the root that was signed.
    5. No checkpoint speaks of more entries than there are.
    """
    pending, fault = _read_notes(notes, keys)  # (1)
    walk = _Walk(pending, signatures_checked=bool(keys))
    fault = fault or walk.pass_checkpoints()  # (4), of an empty journal
    for entry in entries:
        if fault is not None and fault.sequence < entry.sequence:
            break
        found = walk.step(entry)  # (2) (3) (4)
        if found is not None:
            fault = found
            break
    else:
        fault = fault or walk.unreached()  # (5)
    return walk.report(fault)


def verify_stretch(
    entries: Iterable[Entry], frontier: Frontier, digest: bytes
) -> VerificationReport:
    """Walk the entries that follow a verified tree and the digest of its last entry."""
    walk = _Walk([], signatures_checked=False)
    walk.frontier, walk.digest = frontier, digest
    return walk.report(next(filter(None, map(walk.step, entries)), None))


class _Walk:
    """Where the walk stands: everything that must be remembered of the entries passed."""

    def __init__(self, pending: list[Checkpoint], *, signatures_checked: bool) -> None:
        self.pending, self.signatures_checked = pending, signatures_checked
        self.frontier, self.digest, self.checkpoints = Frontier(), GENESIS, 0

    def step(self, entry: Entry) -> Break | None:
        place = self.frontier.size + 1
        if entry.sequence != place:
            return Break(place, Fault.SEQUENCE, str(place), str(entry.sequence))
        canonical = entry.canonical()
        digest = link(self.digest, canonical)
        if digest != entry.digest:
            return Break(place, Fault.DIGEST, digest.hex(), entry.digest.hex())
        leaf = leaf_hash(canonical)
        if entry.leaf not in (b"", leaf):
            return Break(place, Fault.LEAF, leaf.hex(), entry.leaf.hex())
        self.digest, self.frontier = digest, self.frontier.append(leaf)
        return self.pass_checkpoints()

    def pass_checkpoints(self) -> Break | None:
        while self.pending and self.pending[0].size == self.frontier.size:
            signed, found = self.pending[0].root, self.frontier.root
            if signed != found:
                return Break(self.frontier.size, Fault.ROOT, signed.hex(), found.hex())
            self.pending.pop(0)
            self.checkpoints += 1
        return None

    def unreached(self) -> Break | None:
        if not self.pending:
            return None
        size = self.frontier.size
        return Break(size + 1, Fault.MISSING, f"{self.pending[-1].size} entries", f"{size}")

    def report(self, fault: Break | None) -> VerificationReport:
        return VerificationReport(
            entries=self.frontier.size,
            head=self.digest.hex(),
            root=self.frontier.root.hex(),
            checkpoints=self.checkpoints,
            signatures_checked=self.signatures_checked,
            broken_at=fault,
        )


def _read_notes(
    notes: Sequence[str], keys: Sequence[NoteKey]
) -> tuple[list[Checkpoint], Break | None]:
    """The checkpoints by size, and the first that cannot be trusted."""
    checkpoints: list[Checkpoint] = []
    faults: list[Break] = []
    for note in notes:
        try:
            checkpoint = verify_checkpoint(note, keys) if keys else read_checkpoint(note)
        except CheckpointUntrustedError as error:
            size = int(str(error.fields["size"]))
            known = ", ".join(key.name for key in keys)
            found = str(error.fields["obstacle"])
            faults.append(Break(size, Fault.SIGNATURE, f"a signature of {known}", found))
        except CheckpointUnreadableError as error:
            found = str(error.fields["obstacle"])
            faults.append(Break(0, Fault.SIGNATURE, "a checkpoint", found))
        else:
            checkpoints.append(checkpoint)
    checkpoints.sort(key=lambda checkpoint: checkpoint.size)
    return checkpoints, min(faults, key=lambda fault: fault.sequence, default=None)
