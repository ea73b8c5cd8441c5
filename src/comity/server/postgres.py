# SPDX-License-Identifier: Apache-2.0
"""Makes, starts and stops an embedded PostgreSQL in a folder that only the node enters.

It listens on a socket alone, admits only the user who started it, and runs as `nobody` where
that user is root. It promises nothing about what is stored. No framework here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comity.catalogues import N_
from comity.errors import ConflictError, PeerError
from comity.server.postgres_programs import Programs, open_to, server_user, within_reach

SUPERUSER = "postgres"
CURRENT = "current"
"""The link in the database folder to the data folder in use."""
CLOSED = 0o700
LONGEST_SOCKET_FOLDER = 80  # a socket's whole path ends at 107 bytes
STATE_FOLDER = Path("/var/lib/comity")
NOBODY = "4194305"
"""A process number above the largest that Linux gives."""
START_SECONDS = 60.0
STOP_SECONDS = 60.0
LONGEST_LOG = 16 * 1024 * 1024
"""Bytes after which a start begins a new log and keeps one old one."""
STILL_IN_USE = "shared memory block"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_error_statement": "panic",  # statements hold personal data
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",  # DETAIL lines quote rows
}


class DatabaseNotStartedError(PeerError):
    """The embedded server did not come up."""

    code = "database-not-started"
    message = N_("The database in {folder} did not start: {reason}.")
    remedy = N_("Read {log}; `comity node check` says what is amiss.")


class DatabaseNotMadeError(PeerError):
    """The embedded server's folder could not be made."""

    code = "database-not-made"
    message = N_("The database in {folder} could not be made: {reason}.")
    remedy = N_("Free space or correct the folder's permissions, and run the command again.")


class SocketFolderTakenError(ConflictError):
    """Somebody else's folder stands where the socket would go."""

    code = "socket-folder-taken"
    message = N_("The folder {folder} for the database's socket belongs to somebody else.")
    remedy = N_("Remove it, or use a home with a shorter path so that the socket lies within.")


class DataOfOtherReleaseError(ConflictError):
    """The data folder was written by another release of PostgreSQL."""

    code = "database-of-other-release"
    message = N_("The database in {folder} is of PostgreSQL {found}; this is {expected}.")
    remedy = N_("Bring it over with `comity node upgrade`, which takes a backup first.")


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder, the programs that run it and where its socket is."""

    programs: Programs
    data: Path
    socket: Path
    log: Path
    user: str | None
    """Who runs it; None is this user."""

    @property
    def made(self) -> bool:
        """Whether the folder holds a database."""
        return (self.data / "PG_VERSION").exists()

    @property
    def major(self) -> int:
        """The release that wrote the data folder."""
        return int((self.data / "PG_VERSION").read_text("ascii").strip())


def socket_folder(home: Path) -> Path:
    """The folder of the server's socket, in the home unless that path is too long."""
    near = database_folder(home).resolve() / "socket"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER:
        return near
    return Path(tempfile.gettempdir()) / f"comity-{short_name(home)}"


def short_name(home: Path) -> str:
    """A short name that no other home has."""
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]


def database_folder(home: Path) -> Path:
    """The folder of all database files; a link where `nobody` cannot enter the home."""
    return home / "postgres"


def make_database_folder(home: Path) -> Path:
    """The database folder, made where the server's user can reach it."""
    near, user = database_folder(home), server_user()
    if not near.exists():
        if user and not open_to(near, user):
            far = STATE_FOLDER / short_name(home)
            _set_aside(far)
            far.mkdir(parents=True)
            near.symlink_to(far)
        else:
            near.mkdir()
    _give(near.resolve(), user)
    return near


def cluster_of(home: Path, programs: Programs, *, data: str = CURRENT) -> Cluster:
    """The cluster of a home, its programs brought within reach of the server's user."""
    folder, user = database_folder(home).resolve(), server_user()
    programs = within_reach(programs, user, folder)
    data_folder = (folder / data).resolve()
    return Cluster(programs, data_folder, socket_folder(home), home / "postgres.log", user)


def make_current(cluster: Cluster) -> None:
    """Let this data folder be the node's, in one step that happens whole or not at all."""
    folder = cluster.data.parent
    (folder / f".{CURRENT}").unlink(missing_ok=True)
    (folder / f".{CURRENT}").symlink_to(cluster.data.name)
    (folder / f".{CURRENT}").replace(folder / CURRENT)


def give_all(cluster: Cluster) -> None:
    """Let the server's user own every file of a data folder that this user wrote."""
    if cluster.user:
        account = pwd.getpwnam(cluster.user)
        for path in [cluster.data, *cluster.data.rglob("*")]:
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def refuse_other_release(cluster: Cluster) -> None:
    """Raise `DataOfOtherReleaseError` unless these programs wrote the data folder."""
    if cluster.major != cluster.programs.major:
        raise DataOfOtherReleaseError(
            folder=cluster.data, found=cluster.major, expected=cluster.programs.major
        )


def make_cluster(cluster: Cluster) -> None:
    """Run initdb: checksums, the C.UTF-8 order that no library update can change."""
    password_less = ["--auth=peer", f"--username={SUPERUSER}"]
    order = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command = [cluster.programs.path("initdb"), f"--pgdata={cluster.data}", "--encoding=UTF8"]
    command += [*order, *password_less, "--data-checksums", "--no-instructions"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", **_identity(cluster.user)
    )
    if done.returncode:
        shutil.rmtree(cluster.data, ignore_errors=True)
        reason = (done.stderr.strip().splitlines() or ["initdb failed"])[-1]
        raise DatabaseNotMadeError(folder=cluster.data, reason=reason.removeprefix("initdb: "))


