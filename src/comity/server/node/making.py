# SPDX-License-Identifier: Apache-2.0
"""Makes a node from nothing: folders, keys, database, tables, first administrator.

The note that says "made" is written last, so that a making that was cut short leaves no
node, and the next one starts over. Secrets are returned once and kept nowhere. No framework.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from comity import __version__, clock
from comity.catalogues import N_
from comity.errors import ConflictError
from comity.sealing.keys import DecryptionKey, KeyFileExistsError
from comity.server import postgres
from comity.server.environment import Environment
from comity.server.keys import DJANGO_SECRET, write_private
from comity.server.node.databases import new_database
from comity.server.node.home import UNFINISHED_FILE, Home, held, make_folders, write_whole
from comity.server.node.preparing import migrate
from comity.server.postgres_programs import find_programs

ACT = "comity node init"


class FolderNotEmptyError(ConflictError):
    """The folder for a new node holds something else."""

    code = "folder-not-empty"
    message = N_("The folder {home} is not empty, and holds no node.")
    remedy = N_("Name an empty or new folder in COMITY_HOME.")


class NodeExistsError(ConflictError):
    """There is a node in the folder already."""

    code = "node-exists"
    message = N_("There is a node in {home} already.")
    remedy = N_("Run it with `comity node run`, or name another folder in COMITY_HOME.")


@dataclass(frozen=True, slots=True)
class MadeNode:
    """A new node, and the secrets that are shown this once."""

    home: Path
    sign_in_name: str
    password: str
    recovery_key: str
    """The private key as PEM; empty where it was written to a file."""


def make_node(
    environment: Environment,
    *,
    settings: dict[str, str] | None = None,
    recovery_key_file: Path | None = None,
) -> MadeNode:
    """Make a node in the empty folder that the settings name."""
    home = Home.of(environment)
    refuse_used_folder(home)
    if recovery_key_file and recovery_key_file.exists():
        raise KeyFileExistsError(path=recovery_key_file)
    make_folders(home)
    with held(home, ACT):
        (home.path / UNFINISHED_FILE).touch()
        clear_unfinished(home)
        make_folders(home)
        if settings:
            lines = "".join(f"{name}={value}\n" for name, value in sorted(settings.items()))
            write_whole(home.settings_file, lines)
        write_private(home.keys / DJANGO_SECRET, secrets.token_urlsafe(48).encode())
        with new_database(environment):
            made = migrate(environment, "administrator")
        recovery_key = make_recovery_key(home, recovery_key_file)
        home.describe(release=__version__, made_at=clock.now().isoformat(timespec="seconds"))
        (home.path / UNFINISHED_FILE).unlink()
    return MadeNode(home.path, made["sign_in_name"], made["password"], recovery_key)


def refuse_used_folder(home: Home) -> None:
    """Raise `FolderNotEmptyError` unless a node can be made in this folder."""
    if not home.path.exists() or (home.path / UNFINISHED_FILE).exists():
        return
    if home.made:
        raise NodeExistsError(home=home.path)
    if any(home.path.iterdir()):
        raise FolderNotEmptyError(home=home.path)


def clear_unfinished(home: Home) -> None:
    """Remove what a making that was cut short left: nobody was ever told of its keys."""
    database = postgres.database_folder(home.path)
    if database.exists():
        programs = find_programs()
        for data in database.glob("data-*"):
            postgres.stop(postgres.cluster_of(home.path, programs, data=data.name))
        shutil.rmtree(database.resolve(), ignore_errors=True)
        if database.is_symlink():
            database.unlink()
    shutil.rmtree(home.keys, ignore_errors=True)
    home.settings_file.unlink(missing_ok=True)


def make_recovery_key(home: Home, file: Path | None) -> str:
    """Make the key that opens backups; its private half leaves the node at once.

    Returns it as PEM where no file was named to write it to.
    """
    recovery = DecryptionKey.make()
    passing = file or home.keys / f".{home.recovery_public_key.name}.private"
    recovery.save(passing)
    home.recovery_public_key.unlink(missing_ok=True)
    recovery.public.save(home.recovery_public_key)
    if file:
        return ""
    shown = passing.read_text("ascii")
    passing.unlink()
    return shown
