# SPDX-License-Identifier: Apache-2.0
"""A database with every table for a measurement that needs one, gone when it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def node(home: Path) -> Iterator[None]:
    """A database of its own with every table, and this process set to use it."""
    import psycopg

    from comity.server import postgres, roles
    from comity.server.database import DATABASE, OWNER
    from comity.server.postgres_programs import find_programs

    home.chmod(0o711)
    postgres.make_database_folder(home)
    cluster = postgres.cluster_of(home, find_programs())
    postgres.make_cluster(cluster)
    child = postgres.start(cluster, settings={"fsync": "off", "max_wal_size": "4GB"})
    try:
        with psycopg.connect(
            host=str(cluster.socket), user=postgres.SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            roles.make_roles(connection)
            roles.make_database(connection)
        os.environ |= {"COMITY_HOME": str(home), "COMITY_DATABASE_POOL": "0"}
        os.environ["DATABASE_URL"] = f"postgresql:///{DATABASE}?host={cluster.socket}&user={OWNER}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "comity.server.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
        from django.db import connections

        connections.close_all()
    finally:
        postgres.stop(cluster)
        child.wait()
