# SPDX-License-Identifier: Apache-2.0
"""The journal as the API sends it."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from comity.journal.chain import Fault, VerificationReport
from comity.journal.entry import Entry
from comity.journal.proof import Extension, Proof
from comity.journal.reading import StoredCheckpoint

DIGEST = r"^[0-9a-f]{64}$"


class EntryOut(Schema):
    """An entry with its digest; without the digest, these members are what it covers."""

    sequence: int
    id: str
    at: str = Field(description="Always UTC with microseconds: the digest covers this spelling.")
    actor: str
    role: str
    act: str
    subject: str
    instrument: str
    article: str
    facts: dict[str, str]
    digest: str = Field(pattern=DIGEST)

    @staticmethod
    def of(entry: Entry) -> EntryOut:
        """The entry as it is exported."""
        return EntryOut(**entry.as_dict())


class EntriesOut(Schema):
    """A page of entries, newest first."""

    items: list[EntryOut]
    next: str | None = Field(description="Pass as `after` for the next page.")


class ProofOut(Schema):
    """That an entry stands in the journal that the checkpoint signed."""

    format: str
    entry: EntryOut
    leaf: str = Field(pattern=DIGEST)
    path: list[str]
    checkpoint: str = Field(description="The signed note (C2SP tlog-checkpoint), verbatim.")

    @staticmethod
    def of(proof: Proof) -> ProofOut:
        """The proof as its file holds it."""
        return ProofOut(**proof.as_dict())


class CheckpointOut(Schema):
    """A signed tree head."""

    size: int
    root: str = Field(pattern=DIGEST)
    checkpoint: str = Field(description="The signed note (C2SP tlog-checkpoint), verbatim.")
    made_at: datetime

    @staticmethod
    def of(kept: StoredCheckpoint) -> CheckpointOut:
        """The checkpoint as it is kept."""
        return CheckpointOut(
            size=kept.size, root=kept.root.hex(), checkpoint=kept.note, made_at=kept.made_at
        )


class CheckpointsOut(Schema):
    """A page of checkpoints, newest first."""

    items: list[CheckpointOut]
    next: str | None = Field(description="Pass as `after` for the next page.")


class ExtensionOut(Schema):
    """That the journal at the first size is the beginning of that at the second."""

    first_size: int
    second_size: int
    path: list[str]
    first: str
    second: str

    @staticmethod
    def of(extension: Extension) -> ExtensionOut:
        """The proof between two checkpoints."""
        return ExtensionOut(**extension.as_dict())


class KeysOut(Schema):
    """The public keys that ever signed the journal's checkpoints."""

    keys: list[str] = Field(description="Verifier keys: name+id+key, as C2SP signed-note has them.")


class BreakOut(Schema):
    """The first place where something does not fit."""

    sequence: int
    fault: Fault
    expected: str
    found: str


class JournalReportOut(Schema):
    """What a verification walked, and where it broke if it did."""

    holds: bool
    entries: int
    head: str
    root: str
    checkpoints: int
    signatures_checked: bool
    broken_at: BreakOut | None

    @staticmethod
    def of(report: VerificationReport) -> JournalReportOut:
        """The report."""
        return JournalReportOut(**report.as_dict())
