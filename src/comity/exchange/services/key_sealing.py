# SPDX-License-Identifier: Apache-2.0
"""Which of this node's keys there are and how their private halves lie; sealing them.

The files are sealed before the act is recorded: what is sealed twice is sealed, and a record of
what did not happen would be worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.exchange.key_schedule import MADE_USES, NoKeyError, OwnKey, active_key, successor
from comity.exchange.partner import KeyUse
from comity.exchange.services.own_keys import own_keys
from comity.journal.entry import Actor
from comity.journal.services import record
from comity.sealing.key_folder import KeyFolder, NoLockError, key_folder, locks_of
from comity.sealing.key_lock import Lock


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key and what it is now: active, next, valid, announced, revoked or ended."""

    key: OwnKey
    state: str

    def as_dict(self) -> dict[str, Any]:
        """The key as a program reads it: nothing of its private half."""
        revoked = self.key.revoked_at
        return {
            "use": self.key.use.value,
            "key": self.key.key_id,
            "state": self.state,
            "valid_from": self.key.valid_from.isoformat(),
            "active_from": self.key.active_from.isoformat(),
            "valid_until": self.key.valid_until.isoformat(),
            "revoked_at": revoked.isoformat() if revoked else None,
        }


@dataclass(frozen=True, slots=True)
class ShownKeys:
    """The node's keys and the state of their folder."""

    keys: tuple[ShownKey, ...]
    lock: str
    files: int
    open_files: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The keys as a program reads them."""
        return {
            "lock": self.lock,
            "files": self.files,
            "open_files": list(self.open_files),
            "keys": [key.as_dict() for key in self.keys],
        }


@dataclass(frozen=True, slots=True)
class KeysSealed:
    """What was sealed, and by what."""

    lock: str
    sealed: tuple[str, ...]
    lock_changed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The act as a program reads it."""
        return {
            "lock": self.lock,
            "sealed": list(self.sealed),
            "lock_changed": self.lock_changed,
        }


def keys_shown(*, at: datetime) -> ShownKeys:
    """Every key that this node ever had, and which files lie open."""
    keys, folder = own_keys(), key_folder(settings.ENVIRONMENT)
    files = folder.files()
    return ShownKeys(
        keys=tuple(ShownKey(key, _state(key, keys, at=at)) for key in keys),
        lock=folder.lock_kind,
        files=len(files),
        open_files=tuple(file.name for file in files if not file.sealed),
    )


def seal_keys(*, by: Officer, at: datetime) -> KeysSealed:
    """Seal every private key that lies open, by what the settings describe."""
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    folder = key_folder(settings.ENVIRONMENT)
    sealed = folder.seal_all()
    _record("keys-sealed", folder, sealed, by=actor, at=at)
    return KeysSealed(folder.lock_kind, sealed)


def seal_by(kind: str, *, by: Officer, at: datetime) -> KeysSealed:
    """Let the lock of this kind, which the settings describe, seal the keys from now on."""
    lock = locks_of(settings.ENVIRONMENT).get(kind)
    if lock is None:
        raise NoLockError
    folder = key_folder(settings.ENVIRONMENT)
    if folder.lock_kind in ("", kind):
        return seal_keys(by=by, at=at)
    return change_lock(lock, by=by, at=at)


def change_lock(lock: Lock, *, by: Officer, at: datetime) -> KeysSealed:
    """Let another passphrase or token seal the keys; what lies open is sealed as well."""
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    folder = key_folder(settings.ENVIRONMENT)
    changed = folder.change_lock(lock) if folder.lock_kind else KeyFolder(folder.path, lock)
    sealed = changed.seal_all()
    _record("key-lock-changed", changed, sealed, by=actor, at=at)
    return KeysSealed(changed.lock_kind, sealed, lock_changed=True)


def _record(
    act: str, folder: KeyFolder, sealed: tuple[str, ...], *, by: Actor, at: datetime
) -> None:
    facts = {"method": folder.lock_kind, "count": str(len(sealed))}
    with transaction.atomic():
        record(act, "NODE", by=by, at=at, facts=facts)


def _state(key: OwnKey, keys: tuple[OwnKey, ...], *, at: datetime) -> str:
    if key.revoked_at is not None and key.revoked_at <= at:
        return "revoked"
    if key.valid_until <= at:
        return "ended"
    if key.use is KeyUse.JOURNAL:
        return "active" if key == _newest(keys) else "valid"
    if key.use in MADE_USES and key == successor(keys, key.use, at=at):
        return "next"
    try:
        active = active_key(keys, key.use, at=at)
    except NoKeyError:
        return "announced"
    return "active" if key == active else "valid" if key.card_key.fits(at) else "announced"


def _newest(keys: tuple[OwnKey, ...]) -> OwnKey:
    listed = [key for key in keys if key.use is KeyUse.JOURNAL]
    return max(listed, key=lambda key: key.made_at)
