# SPDX-License-Identifier: Apache-2.0
"""A node on a PostgreSQL server of its administration: reached by address, with two roles."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from comity.server import postgres
from comity.server.node.databases import running
from comity.server.postgres_programs import Programs, find_programs, find_release
from tests.support.nodes import Node, free_port, new_node, removed

pytestmark = [pytest.mark.node, pytest.mark.slow]

SETUP = """
    CREATE ROLE northland_owner LOGIN PASSWORD 'owner-word';
    CREATE ROLE northland_pages LOGIN PASSWORD 'pages-word';
    CREATE DATABASE northland OWNER northland_owner;
    CREATE DATABASE elsewhere OWNER northland_owner;
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes connections over the network of this machine, with passwords."""

    port: int
    cluster: postgres.Cluster

    def url(self, role: str, word: str, database: str = "northland") -> str:
        """Its address for one role."""
        return f"postgresql://{role}:{word}@127.0.0.1:{self.port}/{database}"


def serving(folder: Path, programs: Programs) -> Iterator[Server]:
    """A server of these programs, until the test is over."""
    port = free_port()
    postgres.make_database_folder(folder)
    cluster = postgres.cluster_of(folder, programs)
    if programs.major >= 17:
        postgres.make_cluster(cluster)
    else:
        subprocess.run(
            [programs.path("initdb"), "-D", cluster.data, "-U", "postgres", "-A", "peer"],
            user=cluster.user, group="nogroup" if cluster.user else None, cwd="/",
            extra_groups=[] if cluster.user else None, check=True, capture_output=True,
        )  # fmt: skip
    settings = {"listen_addresses": "127.0.0.1", "port": str(port)}
    child = postgres.start(cluster, settings=settings)
    try:
        rules = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (cluster.data / "pg_hba.conf").write_text(rules)
        os.kill(child.pid, signal.SIGHUP)
        time.sleep(0.5)  # it reads them when it comes to it
        with psycopg.connect(
            host=str(cluster.socket), port=port, user="postgres", autocommit=True
        ) as superuser:
            for statement in SETUP.strip().split(";\n"):
                superuser.execute(statement)  # type: ignore[call-overload]
        yield Server(port, cluster)
    finally:
        postgres.stop(cluster, child)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's user can reach."""
    made = Path(tempfile.mkdtemp(prefix="comity-server-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """A server of the newest release."""
    yield from serving(folder, find_programs())


@pytest.fixture
def node(server: Server) -> Iterator[Node]:
    """A node on it that is not made yet."""
    variables = {
        "DATABASE_URL": server.url("northland_pages", "pages-word"),
        "COMITY_OWNER_DATABASE_URL": server.url("northland_owner", "owner-word"),
    }
    with removed(new_node(**variables)) as made:
        yield made


def test_a_node_lives_on_a_real_server_from_making_to_restoring(node: Node, server: Server):
    made = node.answer("node", "init", "--recovery-key-file", str(node.recovery_key))
    assert made["made"] is True
    assert not (node.path / "postgres").exists()

    node.begin()
    found = node.answer("node", "status")
    assert {known["name"] for known in found["processes"]} == {"supervisor", "web", "worker"}
    assert found["database"]["embedded"] is False
    assert found["database"]["version"].startswith("18.")
    shown = node.command("node", "check").stdout
    assert "owner-word" not in shown
    assert "pages-word" not in shown
    assert "NODE-5" not in shown
    backup = node.answer("node", "backup")
    assert node.end() == 0

    with psycopg.connect(node.variables["DATABASE_URL"]) as pages:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            pages.execute("DELETE FROM journal_entry")
        pages.rollback()
        assert pages.execute("SELECT count(*) FROM journal_entry").fetchone() >= (1,)

    elsewhere = {
        "DATABASE_URL": server.url("northland_pages", "pages-word", "elsewhere"),
        "COMITY_OWNER_DATABASE_URL": server.url("northland_owner", "owner-word", "elsewhere"),
    }
    with removed(new_node(**elsewhere)) as other:
        restored = other.answer(
            "node", "restore", backup["file"], "--recovery-key-file", str(node.recovery_key)
        )
        assert restored["entries"] == backup["entries"]
        with psycopg.connect(elsewhere["DATABASE_URL"]) as pages:
            assert pages.execute("SELECT count(*) FROM accounts_officer").fetchone() == (1,)

    with removed(new_node(**node.variables)) as second:
        assert second.refusal("node", "init") == "database-not-empty"


def test_a_server_that_does_not_answer_is_told():
    url = f"postgresql://pages:pages-word@127.0.0.1:{free_port()}/northland"
    with removed(new_node(DATABASE_URL=url)) as node:
        refused = node.command("node", "init")

    assert refused.returncode == 1
    assert "cannot be reached" in refused.stderr
    assert "pages-word" not in refused.stderr


def test_a_server_that_is_too_old_is_refused(folder: Path):
    programs = next(filter(None, map(find_release, (16, 15, 14, 13))), None)
    if programs is None:
        pytest.skip("no PostgreSQL older than 17 on this machine")
    for server in serving(folder, programs):
        url = server.url("northland_owner", "owner-word")
        with removed(new_node(DATABASE_URL=url)) as node:
            refused = node.command("node", "init")

    assert refused.returncode == 1
    assert f"is PostgreSQL {programs.major}." in refused.stderr
    assert "17 is the oldest" in refused.stderr
    assert "owner-word" not in refused.stderr


def test_the_embedded_server_listens_on_no_network(folder: Path):
    programs = find_programs()
    postgres.make_database_folder(folder)
    cluster = postgres.cluster_of(folder, programs)
    postgres.make_cluster(cluster)

    with (
        running(cluster),
        psycopg.connect(host=str(cluster.socket), user="postgres", dbname="postgres") as database,
    ):
        assert database.execute("SHOW listen_addresses").fetchone() == ("",)
        assert database.execute("SHOW jit").fetchone() == ("off",)
        assert database.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'postgres'"
        ).fetchone() == ("b", "C.UTF-8")
    assert cluster.socket.stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0
