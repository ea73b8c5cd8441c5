# SPDX-License-Identifier: Apache-2.0
"""Brings a node up from a backup in an empty folder, or proves in scratch that it could be.

Nothing of a backup that fails any check is kept: wrong key, cut off, altered, a journal that
does not hold. No framework here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from comity import __version__, clock
from comity.catalogues import N_
from comity.errors import ComityError, InvalidInputError, PeerError, VerificationError
from comity.sealing.encryption import SealedForAnotherError, decrypt_stream, recipient_of
from comity.sealing.key_folder import lock_of
from comity.sealing.keys import DecryptionKey
from comity.server import postgres
from comity.server.environment import Environment
from comity.server.node.archive import BackupDamagedError, read_archive
from comity.server.node.backing_up import libpq_variables, what_was_wrong
from comity.server.node.databases import new_database
from comity.server.node.home import UNFINISHED_FILE, Home, held, make_folders
from comity.server.node.making import clear_unfinished, refuse_used_folder
from comity.server.node.preparing import migrate
from comity.server.postgres_programs import find_programs
from comity.storage.blob_store import Verification
from comity.storage.local import LocalStore
from comity.storage.storage_key import STORAGE_KEY, StorageKeyDiffersError, storage_key

ACT = "comity node restore"
OF_THE_OLD_PLACE = ("DATABASE_URL", "COMITY_OWNER_DATABASE_URL", "COMITY_HOME")
"""Settings that named the old machine's database: a restored node does not reach for it."""


class BackupUnreadableError(InvalidInputError):
    """There is no readable backup under that name."""

    code = "backup-unreadable"
    message = N_("The backup {file} cannot be read: {reason}.")
    remedy = N_("Name the file that `comity node backup` wrote.")


class RestoreFailedError(PeerError):
    """The database would not take the backup."""

    code = "restore-failed"
    message = N_("The database did not take the backup {file}: {reason}.")
    remedy = N_("Nothing was kept; remove the obstacle and run the command again.")


