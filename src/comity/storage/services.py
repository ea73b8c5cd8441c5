# SPDX-License-Identifier: Apache-2.0
"""The node's own store, and sealing of what its tables hold: both by the node's storage key."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from comity.sealing.key_folder import lock_of
from comity.sealing.short_secrets import seal_bytes, seal_text, unseal_bytes, unseal_text
from comity.storage import storage_key as keys
from comity.storage.blob_store import BlobStore
from comity.storage.local import LocalStore

KEY_FOLDER, BLOB_FOLDER = "keys", "blobs"


def store() -> BlobStore:
    """The store of this node's content."""
    return _store_in(settings.ENVIRONMENT.home)


def storage_key() -> bytes:
    """The key that seals what this node keeps: the one place where it is read."""
    return _key_in(settings.ENVIRONMENT.home)


def seal_record(content: bytes, purpose: str) -> bytes:
    """Bytes as a table may hold them; `purpose` is a fixed word, and opening asks for the same."""
    return seal_bytes(content, key=storage_key(), purpose=purpose)


def unseal_record(sealed: bytes, purpose: str) -> bytes:
    """The bytes again; raise `SecretUnreadableError` unless this node sealed them for this."""
    return unseal_bytes(bytes(sealed), key=storage_key(), purpose=purpose)


def seal_text_record(text: str, purpose: str) -> str:
    """A text as a table may hold it."""
    return seal_text(text, key=storage_key(), purpose=purpose)


def unseal_text_record(sealed: str, purpose: str) -> str:
    """The text again; raise `SecretUnreadableError` unless this node sealed it for this."""
    return unseal_text(sealed, key=storage_key(), purpose=purpose)


@lru_cache(maxsize=8)
def _store_in(home: Path) -> LocalStore:
    return LocalStore(home / BLOB_FOLDER, _key_in(home))


@lru_cache(maxsize=8)
def _key_in(home: Path) -> bytes:
    lock = lock_of(settings.ENVIRONMENT)
    return keys.storage_key(home / KEY_FOLDER, home / BLOB_FOLDER, lock)
