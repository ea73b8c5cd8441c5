# SPDX-License-Identifier: Apache-2.0
"""Keeping what items hold: a key for each item, its sealed words, its content in the store.

Everything lies in `evidence` in the node's folder under names that only the item's key gives, so
equal content is shared within an item alone. Destroying the key erases all of it: nothing that
is made of an item may be kept under another key. The door out is `services.way_out`; what reads
here reads inside only.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.evidence import models
from comity.evidence.item import Claim, Description
from comity.evidence.item_documents import read_description
from comity.evidence.queries.items import UnknownItemError
from comity.evidence.queries.keys import (
    CLAIM,
    DESCRIPTION,
    ITEM_KEY,
    ItemErasedError,
    item_key,
    opened_key,
    words_in,
)
from comity.sealing.encryption import Readable
from comity.sealing.short_secrets import seal_bytes, unseal_bytes
from comity.storage.blob_store import Blob
from comity.storage.local import CONTENT, LocalStore
from comity.storage.services import seal_record
from comity.storage.services import store as node_store

FOLDER = "evidence"
_KEY_LENGTH = 32


class NoContentError(NotFoundError):
    """The item has no file."""

    code = "item-without-content"
    message = N_("{reference} has no file: it is a physical object.")
    remedy = N_("See where it lies in its custody.")


def folder() -> Path:
    """Where the content of evidence lies."""
    return Path(settings.ENVIRONMENT.home) / FOLDER


def new_key() -> bytes:
    """A key for an item that is to be."""
    return secrets.token_bytes(_KEY_LENGTH)


def _keep_key(row: models.Item, key: bytes) -> None:
    """Keep the key of a new item, sealed by the node's storage key."""
    models.ItemKey.objects.create(item=row, sealed=seal_record(key, ITEM_KEY))


def seal_words(key: bytes, document: Mapping[str, Any] | list[Any], purpose: str) -> bytes:
    """What a person wrote, as a table may hold it; sealed under an item's key."""
    return seal_bytes(json.dumps(document).encode(), key=key, purpose=purpose)


def seal_for_item(reference: str, content: bytes, purpose: str) -> bytes:
    """Bytes that a table may hold of an item; `purpose` is a fixed word."""
    return seal_bytes(content, key=item_key(reference), purpose=purpose)


def unseal_of_item(reference: str, sealed: bytes, purpose: str) -> bytes:
    """The bytes again; raise `ItemErasedError` where the item's key is gone."""
    return unseal_bytes(bytes(sealed), key=item_key(reference), purpose=purpose)


def store_of(key: bytes) -> LocalStore:
    """The store as this item's key names what lies in it."""
    return LocalStore(folder(), key)


def put_content(reference: str, source: Readable) -> Blob:
    """Keep something made of an item (a page, a preview) under the item's key, and note it."""
    return _put(reference, source)[1]


def _put(reference: str, source: Readable) -> tuple[int, Blob]:
    """The same, and the number of the item's row."""
    held = models.ItemKey.objects.filter(item__reference=reference).first()
    if held is None:
        item_key(reference)  # says what is missing
        raise ItemErasedError(reference=reference)
    blob = store_of(opened_key(held.sealed)).put(source)
    _note_content(held.item_id, blob)
    return held.item_id, blob


def _note_content(row: int, blob: Blob) -> None:
    """Note that a content lies under an item's key; what nobody noted is swept away."""
    note = models.StoredContent(item_id=row, blob=blob.name, size=blob.size)
    models.StoredContent.objects.bulk_create([note], ignore_conflicts=True)


def open_stored(reference: str, blob: str) -> BinaryIO:
    """Something that was put under an item's key, verified as it is read."""
    return store_of(item_key(reference)).open(blob)


def open_content_inside(reference: str) -> BinaryIO:
    """The item's content for what never leaves: its verification, its previews, its certification.

    Raises:
        NoContentError: it is a thing. ItemErasedError: its key was destroyed.
        BlobMissingError, BlobDamagedError: now or when read: it is not what was put there.
    """
    return held_inside((reference,))[reference].content()


def description_inside(reference: str) -> Description:
    """What a person wrote of an item, for the door out and for what never leaves."""
    return held_inside((reference,))[reference].description()


