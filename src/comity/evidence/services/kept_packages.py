# SPDX-License-Identifier: Apache-2.0
"""The files of packages that are kept for a further download, each under a key of its own.

They lie among the contents of evidence for thirty days at most. A package whose item was destroyed
goes with the item; who fetches one again is let by the door again, for every item in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q

from comity.accounts.officer import Officer
from comity.evidence import models
from comity.evidence.item import ItemState
from comity.evidence.packing_order import (
    KEPT_FOR,
    OrderState,
    PackageFileGoneError,
    read_order,
)
from comity.evidence.services import keeping, way_out
from comity.evidence.way_out import WayOut
from comity.journal.services import record
from comity.sealing.encryption import Readable
from comity.storage.blob_store import BlobDamagedError, BlobMissingError
from comity.storage.services import seal_record, unseal_record

ORDER, FILE_KEY = "packing order", "package file key"
"""What an order and the key of its file are sealed for."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was put away, before any row names it."""

    blob: str
    key: bytes
    """Sealed under the node's key."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file of a package, open to be read."""

    package: str
    size: int
    content: BinaryIO


def keep_file(source: Readable) -> KeptFile:
    """Put the file of a package away; what no row names in the end is swept away."""
    key = keeping.new_key()
    return KeptFile(keeping.store_of(key).put(source).name, seal_record(key, FILE_KEY))


def remove_file(blob: str) -> None:
    """Remove a file; removing needs no key."""
    keeping.store_of(keeping.new_key()).remove(blob)


def fetch_package(package: str, *, by: Officer, at: datetime) -> Fetched:
    """The file of a package once more, for the officer who had it packed.

    Raises:
        PackageFileGoneError: it is not kept, or was packed for another officer.
        NotLetOutError: the law or what was laid on an item no longer permits it.
    """
    row = models.PackingOrder.objects.select_related("package").filter(
        package__reference=package, asked_by=by.reference
    ).exclude(blob="").first()  # fmt: skip
    if row is None or row.package is None or _over(row, at):
        raise PackageFileGoneError(package=package)
    wanted = read_order(json.loads(unseal_record(bytes(row.sealed), ORDER)))
    lets = way_out.let_out(
        [*(choice.item for choice in wanted.items), *row.copies],
        WayOut.PACKAGE,
        by=by,
        at=at,
        use=wanted.use,
        recipient=wanted.recipient,
    )
    for let in lets:
        if not let.permitted:
            way_out.description(let)  # which says why not
    try:
        content = keeping.store_of(unseal_record(bytes(row.key), FILE_KEY)).open(row.blob)
    except (BlobMissingError, BlobDamagedError) as error:
        raise PackageFileGoneError(package=package) from error
    facts = {"request": row.reference, "digest": row.package.digest, "count": str(row.count)}
    with transaction.atomic():
        record("package-fetched", package, by=by.actor, at=at, facts=facts)
    return Fetched(package, row.package.size, content)


def remove_files_of_destroyed() -> tuple[str, ...]:
    """Remove the kept file of every package that holds what was destroyed; their references."""
    gone = models.Item.objects.filter(state=ItemState.DESTROYED)
    copies = list(gone.filter(rank="certified-copy").values_list("reference", flat=True))
    kept = models.PackingOrder.objects.exclude(blob="").select_related("package")
    held = Q(package__items__item__state=ItemState.DESTROYED)
    rows = {row.pk: row for row in kept.filter(held).distinct()}
    rows |= {row.pk: row for row in kept.exclude(copies=[]) if set(row.copies) & set(copies)}
    return _removed(rows.values())


def sweep(*, at: datetime) -> int:
    """Remove the files that were kept their time; how many."""
    kept = models.PackingOrder.objects.exclude(blob="").select_related("package")
    return len(_removed(kept.filter(ended_at__lt=at - KEPT_FOR)))


def _removed(rows: Iterable[models.PackingOrder]) -> tuple[str, ...]:
    found = []
    for row in rows:
        with transaction.atomic():
            transaction.on_commit(partial(remove_file, row.blob))
            row.blob, row.key, row.sealed = "", b"", b""
            row.save(update_fields=["blob", "key", "sealed"])
        found.append(row.package.reference if row.package else row.reference)
    return tuple(found)


def _over(row: models.PackingOrder, at: datetime) -> bool:
    over = row.ended_at is None or row.ended_at < at - KEPT_FOR
    return over or row.state != OrderState.PACKED
