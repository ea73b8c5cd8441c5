# SPDX-License-Identifier: Apache-2.0
"""Reading the journal: pages of entries, proofs, checkpoints, and its verification."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.journal import chain, models
from comity.journal.chain import GENESIS, Break, Fault, VerificationReport
from comity.journal.entry import Actor, Entry
from comity.journal.proof import Extension, Proof
from comity.journal.reading import EntryFilter, EntryPage, Head, StoredCheckpoint
from comity.sealing.checkpoint import NoteKey, read_note_key
from comity.sealing.merkle import (
    Frontier,
    ReadHash,
    Tree,
    consistency_proof,
    inclusion_proof,
)

PAGE_LENGTH = 50
LONGEST_PAGE = 500
SIGNING_KEY = "journal-signing.pem"
"""The private key's file in the node's folder of keys."""
TRUSTED_KEYS = "journal-signing.keys"
"""Beside it: every public key that ever signed this journal's checkpoints, one a line."""
SUBTREE_STEP = 8
"""Subtrees of 2**8, 2**16, … leaves are kept; the others are computed from those below."""
_READ_AT_ONCE = 2000


class UnknownEntryError(NotFoundError):
    """The journal has no such entry."""

    code = "unknown-journal-entry"
    message = N_("The journal has no entry {sequence}.")
    remedy = N_("List the entries on the journal's page or with “comity journal export”.")


class NotYetProvedError(NotFoundError):
    """No checkpoint covers the entry yet, so there is nothing to prove it against."""

    code = "journal-entry-not-yet-proved"
    message = N_("Entry {sequence} has no proof: the last checkpoint covers {size} entries.")
    remedy = N_("Make a checkpoint with “comity journal checkpoint”, or wait for the next.")


class UnknownCheckpointError(NotFoundError):
    """The journal has no checkpoint of that size."""

    code = "unknown-journal-checkpoint"
    message = N_("The journal has no checkpoint of size {size}.")
    remedy = N_("List the checkpoints on the journal's verification page.")


EVERYTHING = EntryFilter()


def entries(
    wanted: EntryFilter = EVERYTHING,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = PAGE_LENGTH,
) -> EntryPage:
    """One page of entries, newest first: those before a sequence, or those just after one."""
    limit = max(1, min(limit, LONGEST_PAGE))
    rows = models.Entry.objects.filter(**_conditions(wanted))
    if after is not None:
        found = list(rows.filter(sequence__gt=after).order_by("sequence")[: limit + 1])
        page, more_newer = found[:limit][::-1], len(found) > limit
        older: bool = rows.filter(sequence__lte=after).exists()
    else:
        if before is not None:
            rows = rows.filter(sequence__lt=before)
        found = list(rows.order_by("-sequence")[: limit + 1])
        page, older, more_newer = found[:limit], len(found) > limit, before is not None
    return EntryPage(
        entries=tuple(_value(row) for row in page),
        older_than=page[-1].sequence if page and older else None,
        newer_than=page[0].sequence if page and more_newer else None,
    )


def entry(sequence: int) -> Entry:
    """The entry of this sequence."""
    row = models.Entry.objects.filter(sequence=sequence).first()
    if row is None:
        raise UnknownEntryError(sequence=sequence)
    return _value(row)


def entries_about(subject: str, *, limit: int = LONGEST_PAGE) -> tuple[Entry, ...]:
    """What was done on one thing, oldest first: its timeline."""
    rows = models.Entry.objects.filter(subject=subject).order_by("sequence")[:limit]
    return tuple(_value(row) for row in rows)


def acts() -> tuple[str, ...]:
    """Every kind of act that was ever recorded, for a filter."""
    with connection.cursor() as cursor:
        cursor.execute(_DISTINCT_ACTS)
        return tuple(act for (act,) in cursor.fetchall())


# Steps from one kind of act to the next through the index, so that its cost does not grow
# with the journal.
_DISTINCT_ACTS = """
    WITH RECURSIVE kind AS (
        (SELECT act FROM journal_entry ORDER BY act LIMIT 1)
        UNION ALL
        SELECT (SELECT e.act FROM journal_entry e WHERE e.act > kind.act ORDER BY e.act LIMIT 1)
        FROM kind WHERE kind.act IS NOT NULL
    )
    SELECT act FROM kind WHERE act IS NOT NULL
"""


def head() -> Head:
    """The last entry's place and digest."""
    row = models.Entry.objects.order_by("-sequence").values_list("sequence", "digest").first()
    return Head(row[0], bytes(row[1])) if row else Head(0, GENESIS)


def all_entries(*, after: int = 0) -> Iterator[Entry]:
    """Every entry, oldest first, read in portions."""
    while True:
        rows = models.Entry.objects.filter(sequence__gt=after).order_by("sequence")
        portion = list(rows[:_READ_AT_ONCE])
        for row in portion:
            yield _value(row)
        if len(portion) < _READ_AT_ONCE:
            return
        after = portion[-1].sequence


def checkpoints(
    *, before: int | None = None, limit: int | None = None
) -> tuple[StoredCheckpoint, ...]:
    """The checkpoints, newest first, or those of fewer entries than `before`."""
    rows = models.Checkpoint.objects.order_by("-size")
    if before is not None:
        rows = rows.filter(size__lt=before)
    return tuple(_checkpoint_value(row) for row in rows[:limit])


