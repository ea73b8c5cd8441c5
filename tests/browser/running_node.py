# SPDX-License-Identifier: Apache-2.0
"""A training node for the browser: real web server, own database, collected static files.

The test process never touches the database: `prepare` runs in a process of the node, makes the
officers and gives back their session cookies.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from comity.server import roles

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class RunningNode:
    """Where it answers, and what `prepare` made in it."""

    url: str
    made: dict[str, object]

    def cookie(self, role: str) -> dict[str, str]:
        """The session cookie of the officer who holds this role."""
        return {"name": "session", "value": self.made["sessions"][role], "url": self.url}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_node(server: dict[str, str], home: Path) -> Iterator[RunningNode]:
    """Prepare and serve a node until the caller is done with it."""
    name = f"comity_browser_{os.getpid()}"
    admin = {"host": server["HOST"], "user": server["USER"], "port": server["PORT"] or None,
             "password": server["PASSWORD"] or None, "dbname": server["NAME"]}  # fmt: skip
    with psycopg.connect(**admin, autocommit=True) as connection:
        roles.make_database(connection, name)
    port = free_port()
    environment = _environment(server, name, home, port)
    made = json.loads(_run(environment, "-m", "tests.browser.prepare"))
    _run(environment, "manage.py", "collectstatic", "--noinput", "-v", "0")
    with (home / "web.log").open("w") as log:
        web = subprocess.Popen(
            [sys.executable, "-m", "comity.server.node.web"],
            env=environment, cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/static/comity/comity.css", web, home / "web.log")
            yield RunningNode(url, made)
        finally:
            web.terminate()
            web.wait(timeout=20)
            with psycopg.connect(**admin, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _environment(server: dict[str, str], name: str, home: Path, port: int) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COMITY_")}
    owner = f"postgresql:///{name}?host={server['HOST']}&user={server['USER']}"
    if not server["HOST"].startswith("/"):
        owner = (f"postgresql://{server['USER']}:{server['PASSWORD']}@{server['HOST']}"
                 f":{server['PORT'] or 5432}/{name}")  # fmt: skip
    return {
        **kept,
        "DATABASE_URL": owner,
        "COMITY_OWNER_DATABASE_URL": owner,
        "COMITY_HOME": str(home),
        "COMITY_SECRET_KEY": "for the browser tests only, never on a node",
        "COMITY_PORT": str(port),
        "COMITY_ADMINISTRATION": "US",
        "COMITY_NODE_NAME": "Northland",
        "COMITY_TRAINING": "true",
        "COMITY_DATABASE_POOL": "0",
        "DJANGO_SETTINGS_MODULE": "comity.server.settings",
    }


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stdout}{done.stderr}")
    return done.stdout


def _wait_for(url: str, web: subprocess.Popen[bytes], log: Path) -> None:
    patience = time.monotonic() + 120  # a busy machine takes its time
    while time.monotonic() < patience:
        if web.poll() is not None:
            break
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"the web server did not answer: {log.read_text()}")
