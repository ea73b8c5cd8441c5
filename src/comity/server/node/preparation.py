# SPDX-License-Identifier: Apache-2.0
"""The acts on a node that need Django, done by this module as a process of its own.

`look` compares tables and program; `prepare` also places the static files; `migrate` brings
the tables up to the program, as their owner; `administrator` registers the first officer;
`verify` replays the journal; `evidence` opens what is stored of its items. The answers are one
line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from comity import clock
from comity.errors import ComityError
from comity.server.database import connection as connection_parts
from comity.server.environment import read_environment


def look() -> dict[str, Any]:
    """Which migrations the tables lack, and which they have that this program does not know."""
    return _migrations()


def prepare() -> dict[str, Any]:
    """The same, and every static file placed where the web server reads it."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    return _migrations()


def migrate() -> dict[str, Any]:
    """Bring the tables up to the program and give the application role its rights."""
    from django.core.management import call_command
    from django.db import connection

    from comity.server.roles import application_role, grant_application

    found = _migrations()
    if found["unknown"]:  # tables of a later release are left alone
        return {"applied": [], **found}
    call_command("migrate", interactive=False, verbosity=0)
    role = application_role(read_environment())
    if role:
        with connection.cursor() as cursor:
            grant_application(cursor.connection, role)
    return {"applied": found["pending"], **_migrations()}


def administrator() -> dict[str, Any]:
    """Register the first administrator; the password stands in this answer and nowhere else."""
    from django.db import transaction

    from comity.accounts.services import register_first_administrator
    from comity.journal import services as journal

    made = register_first_administrator(at=clock.now())
    with transaction.atomic():
        journal.checkpoint(at=clock.now())
    return {"sign_in_name": made.sign_in_name, "password": made.password}


def verify() -> dict[str, Any]:
    """Replay every digest of the journal."""
    from comity.journal import queries

    report = queries.verify_all(queries.trusted_keys())
    broken = report.broken_at
    return {
        "holds": report.holds,
        "entries": report.entries,
        "checkpoints": report.checkpoints,
        "signatures_checked": report.signatures_checked,
        "broken_at": broken.sequence if broken else None,
    }


def evidence() -> dict[str, Any]:
    """Open every stored content of evidence and compare digests; none where keys are locked."""
    from comity.evidence.services.integrity import stored_contents
    from comity.storage.storage_key import StorageKeyDiffersError

    try:
        found = stored_contents()
    except StorageKeyDiffersError:
        raise
    except ComityError:  # locked by a passphrase or a token that is not at hand here
        return {"evidence_contents": 0, "evidence_damaged": 0}
    return {"evidence_contents": found.blobs, "evidence_damaged": len(found.damaged)}


ACTS: dict[str, Callable[[], dict[str, Any]]] = {
    "look": look,
    "prepare": prepare,
    "migrate": migrate,
    "administrator": administrator,
    "verify": verify,
    "evidence": evidence,
}
AS_OWNER = "migrate"


def _migrations() -> dict[str, Any]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    pending = [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
    applied = set(executor.loader.applied_migrations)
    unknown = sorted(".".join(key) for key in applied - set(executor.loader.disk_migrations))
    major, minor = divmod(connection.cursor().connection.info.server_version, 10000)
    return {"pending": pending, "unknown": unknown, "postgresql": f"{major}.{minor}"}


def main(acts: list[str]) -> int:
    """Do the acts and print what they answered together."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.server.settings"
    from django.conf import settings

    if AS_OWNER in acts:
        settings.DATABASES["default"].update(connection_parts(read_environment(), owner=True))

    import django
    from django.db import DatabaseError

    django.setup()
    answer: dict[str, Any] = {}  # any: what JSON holds
    try:
        for act in acts:
            answer |= ACTS[act]()
    except (ComityError, DatabaseError, OSError) as error:
        answer = {"failed": str(error).strip().splitlines()[0].rstrip(".")}
    print(json.dumps(answer))
    return 1 if "failed" in answer else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
