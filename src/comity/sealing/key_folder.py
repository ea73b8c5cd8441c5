# SPDX-License-Identifier: Apache-2.0
"""The node's folder of private keys, each file closed to other users and sealed where a lock is.

Whoever keeps a private key in a file reads and writes it here. Without a lock the files lie
open, readable by their owner only; once one is sealed, no further key is written unsealed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from comity.catalogues import N_
from comity.errors import ConflictError, NotFoundError
from comity.sealing.key_lock import (
    Lock,
    PassphraseLock,
    is_sealed,
    lock_kind,
    lock_up,
    new_wrapping_key,
    open_key,
    seal_key,
    unlock,
)
from comity.sealing.keys import PRIVATE_MODE, KeyFileError, KeyFileExistsError
from comity.sealing.token import Token, TokenLock

FOLDER = "keys"
"""Below the node's home."""
WRAPPING_FILE = "wrapping-key.json"
PRIVATE_PATTERNS = ("*.pem", "*.key", "storage-key")
"""Which files of the folder may hold private keys."""
PUBLIC_SUFFIX = ".public.pem"
_FOLDER_MODE = 0o700


class KeysLockedError(ConflictError):
    """The keys are sealed, and nothing that opens them was given."""

    code = "keys-locked"
    message = N_("The node's keys are sealed by a {lock}, and none was given.")
    remedy = N_(
        "Set COMITY_KEY_PASSPHRASE_FILE, or COMITY_TOKEN_MODULE with its label and PIN file."
    )


class NoLockError(NotFoundError):
    """Keys are to be sealed, and nothing to seal them with was given."""

    code = "no-key-lock"
    message = N_("There is nothing to seal the node's keys with.")
    remedy = N_(
        "Set COMITY_KEY_PASSPHRASE_FILE, or COMITY_TOKEN_MODULE with its label and PIN file."
    )


class KeySettings(Protocol):
    """What of a node's settings says where its keys lie and what locks them."""

    @property
    def home(self) -> Path:
        """The node's folder."""
        ...

    @property
    def key_passphrase(self) -> str:
        """The passphrase; empty for none."""
        ...

    @property
    def token_module(self) -> str:
        """The library of a token; empty for none."""
        ...

    @property
    def token_label(self) -> str:
        """The token's label."""
        ...

    @property
    def token_pin(self) -> str:
        """The token's PIN."""
        ...


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One private key's file."""

    name: str
    """Below the folder, such as `exchange/1f0e….pem`."""
    sealed: bool


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """Private keys by the names of their files."""

    path: Path
    lock: Lock | None = field(default=None, repr=False)

    def read(self, name: str) -> bytes:
        """The content of a key file, opened where it is sealed."""
        file = self.path / name
        try:
            content = file.read_bytes()
        except OSError as error:
            raise KeyFileError(path=file, obstacle=error.strerror or "unreadable") from error
        if not is_sealed(content):
            return content
        return open_key(content, wrapping=self._wrapping(), name=name)

    def write(self, name: str, content: bytes) -> None:
        """Keep a new key, never over another one; sealed where the folder has a lock."""
        file = self.path / name
        file.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        if self.lock is not None or self.lock_kind:
            content = seal_key(content, wrapping=self._wrapping(), name=name)
        _write_new(file, content)

    def holds(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return (self.path / name).exists()

    def is_sealed(self, name: str) -> bool:
        """Whether the file lies sealed."""
        with (self.path / name).open("rb") as file:
            return is_sealed(file.read(64))

    @property
    def lock_kind(self) -> str:
        """What the wrapping key is closed by; empty where nothing was sealed yet."""
        try:
            return lock_kind((self.path / WRAPPING_FILE).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return ""

    def files(self) -> tuple[KeyFile, ...]:
        """Every private key's file, and whether it is sealed."""
        return tuple(KeyFile(name, self.is_sealed(name)) for name in self._names())

    def seal_all(self) -> tuple[str, ...]:
        """Seal every file that lies open; their names."""
        if self.lock is None:
            raise NoLockError
        open_ones = [file.name for file in self.files() if not file.sealed]
        for name in open_ones:
            sealed = seal_key(self.read(name), wrapping=self._wrapping(), name=name)
            _replace(self.path / name, sealed)
        return tuple(open_ones)

    def change_lock(self, lock: Lock) -> KeyFolder:
        """Close the wrapping key by another lock; the key files stay as they are."""
        content = lock_up(self._wrapping(), lock)
        _replace(self.path / WRAPPING_FILE, content)
        _unlocked.cache_clear()
        return KeyFolder(self.path, lock)

    def _names(self) -> Iterator[str]:
        found = {file for pattern in PRIVATE_PATTERNS for file in self.path.rglob(pattern)}
        names = sorted(str(file.relative_to(self.path)) for file in found)
        yield from (name for name in names if not name.endswith(PUBLIC_SUFFIX))

    def _wrapping(self) -> bytes:
        file = self.path / WRAPPING_FILE
        if self.lock is None:
            raise KeysLockedError(lock=self.lock_kind)
        with contextlib.suppress(FileExistsError):  # another process was first
            if not file.exists():
                _write_whole(file, lock_up(new_wrapping_key(), self.lock))
        return _unlocked(file.read_bytes(), self.lock)


@lru_cache(maxsize=4)
def _unlocked(content: bytes, lock: Lock) -> bytes:
    """The wrapping key; remembered, for opening it takes a quarter of a second."""
    return unlock(content, lock)


def key_folder(settings: KeySettings) -> KeyFolder:
    """The folder of keys of a node with these settings."""
    return KeyFolder(settings.home / FOLDER, lock_of(settings))


def lock_of(settings: KeySettings) -> Lock | None:
    """What these settings lock the keys with, if anything.

    Where both a passphrase and a token are set, what closed the wrapping key decides; for a new
    folder it is the token.
    """
    locks = locks_of(settings)
    kind = KeyFolder(settings.home / FOLDER).lock_kind if len(locks) > 1 else ""
    return locks.get(kind) or next(iter(locks.values()), None)


def locks_of(settings: KeySettings) -> dict[str, Lock]:
    """Every lock that the settings describe, by its kind; a token before a passphrase."""
    locks: list[Lock] = []
    if settings.token_module:
        locks.append(
            TokenLock(Token(Path(settings.token_module), settings.token_label, settings.token_pin))
        )
    if settings.key_passphrase:
        locks.append(PassphraseLock(settings.key_passphrase))
    return {lock.kind: lock for lock in locks}


def _write_new(file: Path, content: bytes) -> None:
    try:
        _write_whole(file, content)
    except FileExistsError as error:
        raise KeyFileExistsError(path=file) from error


def _write_whole(file: Path, content: bytes) -> None:
    """The file appears whole or not at all, and never in another one's place."""
    passing = _written_beside(file, content)
    try:
        os.link(passing, file)
    finally:
        passing.unlink()
    _sync_folder(file.parent)


def _replace(file: Path, content: bytes) -> None:
    _written_beside(file, content).replace(file)
    _sync_folder(file.parent)


def _written_beside(file: Path, content: bytes) -> Path:
    file.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    passing = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    with os.fdopen(descriptor, "wb") as written:
        os.fchmod(written.fileno(), PRIVATE_MODE)  # whatever the umask says
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    return passing


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
