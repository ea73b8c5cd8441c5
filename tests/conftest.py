# SPDX-License-Identifier: Apache-2.0
"""What every test can rely on: no network, no settings of this machine, time that can stop.

A test marked `db` has a database: the embedded server, or the one that
COMITY_TEST_DATABASE_URL names (its role must be able to make databases and roles).
"""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

# A busy machine is slow; that is no fault of a property.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

TEST_DATABASE_URL = os.environ.get("COMITY_TEST_DATABASE_URL", "")
for variable in [name for name in os.environ if name.startswith("COMITY_")]:
    if not variable.startswith("COMITY_TEST_"):
        del os.environ[variable]
os.environ.pop("DATABASE_URL", None)
os.environ["COMITY_HOME"] = "/proc/nonexistent/comity"  # no user can make it
os.environ["COMITY_DATABASE_POOL"] = "0"
os.environ["DJANGO_SETTINGS_MODULE"] = "comity.server.settings"
# A run starts hundreds of processes; none is to compile again what another has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

FIRST_PROCESS = "PYTEST_COMITY_FIRST_PROCESS"
ONLY_LEFT_OUT = re.compile(r"not \w+( and not \w+)*")
MARKED = re.compile(r"^pytestmark = (\[[^]]*\]|.*$)", re.MULTILINE)
MARK = re.compile(r"pytest\.mark\.(\w+)")
LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0")
_connect = socket.socket.connect


def _connect_here(self: socket.socket, address: object) -> None:
    """Refuse every address that is not this machine."""
    if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
        pytest.fail(f"a test reached for the network: {address}")
    _connect(self, address)


socket.socket.connect = _connect_here


def pytest_configure(config: pytest.Config) -> None:
    """The process that pytest was started as owns the database server."""
    if not hasattr(config, "workerinput"):
        os.environ[FIRST_PROCESS] = str(os.getpid())
    if find_spec("django"):  # absent from the plain install
        from django.conf import settings

        assert settings.DATABASES  # read now, so that pytest-django sets Django up


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the database server with the run."""
    if not hasattr(config, "workerinput") and os.environ.get(FIRST_PROCESS) == str(os.getpid()):
        from tests.support.database_server import folder_of, stop_server, sweep

        if folder_of(os.getpid()).exists():
            stop_server(os.getpid())
            sweep()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A file is not even read if all its tests bear a mark that this run leaves out."""
    left_out = config.option.markexpr
    if collection_path.suffix == ".py" and ONLY_LEFT_OUT.fullmatch(left_out):
        marked = MARKED.search(collection_path.read_text("utf-8"))
        if marked and {f"not {mark}" for mark in MARK.findall(marked[0])} & {
            *left_out.split(" and ")
        }:
            return True
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nodes first, on one process; browser tests after all others.

    What is handed out first goes to one process as a long row: nodes that are made once for
    many tests are made once, and their waiting is filled by the other process' work. A browser
    keeps an event loop running in its process for as long as that lives, and the database
    refuses to be used beside one.
    """
    items.sort(key=lambda item: (marked(item, "browser"), not marked(item, "node")))


def marked(item: pytest.Item, mark: str) -> bool:
    """Whether a test bears this mark."""
    return item.get_closest_marker(mark) is not None


@pytest.fixture(scope="session")
def database_server() -> dict[str, str]:
    """How to connect to the server that tests share, as the owner of the tables."""
    if TEST_DATABASE_URL:
        from comity.server.database import connection_of_url

        return connection_of_url(TEST_DATABASE_URL)
    from tests.support.database_server import shared_server

    return shared_server(int(os.environ[FIRST_PROCESS]))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_server: dict[str, str],
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Point Django at the tests' server."""
    from django.conf import settings

    settings.DATABASES["default"].update(database_server)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Give the application role its rights, as every migration of a node does."""
    from django.db import connection

    from comity.server.roles import APPLICATION, grant_application

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        known = "SELECT FROM pg_roles WHERE rolname = %s"
        if not cursor.execute(known, [APPLICATION]).fetchall():
            cursor.execute(f"CREATE ROLE {APPLICATION}")
            cursor.execute(f"GRANT {APPLICATION} TO CURRENT_USER")
        grant_application(cursor.connection)


@pytest.fixture
def stop_time(monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Stop the clock: `stop_time(2026, 3, 1)`; again to move it."""

    def stop(*parts: int) -> datetime:
        instant = datetime(*parts, tzinfo=UTC)
        monkeypatch.setattr("comity.clock.now", lambda: instant)
        return instant

    return stop