@dataclass(frozen=True, slots=True)
class Held:
    """What lies here of an item, and the key that opens it; for what reads inside."""

    reference: str
    key: bytes
    blob: str
    sealed: bytes

    def description(self) -> Description:
        """What a person wrote of the item."""
        return read_description(words_in(self.key, self.sealed, DESCRIPTION))

    def content(self) -> BinaryIO:
        """The item's content; as `open_content_inside`."""
        if not self.blob:
            raise NoContentError(reference=self.reference)
        return store_of(self.key).open(self.blob)


def held_inside(references: Sequence[str]) -> dict[str, Held]:
    """What lies here of several items, read at once.

    Raises:
        UnknownItemError: there is no such item. ItemErasedError: its key was destroyed.
    """
    rows = models.Item.objects.filter(reference__in=references).select_related("key")
    kept = {row.reference: row for row in rows.only("reference", "blob", "sealed", "key__sealed")}
    found = {}
    for reference in references:
        if reference not in kept:
            raise UnknownItemError(reference=reference)
        row = kept[reference]
        key = getattr(row, "key", None)
        if key is None:
            raise ItemErasedError(reference=reference)
        found[reference] = Held(reference, opened_key(key.sealed), row.blob, bytes(row.sealed))
    return found


def claims_inside(reference: str) -> tuple[Claim, ...]:
    """What its authors say of an item's description, for the door out."""
    key = item_key(reference)
    rows = models.Claim.objects.filter(item__reference=reference)
    return tuple(
        Claim(row.field, words_in(key, row.sealed, CLAIM)["text"], row.author, row.at)
        for row in rows
    )


def open_brought(blob: str) -> BinaryIO:
    """A content that the exchange brought, to be taken over under an item's key."""
    return node_store().open(blob)


@transaction.atomic
def destroy_key(reference: str) -> None:
    """Erase an item for good: its key, its words, its content and all that was made of it.

    The caller decides who may, and records it. Rows that others keep sealed under the item's key
    can no longer be opened by anybody; the files go when the transaction has ended.
    """
    row = models.Item.objects.select_for_update().filter(reference=reference).first()
    if row is None:
        raise UnknownItemError(reference=reference)
    models.ItemKey.objects.filter(item=row).delete()
    names = list(row.stored.values_list("blob", flat=True))
    row.stored.all().delete()
    row.claims.update(sealed=b"")
    row.channels.update(sealed=b"")
    row.words.all().delete()
    row.sealed, row.blob, row.version = b"", "", row.version + 1
    row.save(update_fields=["sealed", "blob", "version"])
    transaction.on_commit(partial(_remove, names))
    if not any(waiting[1] is forget_dead_rows for waiting in connection.run_on_commit):
        transaction.on_commit(forget_dead_rows)


def remove_contents(reference: str, blobs: Iterable[str]) -> None:
    """Remove what was made of an item and is wanted no more, such as a preview."""
    names = list(blobs)
    models.StoredContent.objects.filter(item__reference=reference, blob__in=names).delete()
    transaction.on_commit(partial(_remove, names))


def forget_dead_rows() -> None:
    """Have the database give up the rows of destroyed keys and of words, where nothing waits."""
    _vacuum("", models.ItemKey, models.ItemWord)


def rewrite_keys() -> None:
    """Have the table of keys written anew, so that no old file holds a destroyed one.

    The database's own log of writes holds its sealed bytes until it is recycled; they open with
    the node's storage key alone.
    """
    _vacuum("FULL", models.ItemKey)


def _vacuum(how: str, *tables: type[Model]) -> None:
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:  # where the role may not, PostgreSQL warns and goes on
        cursor.execute("SET lock_timeout = '10s'")
        for table in tables:
            cursor.execute(f"VACUUM {how} {table._meta.db_table}")
        cursor.execute("RESET lock_timeout")


def untouched_since(blob: str, before: datetime) -> bool:
    """Whether a file of the store has lain there since before this instant."""
    try:
        return (folder() / CONTENT / blob[:2] / blob).stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


def _remove(names: list[str]) -> None:
    store = store_of(bytes(_KEY_LENGTH))  # removing needs no key: names say where files lie
    for name in names:
        store.remove(name)


def blob_of(reference: str) -> str:
    """The name of an item's content in the store; raise `NoContentError` where it has none."""
    row = models.Item.objects.only("blob").get(reference=reference)
    if not row.blob:
        raise NoContentError(reference=reference)
    return row.blob
