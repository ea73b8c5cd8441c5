# SPDX-License-Identifier: Apache-2.0
"""Recording acts, and signing what the journal has come to.

`record` runs in its caller's transaction and is to be the last thing done there: the head of
the chain is held from this moment until the commit. When the caller's outermost `atomic` ends,
the act is on the disk.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.journal import chain, models, queries
from comity.journal.chain import GENESIS, Break, Fault, JournalBrokenError, VerificationReport
from comity.journal.entry import Act, Actor, Entry
from comity.journal.queries import (
    SIGNING_KEY,
    SUBTREE_STEP,
    TRUSTED_KEYS,
    key_folder,
)
from comity.journal.reading import StoredCheckpoint
from comity.sealing.checkpoint import Checkpoint, NoteKey, read_checkpoint, sign_checkpoint
from comity.sealing.key_folder import KeyFolder, lock_of
from comity.sealing.keys import SigningKey, VerificationKey

ORIGIN = "comity-journal"
_CHECKPOINT_LOCK = int.from_bytes(b"comity-c")


class SigningKeyMissingError(NotFoundError):
    """The node has no key to sign checkpoints with."""

    code = "journal-signing-key-missing"
    message = N_("The journal's signing key {path} is missing, so no checkpoint was signed.")
    remedy = N_("Restore the key from where it is kept, or make a new one with {path} absent.")


def record(
    act: str,
    subject: str,
    *,
    by: Actor,
    at: datetime,
    instrument: str = "",
    article: str = "",
    facts: Mapping[str, str] | None = None,
) -> Entry:
    """Append one act to the chain, in the caller's transaction and as its last statement.

    Raises:
        FactRefusedError, PartRefusedError: something is neither a reference nor a code.
        RuntimeError: no transaction is open, so act and entry would not stand or fall together.
    """
    made = Act(act, subject, by, at, instrument, article, facts or {})
    made.check()
    _require_transaction()
    return _append(made)


def record_several(acts: Iterable[Act]) -> None:
    """Append acts one after another, each as `record` does, told to the database at once."""
    made = list(acts)
    for act in made:
        act.check()
    if not made:
        return
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.executemany(_APPEND, [_parts(act, uuid.uuid4()) for act in made])


def _require_transaction() -> None:
    """Refuse to record outside a transaction; whoever commits this one waits for the disk."""
    if not connection.in_atomic_block:
        raise RuntimeError("journal.record was called outside the transaction of its act")
    if not any(waiting[1] is make_durable for waiting in connection.run_on_commit):
        transaction.on_commit(make_durable)


_APPEND = (
    "SELECT new_sequence, new_digest, set_config('synchronous_commit', 'off', true)"
    " FROM journal_append(%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)"
)
_MAKE_DURABLE = "SELECT pg_logical_emit_message(true, 'comity-journal', '')"


def make_durable() -> None:
    """Wait until every commit so far is on the disk, and on the standbys that commits wait for.

    The act's own commit does not wait for the disk, because the head of the chain is held until
    it ends and acts would follow one another at the disk's pace. This commit, of a message that
    nobody reads, waits instead: after the head is free, and for many writers at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_DURABLE)


def _append(made: Act) -> Entry:
    identifier = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, _parts(made, identifier))
        sequence, digest, _ = cursor.fetchone()
    return Entry(
        sequence=sequence,
        identifier=str(identifier),
        at=made.at,
        actor=made.by,
        act=made.act,
        subject=made.subject,
        instrument=made.instrument,
        article=made.article,
        facts=made.facts,
        digest=bytes(digest),
    )


def _parts(made: Act, identifier: uuid.UUID) -> tuple[Any, ...]:  # any: columns
    return (
        identifier, made.at, made.by.reference, made.by.role, made.act, made.subject,
        made.instrument, made.article, _json(made.facts),
    )  # fmt: skip


