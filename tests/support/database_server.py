# SPDX-License-Identifier: Apache-2.0
"""One PostgreSQL for a whole test run, shared by its worker processes.

The first test that needs it starts it; the process that pytest was started as stops it. What a
killed run left behind is swept away by the next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import psycopg

from comity.server import postgres, roles
from comity.server.postgres_programs import find_programs

PREFIX = "comity-tests-"
FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "100"}


def folder_of(pid: int) -> Path:
    """The folder of the run whose first process this is."""
    return Path(tempfile.gettempdir()) / f"{PREFIX}{os.geteuid()}-{pid}"


def shared_server(pid: int) -> dict[str, str]:
    """How to connect to the server of this run, started if nobody has yet."""
    home = folder_of(pid)
    home.mkdir(mode=0o711, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not postgres.database_folder(home).exists():
            _start(home)
    return {
        "HOST": str(postgres.socket_folder(home)),
        "USER": roles.OWNER,
        "NAME": "comity",
        "PORT": "",
        "PASSWORD": "",
    }


def _start(home: Path) -> None:
    postgres.make_database_folder(home)
    cluster = postgres.cluster_of(home, find_programs())
    postgres.make_cluster(cluster)
    child = postgres.start(cluster, settings=FAST)
    child.returncode = 0  # left running on purpose: the run's first process stops it
    superuser = {"host": str(cluster.socket), "user": postgres.SUPERUSER}
    with psycopg.connect(**superuser, dbname="postgres", autocommit=True) as connection:
        roles.make_roles(connection, can_make_databases=True)
        roles.make_database(connection)


def stop_server(pid: int) -> None:
    """Stop the server of this run and remove its folder."""
    home = folder_of(pid)
    if postgres.database_folder(home).exists():
        postgres.stop(postgres.cluster_of(home, find_programs()))
    shutil.rmtree(home, ignore_errors=True)


def sweep() -> None:
    """Stop and remove the servers of runs that were killed."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.geteuid()}-*"):
        pid = int(home.name.rpartition("-")[2])
        if not Path(f"/proc/{pid}").exists():
            stop_server(pid)
