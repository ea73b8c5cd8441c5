# SPDX-License-Identifier: Apache-2.0
"""Writes a node into one file that only its recovery key opens. No framework here.

Inside: the database's dump, keys, settings, blobs, evidence and a manifest of digests. It is
written under another name and given its own only when it is whole and on the disk.
"""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comity import __version__, clock
from comity.catalogues import N_
from comity.errors import ConflictError, NotFoundError, PeerError
from comity.sealing.encryption import encrypt_stream
from comity.sealing.keys import EncryptionKey
from comity.server.database import connection
from comity.server.environment import Environment, in_effect
from comity.server.node.archive import Pulled, Writer
from comity.server.node.backup_files import SUFFIX, backups
from comity.server.node.databases import open_database, reachable, server_version
from comity.server.node.home import Home, require_made
from comity.server.postgres_programs import Programs, find_programs
from comity.storage.local import PASSING

ACT = "comity node backup"


class BackupFailedError(PeerError):
    """A backup could not be written to its end."""

    code = "backup-failed"
    message = N_("No backup was written to {file}: {reason}.")
    remedy = N_("Remove the obstacle and run the command again; nothing half-written was kept.")


class RecoveryKeyMissingError(NotFoundError):
    """The node has no public recovery key to seal a backup for."""

    code = "recovery-key-missing"
    message = N_("The node in {home} has no recovery key to seal a backup for.")
    remedy = N_("Make one with `comity node recovery-key` and keep it elsewhere.")


class BackupExistsError(ConflictError):
    """A file of that name is there already."""

    code = "backup-exists"
    message = N_("There is a file {file} already.")
    remedy = N_("Name another file.")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written."""

    file: Path
    bytes: int
    entries: int
    """How many entries the journal held when it began."""
    sealed_for: str
    """The short name of the recovery key that opens it."""


def back_up(environment: Environment, file: Path | None = None) -> Backup:
    """Write a backup of the node, running or not."""
    home = Home.of(environment)
    require_made(home)
    if not home.recovery_public_key.exists():
        raise RecoveryKeyMissingError(home=home.path)
    programs = find_programs(environment.pg_bindir)
    with reachable(environment, ACT):
        return write_backup(environment, home, programs, file or new_file(home))


def new_file(home: Home) -> Path:
    """The name of a backup made now."""
    return home.backup_folder / f"{clock.now():%Y%m%dT%H%M%S.%fZ}{SUFFIX}"


def drop_old(home: Home, *, keep: int) -> list[Path]:
    """Remove all but the latest backups of the node's own folder."""
    old = backups(home)[:-keep]
    for file in old:
        file.unlink()
    return old


def write_backup(environment: Environment, home: Home, programs: Programs, file: Path) -> Backup:
    """Write the backup of a node whose database is reachable."""
    if file.exists():
        raise BackupExistsError(file=file)
    recipient = EncryptionKey.load(home.recovery_public_key)
    unfinished = file.with_name(f".{file.name}.unfinished")
    facts = _facts(environment)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(unfinished, "wb", opener=_for_us_alone) as sink:
            source = Pulled(_contents(environment, home, programs, facts))
            encrypt_stream(source, sink, recipient)
            sink.flush()
            os.fsync(sink.fileno())
        unfinished.rename(file)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "the disk is full" if full else error.strerror or str(error)
        raise BackupFailedError(file=file, reason=reason) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()
    entries = int(str(facts["journal_entries"]))
    return Backup(file, file.stat().st_size, entries, recipient.key_id)


def _contents(
    environment: Environment, home: Home, programs: Programs, facts: dict[str, object]
) -> Iterator[bytes]:
    """Keys first, blobs last: a blob is never removed while a row still names it."""
    writer = Writer()
    for path in sorted(path for path in home.keys.rglob("*") if path.is_file()):
        yield from writer.file(f"keys/{path.relative_to(home.keys)}", path)
    if home.settings_file.exists():
        yield from writer.file("settings.env", home.settings_file)
    yield from _dump(environment, programs, writer)
    for path in (*_stored(home.blobs), *_stored(home.evidence)):
        with contextlib.suppress(FileNotFoundError):  # removed since: no row of the dump names it
            yield from writer.file(str(path.relative_to(home.path)), path)
    yield from writer.end(facts)


def _stored(folder: Path) -> Iterator[Path]:
    """Every file below a store's folder that is not on its way in."""
    for place in sorted(folder.iterdir()) if folder.exists() else ():
        if place.name in PASSING:
            continue
        below = sorted(path for path in place.rglob("*") if path.is_file())
        yield from below if place.is_dir() else [place]


def _dump(environment: Environment, programs: Programs, writer: Writer) -> Iterator[bytes]:
    """The database as `pg_dump` writes it: its rows as of one moment, owners left out."""
    dump = subprocess.Popen(
        [programs.path("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"],
        env=libpq_variables(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert dump.stdout is not None
    assert dump.stderr is not None
    with contextlib.ExitStack() as stack:
        stack.callback(dump.wait)
        stack.callback(dump.stderr.close)
        stack.callback(dump.stdout.close)
        stack.callback(dump.kill)
        yield from writer.pieces("database", dump.stdout)
        said = dump.stderr.read().decode("utf-8", "replace").strip()
        if dump.wait():
            raise OSError(what_was_wrong(said) or "pg_dump failed")


def what_was_wrong(said: str) -> str:
    """The line in which one of PostgreSQL's programs names the error."""
    lines = [line for line in said.splitlines() if "error:" in line.lower()]
    return lines[0].partition("error: ")[2].rstrip(".") if lines else said[:200]


def libpq_variables(environment: Environment) -> dict[str, str]:
    """How PostgreSQL's own programs reach the node's database as its owner."""
    parts = connection(environment, owner=True)
    words = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST"}
    words["PGPORT"] = "PORT"
    given = {name: str(parts[part]) for name, part in words.items() if parts[part]}
    options = {f"PG{name.upper()}": str(value) for name, value in parts["OPTIONS"].items()}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return inherited | options | given


def _facts(environment: Environment) -> dict[str, object]:
    """What the manifest says of the node; read before the dump, so that the dump has no less."""
    with open_database(environment, owner=True) as database:
        found = database.execute("SELECT count(*) FROM journal_entry").fetchone()
        return {
            "release": __version__,
            "made_at": clock.now().isoformat(timespec="seconds"),
            "postgresql": server_version(database),
            "journal_entries": found[0] if found else 0,
            "settings": in_effect(environment),
        }


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