@transaction.atomic
def checkpoint(*, at: datetime, key: SigningKey | None = None) -> StoredCheckpoint | None:
    """Sign what the journal has come to; None while it is empty.

    1. One checkpoint is made at a time.
    2. The tree as it was at the last checkpoint must still have the root signed then.
    3. Every entry since must fit the chain; a broken stretch is never signed.
    4. The new root is signed with the node's key, and kept with the subtrees completed since.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHECKPOINT_LOCK])  # (1)
    latest = queries.latest_checkpoint()
    size = latest.size if latest else 0
    if queries.head().size == size:
        return latest
    start = queries.frontier(size)
    if latest is not None and start.root != latest.root:  # (2)
        raise _another_root(latest, start.root)
    digest = queries.entry(size).digest if size else GENESIS
    report = chain.verify_stretch(queries.all_entries(after=size), start, digest)  # (3)
    report.require()
    signed_by = key or signing_key()
    made = Checkpoint(note_key(signed_by.public).name, report.entries, bytes.fromhex(report.root))
    _keep_subtrees(size, made.size)
    row = models.Checkpoint(
        size=made.size, root=made.root, note=sign_checkpoint(made, signed_by), made_at=at
    )
    row.save(force_insert=True)  # (4)
    return StoredCheckpoint(made.size, made.root, row.note, at)


def make_signing_key(folder: Path) -> NoteKey:
    """Make the journal's signing key in this folder, and note its public half beside it."""
    key = SigningKey.make()
    KeyFolder(folder, lock_of(settings.ENVIRONMENT)).write(SIGNING_KEY, key.private_pem())
    public = note_key(key.public)
    with (folder / TRUSTED_KEYS).open("a", encoding="utf-8") as file:
        file.write(public.text + "\n")
    return public


@transaction.atomic
def change_signing_key(*, by: Actor, at: datetime) -> NoteKey:
    """Make a new signing key where the old one was moved away, and record the change."""
    public = make_signing_key(key_folder())
    record("journal-key-changed", "JOURNAL", by=by, at=at, facts={"key_id": public.key.key_id})
    return public


def note_key(key: VerificationKey) -> NoteKey:
    """The key under the journal's name: that of its first checkpoint, for ever."""
    latest = queries.latest_checkpoint()
    return NoteKey(read_checkpoint(latest.note).origin if latest else f"{ORIGIN}/{key.key_id}", key)


def signing_key() -> SigningKey:
    """The node's key for checkpoints; made once, when the journal has no checkpoint yet."""
    path = key_folder() / SIGNING_KEY
    if not path.exists():
        if queries.latest_checkpoint() is not None:
            raise SigningKeyMissingError(path=path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_signing_key(path.parent)
    pem = KeyFolder(path.parent, lock_of(settings.ENVIRONMENT)).read(SIGNING_KEY)
    return SigningKey.from_pem(pem, named=str(path))


def record_verification(report: VerificationReport, *, by: Actor, at: datetime) -> Entry:
    """Record that somebody verified the journal, and what came out."""
    facts = {"outcome": "holds" if report.holds else "broken", "count": str(report.entries)}
    facts |= {"digest": report.head, "checkpoints": str(report.checkpoints)}
    if report.broken_at is not None:
        facts |= {"reason": report.broken_at.fault.value}
        facts |= {"sequence": str(report.broken_at.sequence)}
    with transaction.atomic():
        return record("journal-verified", "JOURNAL", by=by, at=at, facts=facts)


def _keep_subtrees(before: int, now: int) -> None:
    """Keep the hash of every subtree that was completed between two sizes."""
    level = SUBTREE_STEP
    while now >> level:
        rows = [
            models.Subtree(
                level=level, position=position, hash=queries.subtree_hash(level, position)
            )
            for position in range(before >> level, now >> level)
        ]
        models.Subtree.objects.bulk_create(rows)
        level += SUBTREE_STEP


def _another_root(latest: StoredCheckpoint, found: bytes) -> JournalBrokenError:
    fault = Break(latest.size, Fault.ROOT, latest.root.hex(), found.hex())
    return JournalBrokenError(
        sequence=fault.sequence, fault=fault.fault, expected=fault.expected, found=fault.found
    )


def _json(facts: Mapping[str, str]) -> str:
    return json.dumps(dict(facts))
