# SPDX-License-Identifier: Apache-2.0
"""The node's storage key: 32 bytes in its folder of keys, made once, for its owner alone.

Everything that the node keeps encrypted is sealed by it or by keys derived from it. The store
notes a check of the key that it was first used with, so that a lost key is never silently
replaced, nor one that belongs to another backup taken for ours.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from pathlib import Path

from comity.catalogues import N_
from comity.errors import NotFoundError, VerificationError
from comity.sealing.key_folder import KeyFolder
from comity.sealing.key_lock import Lock
from comity.sealing.keys import KeyFileExistsError
from comity.storage import disk

STORAGE_KEY = "storage-key"
KEY_CHECK = "key-check"
_LENGTH = 32


class StorageKeyMissingError(NotFoundError):
    """The key that this node's content was sealed with is gone."""

    code = "storage-key-missing"
    message = N_("The node's storage key {path} is missing, so nothing it sealed can be read.")
    remedy = N_("Restore the node's folder of keys from the backup that belongs to its data.")


class StorageKeyDiffersError(VerificationError):
    """The key is there, and is not the one that this node's content was sealed with."""

    code = "storage-key-differs"
    message = N_("The storage key {path} is not the one that sealed this node's content.")
    remedy = N_("Restore the node's folder of keys from the backup that belongs to its data.")


def storage_key(keys: Path, blobs: Path, lock: Lock | None = None) -> bytes:
    """The key in this folder of keys; made where neither a key nor anything sealed is here.

    Its file lies sealed where the folder has a lock.

    Raises:
        StorageKeyMissingError, StorageKeyDiffersError: the content needs another key.
    """
    folder = KeyFolder(keys, lock)
    path, check = keys / STORAGE_KEY, blobs / KEY_CHECK
    noted = _read(check)
    if not folder.holds(STORAGE_KEY):
        if noted is not None:
            raise StorageKeyMissingError(path=path)
        _make(folder)
    key = folder.read(STORAGE_KEY)
    found = check_of(key)
    if noted is None:
        _write(check, found)
    elif not hmac.compare_digest(noted, found):
        raise StorageKeyDiffersError(path=path)
    return key


def key_is_missing(keys: Path, blobs: Path) -> bool:
    """Whether something was sealed here, and its key is gone."""
    return (blobs / KEY_CHECK).exists() and not (keys / STORAGE_KEY).exists()


def check_of(key: bytes) -> bytes:
    """What tells this key from every other, and nothing of it."""
    return hmac.digest(key, b"comity storage key check", "sha256")


def _make(folder: KeyFolder) -> None:
    """Make the key, unless somebody else does so first."""
    with contextlib.suppress(KeyFileExistsError):
        folder.write(STORAGE_KEY, secrets.token_bytes(_LENGTH))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _write(path: Path, content: bytes) -> None:
    """Write a file that appears whole; a file of that name stays as it is."""
    disk.make_folder(path.parent)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with disk.closing(disk.make_file(unfinished)) as file:
        disk.write_at(file, content, 0)
        disk.sync(file)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        unfinished.unlink()
    disk.sync_folder(path.parent)