def start(cluster: Cluster, *, settings: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start the server as a child of this process and wait until it takes connections."""
    _make_socket_folder(cluster)
    _admit_this_user(cluster)
    effective = SETTINGS | {"unix_socket_directories": str(cluster.socket)} | (settings or {})
    command = [cluster.programs.path("postgres"), "-D", str(cluster.data)]
    command += [part for name, value in effective.items() for part in ("-c", f"{name}={value}")]
    until = time.monotonic() + START_SECONDS
    while True:
        child = _begin(cluster, command)
        try:
            _wait_until_ready(cluster, child, until)
        except DatabaseNotStartedError as error:
            if STILL_IN_USE not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.5)  # the last processes of a killed server are about to end
        else:
            return child


def _begin(cluster: Cluster, command: list[str]) -> subprocess.Popen[bytes]:
    if cluster.log.exists() and cluster.log.stat().st_size > LONGEST_LOG:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    with open(cluster.log, "ab", opener=_for_us_alone) as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            **_identity(cluster.user),
        )


def server_pid(cluster: Cluster) -> int | None:
    """The process that serves this data folder, whoever started it."""
    lines = _pid_file(cluster)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    return pid if _serves(pid, cluster) else None


def stop(cluster: Cluster, child: subprocess.Popen[bytes] | None = None) -> bool:
    """Stop the server, its child or an orphan, letting it finish writing; whether one ran."""
    pid = child.pid if child else server_pid(cluster)
    if pid is None or (child and child.poll() is not None):
        return False
    for means, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, means)
        if _gone(cluster, child, seconds):
            return True
    return False


def clear_remains(cluster: Cluster) -> None:
    """Stop an orphan, and let no lock of a process that is gone keep the next one out.

    A killed server's number may live on, as a process nobody reaped or as a stranger. The lock
    in the data folder keeps its other lines: by them the server itself makes sure that no
    process of the old one still works on the data.
    """
    stop(cluster)
    if server_pid(cluster) is not None:
        return
    lines = _pid_file(cluster)
    if lines:
        dead = "\n".join([NOBODY, *lines[1:]]) + "\n"
        (cluster.data / "postmaster.pid").write_text(dead, "utf-8")
    for left in cluster.socket.glob(".s.PGSQL.*"):
        left.unlink()


def _identity(user: str | None) -> dict[str, Any]:  # any: keywords of Popen
    if user is None:
        return {}
    account = pwd.getpwnam(user)
    home = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": "/"}
    return {
        "user": account.pw_uid,
        "group": account.pw_gid,
        "extra_groups": [],
        "env": home,
    }


def _set_aside(folder: Path) -> None:
    """Keep what an earlier home of the same path left behind, under another name."""
    if folder.exists():
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        folder.rename(folder.with_name(f"{folder.name}.left-{moment}"))


def _give(folder: Path, user: str | None) -> None:
    """Close a folder to all but the server's user."""
    if user:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(CLOSED)


def _make_socket_folder(cluster: Cluster) -> None:
    with contextlib.suppress(FileExistsError):
        cluster.socket.mkdir(mode=CLOSED)
    found = cluster.socket.lstat()
    ours = {os.geteuid(), pwd.getpwnam(cluster.user).pw_uid if cluster.user else os.geteuid()}
    if cluster.socket.is_symlink() or found.st_uid not in ours:
        raise SocketFolderTakenError(folder=cluster.socket)
    _give(cluster.socket, cluster.user)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _admit_this_user(cluster: Cluster) -> None:
    """Only the operating-system user who starts the node becomes any of its roles."""
    rules = {
        "pg_hba.conf": "local all all peer map=comity\n",
        "pg_ident.conf": f"comity {pwd.getpwuid(os.geteuid()).pw_name} all\n",
    }
    for name, text in rules.items():
        (cluster.data / name).write_text(text, "ascii")


def _pid_file(cluster: Cluster) -> list[str]:
    try:
        return (cluster.data / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []


def _serves(pid: int, cluster: Cluster) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(cluster.data) in words


def _wait_until_ready(cluster: Cluster, child: subprocess.Popen[bytes], until: float) -> None:
    while time.monotonic() < until:
        lines = _pid_file(cluster)
        if len(lines) > 7 and lines[0] == str(child.pid) and lines[7].strip() == "ready":
            return
        if child.poll() is not None:
            raise DatabaseNotStartedError(
                folder=cluster.data, reason=_last_words(cluster), log=cluster.log
            )
        time.sleep(0.02)
    stop(cluster, child)
    reason = f"it was not ready after {START_SECONDS:.0f} seconds"
    raise DatabaseNotStartedError(folder=cluster.data, reason=reason, log=cluster.log)


def _last_words(cluster: Cluster) -> str:
    lines = cluster.log.read_text("utf-8", "replace").splitlines()[-20:]
    fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    return fatal[-1] if fatal else "it ended at once"


def _gone(cluster: Cluster, child: subprocess.Popen[bytes] | None, seconds: float) -> bool:
    if child:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server_pid(cluster) is None:
            return True
        time.sleep(0.05)
    return False
