# SPDX-License-Identifier: Apache-2.0
"""Holding items against what was recorded of them: their content, their custody, bit by bit.

A slice is verified every night, those that waited longest first. What is found to be damaged or
missing withholds certification until it is found whole again; nothing is hidden meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.evidence import models
from comity.evidence.custody import Custody, CustodyAct, Fault
from comity.evidence.queries.custody import _custody_of
from comity.evidence.queries.keys import ItemErasedError, item_key
from comity.evidence.services import keeping
from comity.evidence.services.custody import NewAct, _appended, _settled
from comity.evidence.services.rows import EVIDENCE, Done, _locked_item, acting, record_all
from comity.journal.entry import Actor
from comity.storage.blob_store import BlobDamagedError, BlobMissingError, Verification

MOST_ITEMS = 5_000
MOST_BYTES = 20 * 1024**3
"""So much is read in one slice, whichever of the two is reached first."""
ABANDONED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Slice:
    """What came of verifying some items."""

    items: int
    bytes: int
    withheld: tuple[str, ...]
    """References of those whose certification is withheld."""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with any of them."""
        return not self.withheld


def verify_item(reference: str, *, by: Officer | Actor = EVIDENCE, at: datetime) -> Custody:
    """Read all that the store holds of an item, examine its custody, and settle what follows.

    An officer's verification is an act of custody; the nightly one leaves one only where content
    is found whole that was not before.
    """
    actor = acting(by, Permission.KEEP_EVIDENCE)
    fault, digest = _read(reference)
    with transaction.atomic():
        row = _locked_item(reference)
        before, row.content_fault, row.verified_at = row.content_fault, fault, at
        row.save(update_fields=["content_fault", "verified_at"])
        done: list[Done] = []
        if isinstance(by, Officer) or (before and not fault):
            _appended(row, NewAct(CustodyAct.VERIFIED), digest, by=actor, at=at, done=done)
        else:
            done += _settled(row, at=at)
        record_all(done, at=at)
        return _custody_of(row)


def verify_slice(
    *, at: datetime, most_items: int = MOST_ITEMS, most_bytes: int = MOST_BYTES
) -> Slice:
    """Verify the items that waited longest, up to so many or so much."""
    rows = models.Item.objects.order_by(F("verified_at").asc(nulls_first=True), "pk")
    chosen = rows.filter(key__isnull=False).values_list("reference", "size")[:most_items]
    items = size = 0
    withheld = []
    for reference, length in list(chosen):
        if items and size + (length or 0) > most_bytes:
            break
        items, size = items + 1, size + (length or 0)
        if not verify_item(reference, at=at).holds:
            withheld.append(reference)
    return Slice(items, size, tuple(withheld))


def verify_all(*, at: datetime) -> Slice:
    """Verify every item; for the command."""
    items = models.Item.objects.count()
    return verify_slice(at=at, most_items=items, most_bytes=2**63)


def stored_contents() -> Verification:
    """Open every stored content of evidence, as a restored node proves it; nothing is written.

    Raises:
        StorageKeyMissingError, StorageKeyDiffersError: no item's key can be opened here.
    """
    size = count = 0
    damaged: list[str] = []
    rows = models.StoredContent.objects.order_by("pk").values_list(
        "item__reference", "item__blob", "item__digest", "blob", "size"
    )
    for reference, own, digest, name, length in rows.iterator(chunk_size=500):
        count, size = count + 1, size + length
        found = _digest_of(item_key(reference), name)
        if not found or (name == own and found != digest):
            damaged.append(name)
    return Verification(count, size, tuple(damaged))


def sweep(*, at: datetime) -> int:
    """Remove files that no row names: what a crash or a failed act left; how many."""
    store = keeping.store_of(keeping.new_key())
    removed = store.sweep(at - ABANDONED)
    for name in store.names():
        known = models.StoredContent.objects.filter(blob=name).exists()
        packed = models.PackingOrder.objects.filter(blob=name).exists()
        if not (known or packed) and keeping.untouched_since(name, at - ABANDONED):
            removed += store.remove(name)
    return removed


def _digest_of(key: bytes, name: str) -> str:
    """The digest of a stored content; empty where it is missing or damaged."""
    try:
        return keeping.store_of(key).verify(name).digest
    except (BlobDamagedError, BlobMissingError):
        return ""


def _read(reference: str) -> tuple[str, str]:
    """What is wrong with all that is stored of an item, and the digest of its content."""
    try:
        key = item_key(reference)
    except ItemErasedError:
        return "", ""
    row = models.Item.objects.only("blob", "digest").get(reference=reference)
    store, fault, digest = keeping.store_of(key), "", ""
    for name in row.stored.values_list("blob", flat=True):
        try:
            found = store.verify(name)
        except BlobMissingError:
            fault = fault or Fault.CONTENT_MISSING.value
        except BlobDamagedError:
            fault = Fault.CONTENT_DAMAGED.value
        else:
            digest = found.digest if name == row.blob else digest
    return fault, digest
