# SPDX-License-Identifier: Apache-2.0
"""The node's folder: what lies where in it, who may enter it, and who holds it.

One process at a time holds a home, by a lock that the operating system drops when that process
ends, however it ends. No framework here.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comity.catalogues import N_
from comity.errors import ConflictError, NotFoundError, NotPermittedError
from comity.server.environment import Environment
from comity.server.postgres_programs import server_user

NODE_FILE = "node.json"
UNFINISHED_FILE = "unfinished"


class NodeMissingError(NotFoundError):
    """There is no node in this folder."""

    code = "node-missing"
    message = N_("There is no node in {home}.")
    remedy = N_("Make one with `comity node init`, or name its folder in COMITY_HOME.")


class NodeHeldError(ConflictError):
    """Another process works on this node."""

    code = "node-held"
    message = N_("The node in {home} is held by process {pid} (`{act}`).")
    remedy = N_("Wait until it ends, or stop it with `comity node stop`.")


class NodeOfAnotherUserError(NotPermittedError):
    """The folder belongs to another user of this machine."""

    code = "node-of-another-user"
    message = N_("The node in {home} belongs to the user {owner}, and this is {user}.")
    remedy = N_("Run the command as {owner}: `sudo -u {owner} comity …`.")


@dataclass(frozen=True, slots=True)
class Home:
    """The paths inside one node's folder."""

    path: Path
    backup_folder: Path

    @classmethod
    def of(cls, environment: Environment) -> Home:
        """The home that the settings name."""
        named = environment.backup_folder
        return cls(environment.home, Path(named) if named else environment.home / "backups")

    @property
    def keys(self) -> Path:
        """Secret keys, closed to all but the node's user."""
        return self.path / "keys"

    @property
    def blobs(self) -> Path:
        """Content that is too large for the database."""
        return self.path / "blobs"

    @property
    def evidence(self) -> Path:
        """Content of items of evidence, each under a key of its own."""
        return self.path / "evidence"

    @property
    def settings_file(self) -> Path:
        """The settings kept with the node."""
        return self.path / "settings.env"

    @property
    def recovery_public_key(self) -> Path:
        """To whom backups are sealed; the private half is kept elsewhere."""
        return self.keys / "recovery.public.pem"

    @property
    def processes_file(self) -> Path:
        """Which processes the supervisor started."""
        return self.path / "processes.json"

    @property
    def metrics_folder(self) -> Path:
        """Where the node's processes count what they do."""
        return self.path / "metrics"

    @property
    def log(self) -> Path:
        """The database server's own log."""
        return self.path / "postgres.log"

    @property
    def made(self) -> bool:
        """Whether a node was made here, to the end."""
        return (self.path / NODE_FILE).exists()

    def description(self) -> dict[str, Any]:
        """What was noted of the node when it was made or last upgraded."""
        try:
            noted: dict[str, Any] = json.loads((self.path / NODE_FILE).read_text("utf-8"))
        except FileNotFoundError as error:
            raise NodeMissingError(home=self.path) from error
        return noted

    def describe(self, **facts: object) -> None:
        """Note facts of the node, beside those already noted."""
        before = self.description() if self.made else {}
        write_whole(self.path / NODE_FILE, json.dumps(before | facts, indent=2) + "\n")


def make_folders(home: Home) -> None:
    """Make the folders of a home, none of them open to others.

    Where the server runs as `nobody` it must pass through the home, and no further.
    """
    home.path.mkdir(parents=True, exist_ok=True)
    home.path.chmod(0o711 if server_user() else 0o700)
    for folder in (home.keys, home.blobs, home.evidence, home.metrics_folder):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
    home.backup_folder.mkdir(parents=True, exist_ok=True)


def require_made(home: Home) -> None:
    """Raise `NodeMissingError` or `NodeOfAnotherUserError` unless a node of ours is here."""
    if not home.made:
        raise NodeMissingError(home=home.path)
    owner = home.path.stat().st_uid
    if owner != os.geteuid():
        raise NodeOfAnotherUserError(
            home=home.path, owner=_user_name(owner), user=_user_name(os.geteuid())
        )


@contextlib.contextmanager
def held(home: Home, act: str) -> Iterator[None]:
    """Hold the home for one act; refuses while another process holds it."""
    with (home.path / "lock").open("a+") as lock:
        if not _take(lock):
            pid, doing = holder(home) or (0, "")
            raise NodeHeldError(home=home.path, pid=pid, act=doing)
        lock.truncate(0)
        lock.write(f"{os.getpid()} {act}")
        lock.flush()
        yield
        lock.truncate(0)


def _take(lock: Any) -> bool:  # any: an open text file
    for _ in range(10):  # somebody may be looking who holds it, for an instant
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(0.03)
    return False


def holder(home: Home) -> tuple[int, str] | None:
    """The process that holds the home and what it does, or None."""
    try:
        with (home.path / "lock").open("r+") as lock:
            return _holder_of(lock)
    except FileNotFoundError:
        return None


def _holder_of(lock: Any) -> tuple[int, str] | None:  # any: an open text file
    for _ in range(20):
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            pid, _, act = lock.read().partition(" ")
            if pid.isdigit():
                return int(pid), act
            time.sleep(0.05)  # it took the lock and has not written its name yet
        else:
            fcntl.flock(lock, fcntl.LOCK_UN)
            return None
    return 0, ""


def write_whole(path: Path, text: str) -> None:
    """Replace a file by its new text, never leaving half of it behind."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.chmod(0o600)
    unfinished.replace(path)


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
