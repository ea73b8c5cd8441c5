# SPDX-License-Identifier: Apache-2.0
"""This node's own keys: rows that say which and since when, private halves in sealed files.

Reading them is remembered per process, for every message needs them; a file beside the keys
grows by a byte with every change, so that the other processes read anew.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from comity.accounts.officer import NODE
from comity.exchange import models
from comity.exchange.key_schedule import LIFETIMES, MADE_USES, SKEW, OwnKey, active_key
from comity.exchange.partner import CardKey, KeyUse
from comity.journal.entry import Actor
from comity.journal.queries import trusted_keys
from comity.journal.services import note_key, record
from comity.journal.services import signing_key as journal_signing_key
from comity.sealing.certificates import make_certificate
from comity.sealing.checkpoint import NoteKey
from comity.sealing.key_folder import KeyFolder, key_folder
from comity.sealing.keys import DecryptionKey, SigningKey

FOLDER = "exchange"
_CHANGES = "changes"


def make_own_keys(*, at: datetime) -> tuple[OwnKey, ...]:
    """Make what the node lacks of its keys; doing it again changes nothing."""
    if _is_complete():
        return own_keys()
    with transaction.atomic():
        lock_rows()
        known = {key.use for key in _rows()}
        for use in MADE_USES:
            if use not in known:
                make_key(use, at=at, valid_from=at - SKEW, active_from=at - SKEW)
        _note_journal_keys(at=at)
    return own_keys()


def _is_complete() -> bool:
    """Whether nothing is lacking: asked with every card, so without a lock."""
    keys = _kept().keys
    listed = {key.public for key in keys if key.use is KeyUse.JOURNAL}
    lines = {key.text for key in trusted_keys()}
    return {key.use for key in keys} >= set(MADE_USES) and bool(lines) and lines <= listed


def make_key(
    use: KeyUse, *, at: datetime, valid_from: datetime, active_from: datetime, by: Actor = NODE
) -> OwnKey:
    """A new key with its file and its row, in the caller's transaction."""
    valid_until = active_from + LIFETIMES[use]
    public, key_id, private = _MADE[use](valid_from, valid_until)
    _folder().write(_file(key_id), private)
    row = models.OwnKey(
        use=use,
        key_id=key_id,
        public=public,
        made_at=at,
        valid_from=valid_from,
        valid_until=valid_until,
        active_from=active_from,
        announced_at=at,
    )
    row.save(force_insert=True)
    changed()
    from_ = active_from.isoformat(timespec="seconds").replace("+00:00", "Z")
    facts = {"kind": use.value, "key_id": key_id, "at": from_}
    record("own-key-made", key_id.upper(), by=by, at=at, facts=facts)
    return _value(row)


def own_keys() -> tuple[OwnKey, ...]:
    """Every key that this node ever had."""
    return _kept().keys


def signing_key(use: KeyUse, *, at: datetime) -> SigningKey:
    """The key to sign with at this instant; raises `NoKeyError`."""
    kept = _kept()
    return _opened(kept, active_key(kept.keys, use, at=at).key_id)


def signing_keys(use: KeyUse, *, at: datetime) -> tuple[SigningKey, ...]:
    """Every key of this use that counts at this instant, in use or announced.

    Our card is signed by each identity key in force, so that its roll-over is proved by both.
    """
    kept = _kept()
    valid = [key for key in kept.keys if key.use is use and key.card_key.fits(at)]
    return tuple(_opened(kept, key.key_id) for key in valid)


def decryption_keys() -> Mapping[str, DecryptionKey]:
    """Every encryption key that was not destroyed, by its id: what comes late still opens."""
    kept = _kept()
    if kept.opening is None:
        kept.opening = MappingProxyType(
            {
                key.key_id: DecryptionKey.from_pem(kept.folder.read(_file(key.key_id)))
                for key in kept.keys
                if key.use is KeyUse.ENCRYPTION and kept.folder.holds(_file(key.key_id))
            }
        )
    return kept.opening


def tls_paths(*, at: datetime) -> tuple[Path, Path]:
    """Certificate and private key of now, as files that the TLS library can read.

    A sealed key is opened into memory, never onto a disk: its path is one of this process alone.
    """
    kept = _kept()
    key = active_key(kept.keys, KeyUse.TLS, at=at)
    paths = kept.tls.get(key.key_id)
    if paths is None:
        opened = kept.folder.read(_file(key.key_id))
        paths = (
            in_memory(f"{key.key_id}.crt", key.public.encode()),
            in_memory(key.key_id, opened),
        )
        kept.tls[key.key_id] = paths
    return paths


@dataclass(frozen=True, slots=True)
class Cosigner:
    """The journal's key, which also cosigns partners' checkpoints, and its name in notes."""

    name: str
    key: SigningKey = field(repr=False)


def journal_keys() -> tuple[NoteKey, ...]:
    """The public keys that ever signed this node's checkpoints."""
    return trusted_keys()


def journal_cosigner() -> Cosigner:
    """The key that signs this node's checkpoints now."""
    key = journal_signing_key()
    return Cosigner(note_key(key.public).name, key)