def latest_checkpoint() -> StoredCheckpoint | None:
    """The newest checkpoint, if any was made."""
    return next(iter(checkpoints(limit=1)), None)


def checkpoint_of_size(size: int) -> StoredCheckpoint:
    """The checkpoint made at exactly this size."""
    row = models.Checkpoint.objects.filter(size=size).first()
    if row is None:
        raise UnknownCheckpointError(size=size)
    return _checkpoint_value(row)


def proof(sequence: int) -> Proof:
    """That the entry stands in the journal as the newest checkpoint signed it."""
    proved = entry(sequence)
    latest = latest_checkpoint()
    if latest is None or latest.size < sequence:
        raise NotYetProvedError(sequence=sequence, size=latest.size if latest else 0)
    path = inclusion_proof(sequence - 1, latest.size, read_hash())
    return Proof(proved, path, latest.note)


def extension(first: int, second: int) -> Extension:
    """That the journal at one checkpoint's size begins that at a later one's."""
    older, newer = checkpoint_of_size(first), checkpoint_of_size(second)
    path = consistency_proof(older.size, newer.size, read_hash())
    return Extension(path, older.note, newer.note)


def verify_all(
    keys: Sequence[NoteKey] = (), *, kept_elsewhere: Sequence[str] = ()
) -> VerificationReport:
    """Walk the whole stored journal with its checkpoints; a report, never an exception.

    Checkpoints kept elsewhere find what the owner of the database rewrote together with the
    checkpoints stored here.
    """
    notes = [*kept_elsewhere, *(stored.note for stored in checkpoints())]
    report = chain.verify(all_entries(), notes, keys)
    return report if report.broken_at else replace(report, broken_at=_broken_subtree())


def _broken_subtree() -> Break | None:
    """The first kept subtree that does not follow from those below; the leaves are verified."""
    for row in models.Subtree.objects.order_by("level", "position").iterator():
        expected, found = subtree_hash(row.level, row.position), bytes(row.hash)
        if expected != found:
            last = (row.position + 1) << row.level
            return Break(last, Fault.SUBTREE, expected.hex(), found.hex())
    return None


def trusted_keys() -> tuple[NoteKey, ...]:
    """The public keys that signed this node's checkpoints, as its folder of keys lists them."""
    try:
        lines = (key_folder() / TRUSTED_KEYS).read_text("utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(read_note_key(line) for line in lines if line.strip())


def key_folder() -> Path:
    """The node's folder of keys."""
    home: Path = settings.ENVIRONMENT.home
    return home / "keys"


def frontier(size: int) -> Frontier:
    """What the tree of the first entries is known by, read from kept subtrees."""
    read, low, peaks = read_hash(), 0, []
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            peaks.append(read(level, low >> level))
            low += 1 << level
    return Frontier(size, tuple(peaks))


def read_hash() -> ReadHash:
    """A reader of complete subtrees' hashes; remembers what it has read."""
    return cache(_read_hash)


def subtree_hash(level: int, position: int) -> bytes:
    """The hash of a subtree whose level is kept, computed from the kept level below."""
    below = level - SUBTREE_STEP
    return Tree(_row_hashes(below, position << SUBTREE_STEP, 1 << SUBTREE_STEP)).root()


def _read_hash(level: int, index: int) -> bytes:
    above = level % SUBTREE_STEP
    return Tree(_row_hashes(level - above, index << above, 1 << above)).root()


def _row_hashes(level: int, first: int, count: int) -> list[bytes]:
    """The kept hashes of this level from `first` on: leaves, or complete subtrees."""
    if level == 0:
        leaves = models.Entry.objects.filter(sequence__gt=first, sequence__lte=first + count)
        return [bytes(leaf) for leaf in leaves.order_by("sequence").values_list("leaf", flat=True)]
    rows = models.Subtree.objects.filter(
        level=level, position__gte=first, position__lt=first + count
    )
    hashes = rows.order_by("position").values_list("hash", flat=True)
    return [bytes(kept) for kept in hashes]


def _conditions(wanted: EntryFilter) -> dict[str, object]:
    conditions: dict[str, object] = {
        name: value
        for name in ("act", "subject", "actor")
        if (value := getattr(wanted, name)) != ""
    }
    if wanted.since is not None:
        conditions["at__gte"] = datetime.combine(wanted.since, time.min, UTC)
    if wanted.until is not None:
        conditions["at__lte"] = datetime.combine(wanted.until, time.max, UTC)
    return conditions


def _value(row: models.Entry) -> Entry:
    return Entry(
        sequence=row.sequence,
        identifier=str(row.identifier),
        at=row.at,
        actor=Actor(row.actor, row.role),
        act=row.act,
        subject=row.subject,
        instrument=row.instrument,
        article=row.article,
        facts=row.facts,
        digest=bytes(row.digest),
        leaf=bytes(row.leaf),
    )


def _checkpoint_value(row: models.Checkpoint) -> StoredCheckpoint:
    return StoredCheckpoint(row.size, bytes(row.root), row.note, row.made_at)