class JournalNotWholeError(VerificationError):
    """The journal in a backup does not hold."""

    code = "backup-journal-broken"
    message = N_("The journal in {file} does not hold at entry {sequence}.")
    remedy = N_("Use another backup, and compare both with `comity journal verify`.")


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was opened, restored and replayed to its end."""

    home: Path
    made_at: str
    release: str
    """The release that wrote it."""
    entries: int
    """How many entries of the journal were replayed."""
    checkpoints: int
    members: int
    """How many files the manifest named, each of which fitted its digest."""
    blobs: int
    """How many of its stored contents were opened to their ends."""
    blobs_damaged: int
    """How many of them were damaged when the backup was made already."""


def restore(environment: Environment, file: Path, key_file: Path) -> Restored:
    """Bring the node up from this backup; the folder must be empty."""
    key = DecryptionKey.load(key_file)
    _require_key(file, key)
    home = Home.of(environment)
    refuse_used_folder(home)
    existed = home.path.exists()
    make_folders(home)
    try:
        with held(home, ACT):
            (home.path / UNFINISHED_FILE).touch()
            clear_unfinished(home)
            make_folders(home)
            restored = _restore(environment, home, file, key)
            home.describe(
                release=__version__,
                made_at=restored.made_at,
                restored_at=clock.now().isoformat(timespec="seconds"),
            )
            (home.path / UNFINISHED_FILE).unlink()
    except BaseException:
        _discard(home, existed=existed)
        raise
    return restored


def verify_backup(environment: Environment, file: Path, key_file: Path) -> Restored:
    """Restore the backup into scratch, replay every digest of its journal, and discard it."""
    with tempfile.TemporaryDirectory(prefix="comity-verify-") as scratch:
        Path(scratch).chmod(0o711)
        home = Path(scratch) / "home"
        apart = replace(
            environment,
            home=home,
            database_url="",
            owner_database_url="",
            backup_folder="",
        )
        try:
            return restore(apart, file, key_file)
        finally:
            _discard(Home.of(apart), existed=False)


def _restore(environment: Environment, home: Home, file: Path, key: DecryptionKey) -> Restored:
    with new_database(environment):
        with opened(file, key) as stream, _Taker(environment, home, file) as taker:
            manifest = read_archive(stream, taker.take)
        journal = migrate(environment, "verify", "evidence")
    if not journal["holds"]:
        raise JournalNotWholeError(file=file, sequence=journal["broken_at"])
    if journal["entries"] < manifest["journal_entries"]:
        raise BackupDamagedError(obstacle="the journal is shorter than it was")
    stored = _verify_storage(environment, home)
    return Restored(
        home.path,
        manifest["made_at"],
        manifest["release"],
        journal["entries"],
        journal["checkpoints"],
        len(manifest["members"]),
        stored.blobs + journal["evidence_contents"],
        len(stored.damaged) + journal["evidence_damaged"],
    )


def _verify_storage(environment: Environment, home: Home) -> Verification:
    """Open every stored content; none where the node had none, or its keys are locked here."""
    nothing = Verification(0, 0, ())
    if not (home.keys / STORAGE_KEY).exists():
        return nothing
    try:
        key = storage_key(home.keys, home.blobs, lock_of(environment))
    except StorageKeyDiffersError:
        raise
    except ComityError:  # locked by a passphrase or a token that is not at hand here
        return nothing
    return LocalStore(home.blobs, key).verify_all()


class _Taker:
    """Puts each member of a backup where it belongs; the dump flows into `pg_restore`."""

    def __init__(self, environment: Environment, home: Home, file: Path) -> None:
        self.home = home
        self.file = file
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self.database = subprocess.Popen(
            [
                find_programs(environment.pg_bindir).path("pg_restore"),
                "--no-owner",
                "--no-privileges",
                "--exit-on-error",
                "--dbname=",
            ],
            env=libpq_variables(environment),
            stdin=subprocess.PIPE,
            stderr=self.said,
        )

    def __enter__(self) -> _Taker:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        assert self.database.stdin is not None
        if kind is not None:
            self.database.kill()
        with contextlib.suppress(BrokenPipeError):
            self.database.stdin.close()
        failed = self.database.wait()
        self.said.seek(0)
        reason = what_was_wrong(self.said.read().decode("utf-8", "replace"))
        self.said.close()
        if failed and kind is None:
            raise RestoreFailedError(file=self.file, reason=reason or f"code {failed}")

    def take(self, name: str, chunks: Iterator[bytes]) -> None:
        """Put one member in its place."""
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts:
            raise BackupDamagedError(obstacle=f"{name} would lie outside the node")
        match place.parts[0]:
            case "database":
                self._feed(chunks)
            case "settings.env":
                _write(self.home.settings_file, [_without_old_place(b"".join(chunks))])
            case "keys" | "blobs" | "evidence":
                _write(self.home.path / place, chunks)
            case _:
                raise BackupDamagedError(obstacle=f"{name} has no place in a node")

    def _feed(self, chunks: Iterator[bytes]) -> None:
        assert self.database.stdin is not None
        for chunk in chunks:
            with contextlib.suppress(BrokenPipeError):  # it failed; what it says is read at the end
                self.database.stdin.write(chunk)


@contextlib.contextmanager
def opened(file: Path, key: DecryptionKey) -> Iterator[Any]:
    """What is inside a sealed backup, as a stream; an error of the seal is raised at the end."""
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def unseal() -> None:
        with os.fdopen(writing, "wb") as sink:
            try:
                with file.open("rb") as source:
                    decrypt_stream(source, sink, key)
            except BrokenPipeError:
                pass
            except (ComityError, OSError) as error:
                failed.append(error)

    thread = threading.Thread(target=unseal, daemon=True)
    with os.fdopen(reading, "rb") as stream:
        thread.start()
        try:
            yield stream
        except ComityError as error:
            if _joined(thread, stream) and failed:
                raise failed[0] from error  # the seal says better what is wrong
            raise
    thread.join()
    if failed:
        raise failed[0]


def _joined(thread: threading.Thread, stream: Any) -> bool:  # any: the pipe's reading end
    stream.close()
    thread.join()
    return True


def _require_key(file: Path, key: DecryptionKey) -> None:
    """Before anything is made: the file is a backup, and this key opens it."""
    try:
        with file.open("rb") as source:
            expected = recipient_of(source)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise BackupUnreadableError(file=file, reason=reason) from error
    if expected != key.public.key_id:
        raise SealedForAnotherError(expected=expected, found=key.public.key_id)


def _without_old_place(text: bytes) -> bytes:
    lines = text.decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(OF_THE_OLD_PLACE)).encode()


def _write(path: Path, chunks: Iterator[bytes] | list[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _discard(home: Home, *, existed: bool) -> None:
    """Remove everything that a failed restore wrote."""
    if not home.path.exists():
        return
    clear_unfinished(home)
    database = postgres.database_folder(home.path)
    for path in home.path.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if not existed and not database.exists():
        home.path.rmdir()