def own_card_keys(*, at: datetime) -> tuple[CardKey, ...]:
    """What this node's card says of its keys: those in use, announced, or lately expired."""
    return tuple(
        key.card_key
        for key in own_keys()
        if key.valid_until > at - KEPT_ON_CARD and key.announced_at is not None
    )


KEPT_ON_CARD = timedelta(days=3652)
"""How long an expired key stays on the card: what it signed is still to be verified."""


def changed() -> None:
    """Let this process and all others read the keys anew, at the latest after the commit."""
    _state.kept = None
    if not _change_pending():
        transaction.on_commit(_tell_processes)


@dataclass(slots=True)
class _Kept:
    """The keys as they were read, and what was made of their files since."""

    seen: tuple[str, int]
    folder: KeyFolder
    keys: tuple[OwnKey, ...]
    signing: dict[str, SigningKey] = field(default_factory=dict)
    opening: Mapping[str, DecryptionKey] | None = None
    tls: dict[str, tuple[Path, Path]] = field(default_factory=dict)


@dataclass(slots=True)
class _State:
    kept: _Kept | None = None


_state = _State()
_memory_files: dict[tuple[str, bytes], Path] = {}
_memory_lock = threading.Lock()


def _kept() -> _Kept:
    """What is remembered, as long as nothing changed; inside a change always read anew."""
    folder = _folder()
    seen = (str(folder.path), _changes(folder))
    kept = _state.kept
    if kept is not None and kept.seen == seen and not _change_pending():
        return kept
    fresh = _Kept(seen, folder, _rows())
    if not _change_pending() and fresh.keys:
        _state.kept = fresh
    return fresh


def _opened(kept: _Kept, key_id: str) -> SigningKey:
    found = kept.signing.get(key_id)
    if found is None:
        name = _file(key_id)
        found = SigningKey.from_pem(kept.folder.read(name), named=name)
        kept.signing[key_id] = found
    return found


def _changes(folder: KeyFolder) -> int:
    try:
        return os.stat(folder.path / FOLDER / _CHANGES).st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _change_pending() -> bool:
    return any(waiting[1] is _tell_processes for waiting in connection.run_on_commit)


def _tell_processes() -> None:
    _state.kept = None
    with (_folder().path / FOLDER / _CHANGES).open("ab") as file:
        file.write(b".")


def in_memory(name: str, content: bytes) -> Path:
    """A file of this process's memory that lasts as long as the process."""
    with _memory_lock:
        path = _memory_files.get((name, content))
        if path is None:
            descriptor = os.memfd_create(f"comity-{name}")
            os.write(descriptor, content)
            path = Path(f"/proc/self/fd/{descriptor}")
            _memory_files[name, content] = path
        return path


def lock_rows() -> None:
    """One transaction at a time changes this node's keys."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE exchange_ownkey IN SHARE ROW EXCLUSIVE MODE")


def _folder() -> KeyFolder:
    return key_folder(settings.ENVIRONMENT)


def _file(key_id: str) -> str:
    return f"{FOLDER}/{key_id}.pem"


def _rows() -> tuple[OwnKey, ...]:
    return tuple(_value(row) for row in models.OwnKey.objects.all())


def _value(row: models.OwnKey) -> OwnKey:
    return OwnKey(
        use=KeyUse(row.use),
        key_id=row.key_id,
        public=row.public,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        active_from=row.active_from,
        made_at=row.made_at,
        announced_at=row.announced_at,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
        holder=row.holder,
    )


def _note_journal_keys(*, at: datetime) -> None:
    """A row for every key that ever signed the journal's checkpoints."""
    journal_signing_key()  # made now where the journal has none yet
    known = set(models.OwnKey.objects.filter(use=KeyUse.JOURNAL).values_list("public", flat=True))
    for key in trusted_keys():
        if key.text not in known:
            models.OwnKey(
                use=KeyUse.JOURNAL,
                key_id=key.key.key_id,
                public=key.text,
                made_at=at,
                valid_from=at - SKEW,
                valid_until=at + LIFETIMES[KeyUse.JOURNAL],
                active_from=at - SKEW,
                announced_at=at,
            ).save(force_insert=True)
            changed()


def _signing(_from: datetime, _until: datetime) -> tuple[str, str, bytes]:
    key = SigningKey.make()
    return key.public.pem.decode(), key.public.key_id, key.private_pem()


def _encryption(_from: datetime, _until: datetime) -> tuple[str, str, bytes]:
    key = DecryptionKey.make()
    return key.public.pem.decode(), key.public.key_id, key.private_pem()


def _tls(valid_from: datetime, valid_until: datetime) -> tuple[str, str, bytes]:
    code = settings.ENVIRONMENT.administration or "comity"
    made = make_certificate(
        common_name=f"{code} exchange",
        names=tls_names(),
        valid_from=valid_from,
        valid_until=valid_until,
    )
    return made.certificate.pem.decode(), made.certificate.key_id, made.private_pem


def tls_names() -> tuple[str, ...]:
    """The names that this node's certificate must speak for."""
    host = urlsplit(settings.ENVIRONMENT.exchange_url).hostname
    return (host,) if host else ("localhost", "127.0.0.1")


_MADE = {
    KeyUse.IDENTITY: _signing,
    KeyUse.ENVELOPE: _signing,
    KeyUse.ENCRYPTION: _encryption,
    KeyUse.TLS: _tls,
}
