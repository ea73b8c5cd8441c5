# SPDX-License-Identifier: Apache-2.0
"""Where the database is, from the settings."""

from __future__ import annotations

from pathlib import Path

from comity.server.database import connection, connection_of_url, django_database
from comity.server.environment import Environment


def test_an_embedded_database_is_reached_over_its_socket_as_the_application_role():
    parts = django_database(Environment(home=Path("/srv/comity")))

    assert parts["USER"] == "comity_application"
    assert parts["HOST"] == "/srv/comity/postgres/socket"
    assert parts["CONN_MAX_AGE"] == 0
    assert parts["OPTIONS"]["pool"]["max_size"] == 8


def test_only_the_owner_is_the_owner():
    assert connection(Environment(home=Path("/srv/comity")), owner=True)["USER"] == "comity_owner"


def test_a_long_path_gets_a_short_socket():
    home = Path("/srv") / ("very-long-name" * 8)

    host = connection(Environment(home=home))["HOST"]

    assert len(f"{host}/.s.PGSQL.5432") < 107
    assert host != connection(Environment(home=home / "other"))["HOST"]


def test_the_parts_of_an_address_are_read_as_written():
    parts = connection_of_url("postgresql://us%40er:p%2Fw@db.example:6432/com?sslmode=require")

    assert (parts["USER"], parts["PASSWORD"]) == ("us@er", "p/w")
    assert (parts["HOST"], parts["PORT"], parts["NAME"]) == ("db.example", "6432", "com")
    assert parts["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_may_stand_in_an_address():
    parts = connection_of_url("postgresql:///comity?host=/run/postgresql&user=comity&port=5433")

    assert (parts["HOST"], parts["PORT"]) == ("/run/postgresql", "5433")
    assert (parts["USER"], parts["NAME"]) == ("comity", "comity")
    assert parts["OPTIONS"] == {}


def test_without_a_pool_each_request_opens_a_connection():
    parts = django_database(Environment(home=Path("/srv/comity"), database_pool=0))

    assert "pool" not in parts["OPTIONS"]
