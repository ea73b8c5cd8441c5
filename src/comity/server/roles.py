# SPDX-License-Identifier: Apache-2.0
"""The two roles of a node's database, and what the application role may never do.

The owner migrates. Pages and jobs use the application role, which reads and writes rows,
changes no table, and can neither alter nor remove a row of the journal.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from comity.server.database import APPLICATION, DATABASE, OWNER
from comity.server.database import connection as connection_parts
from comity.server.environment import Environment

APPEND_ONLY_TABLES: dict[str, str] = {
    "journal_entry": "INSERT, UPDATE, DELETE, TRUNCATE",  # its function inserts, for everybody
    "journal_subtree": "UPDATE, DELETE, TRUNCATE",
    "journal_checkpoint": "UPDATE, DELETE, TRUNCATE",
    "evidence_custodyevent": "UPDATE, DELETE, TRUNCATE",
}
"""Tables whose rows are added and read, never changed; what the application role may not do."""


VACUUMED_TABLES = ("evidence_itemkey",)
"""Tables whose deleted rows the application role may clear at once: keys that were destroyed."""
_GRANTS_MAINTENANCE = 170000
"""The version of PostgreSQL from which on that can be granted."""


def make_roles(connection: psycopg.Connection, *, can_make_databases: bool = False) -> None:
    """Make both roles in a new cluster; the owner may act as the application role."""
    power = sql.SQL("CREATEDB" if can_make_databases else "NOCREATEDB")
    owner, application = sql.Identifier(OWNER), sql.Identifier(APPLICATION)
    connection.execute(sql.SQL("CREATE ROLE {} LOGIN {}").format(owner, power))
    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(application))
    connection.execute(sql.SQL("GRANT {} TO {}").format(application, owner))


def make_database(connection: psycopg.Connection, name: str = DATABASE) -> None:
    """Make the node's database, which nobody but the two roles enters."""
    database, owner = sql.Identifier(name), sql.Identifier(OWNER)
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(database, owner)
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(APPLICATION))
    )


def grant_application(connection: psycopg.Connection, role: str = APPLICATION) -> None:
    """Let the application role work on every table; run as the owner after each migration."""
    application = sql.Identifier(role)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
    ):
        connection.execute(sql.SQL(statement).format(application))
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)",
        [list(APPEND_ONLY_TABLES)],
    ).fetchall()
    for (table,) in tables:
        withdraw = sql.SQL("REVOKE {} ON {} FROM {}").format(
            sql.SQL(APPEND_ONLY_TABLES[table]), sql.Identifier(table), application
        )
        connection.execute(withdraw)

    if connection.info.server_version >= _GRANTS_MAINTENANCE:
        _let_vacuum(connection, application)


def _let_vacuum(connection: psycopg.Connection, application: sql.Identifier) -> None:
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)",
        [list(VACUUMED_TABLES)],
    ).fetchall()
    for (table,) in tables:
        grant = sql.SQL("GRANT MAINTAIN ON {} TO {}")
        connection.execute(grant.format(sql.Identifier(table), application))


def application_role(environment: Environment) -> str:
    """The role that pages and jobs connect as; empty where it is the owner itself."""
    role: str = connection_parts(environment)["USER"]
    owner: str = connection_parts(environment, owner=True)["USER"]
    return role if role != owner else ""
