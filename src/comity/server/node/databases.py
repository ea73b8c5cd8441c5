# SPDX-License-Identifier: Apache-2.0
"""The node's database as the commands reach it: made, running for a while, asked its version.

Embedded or behind DATABASE_URL; what is done is the same. No framework here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg

from comity.catalogues import N_
from comity.errors import ConflictError, PeerError
from comity.server import postgres, roles
from comity.server.database import connection
from comity.server.environment import Environment
from comity.server.node.home import Home, held, holder
from comity.server.postgres_programs import find_programs, refuse_older


class DatabaseUnreachableError(PeerError):
    """The server behind DATABASE_URL does not answer, or not to us."""

    code = "database-unreachable"
    message = N_("The database {place} cannot be reached: {reason}.")
    remedy = N_("Correct DATABASE_URL, or start that server.")


class DatabaseNotEmptyError(ConflictError):
    """The database for a new node holds tables already."""

    code = "database-not-empty"
    message = N_("The database {database} holds {tables} tables already.")
    remedy = N_("Name an empty database in DATABASE_URL.")


@contextlib.contextmanager
def new_database(environment: Environment) -> Iterator[None]:
    """An empty database that the node's roles can reach, for as long as the block lasts."""
    if not environment.embedded:
        refuse_old_server(environment)
        _refuse_used_database(environment)
        yield
        return
    programs = find_programs(environment.pg_bindir)
    postgres.make_database_folder(environment.home)
    name = f"data-{programs.major}"
    cluster = postgres.cluster_of(environment.home, programs, data=name)
    postgres.make_cluster(cluster)
    with running(cluster):
        with superuser(cluster) as database:
            roles.make_roles(database)
            roles.make_database(database)
        yield
    postgres.make_current(cluster)


@contextlib.contextmanager
def running(cluster: postgres.Cluster) -> Iterator[None]:
    """The embedded server, for as long as the block lasts."""
    child = postgres.start(cluster)
    try:
        yield
    finally:
        postgres.stop(cluster, child)


@contextlib.contextmanager
def reachable(environment: Environment, act: str) -> Iterator[None]:
    """The database for as long as the block lasts: the running one, else started for this act."""
    home = Home.of(environment)
    if not environment.embedded or holder(home):
        yield
        return
    cluster = postgres.cluster_of(home.path, find_programs(environment.pg_bindir))
    postgres.refuse_other_release(cluster)
    with held(home, act):
        postgres.clear_remains(cluster)
        with running(cluster):
            yield


def superuser(cluster: postgres.Cluster) -> psycopg.Connection:
    """A connection to a running embedded server with every right."""
    return psycopg.connect(
        host=str(cluster.socket), user=postgres.SUPERUSER, dbname="postgres", autocommit=True
    )


def open_database(environment: Environment, *, owner: bool = False) -> psycopg.Connection:
    """A connection to the node's database as one of its roles."""
    parts = connection(environment, owner=owner)
    return psycopg.connect(**psycopg_words(parts), autocommit=True, connect_timeout=10)


def psycopg_words(parts: dict[str, Any]) -> dict[str, Any]:
    """Django's words for a connection in those of the driver, empty ones left out."""
    words = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    words["port"] = "PORT"
    given = {driver: parts[django] for driver, django in words.items() if parts[django]}
    return given | {name: value for name, value in parts["OPTIONS"].items() if name != "pool"}


def refuse_old_server(environment: Environment) -> str:
    """The version of the server behind DATABASE_URL; refuses one that is too old."""
    try:
        with open_database(environment, owner=True) as database:
            found = server_version(database)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachableError(
            place=_place(environment), reason=reason_of(error)
        ) from error
    refuse_older(found, _place(environment))
    return found


def reason_of(error: psycopg.Error) -> str:
    """What the server or the driver said, in one line without values."""
    first = str(error).strip().splitlines()[0]
    return first.removeprefix("connection failed: ").rstrip(".")


def server_version(database: psycopg.Connection) -> str:
    """What the server says it is, such as 18.6."""
    number = database.info.server_version
    return f"{number // 10000}.{number % 10000}"


def _place(environment: Environment) -> str:
    """Where the server is, without the password."""
    parts = connection(environment)
    return f"{parts['HOST'] or 'localhost'}/{parts['NAME']}"


def _refuse_used_database(environment: Environment) -> None:
    with open_database(environment, owner=True) as database:
        row = database.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    if row and row[0]:
        raise DatabaseNotEmptyError(database=_place(environment), tables=row[0])
