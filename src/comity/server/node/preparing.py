# SPDX-License-Identifier: Apache-2.0
"""Asks the `preparation` process for what only Django can do, and reads its answer.

A process of its own keeps the framework out of this one, and can be pointed at another
database. No framework here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from comity.catalogues import N_
from comity.errors import ConflictError, PeerError
from comity.server.environment import Environment, as_variables, without_settings
from comity.server.postgres_programs import refuse_older

MODULE = "comity.server.node.preparation"


class PreparationFailedError(PeerError):
    """The database could not be prepared."""

    code = "preparation-failed"
    message = N_("The step `{act}` failed: {reason}.")
    remedy = N_("Run `comity node check`; nothing was changed that a new attempt cannot redo.")


class SchemaBehindError(ConflictError):
    """The tables are older than the program."""

    code = "schema-behind"
    message = N_("The tables of the node in {home} lack {count} migrations of this release.")
    remedy = N_("Run `comity node upgrade`, which takes a backup first.")


class SchemaAheadError(ConflictError):
    """The tables are newer than the program."""

    code = "schema-ahead"
    message = N_("The tables of the node in {home} are of a later release (they know {first}).")
    remedy = N_("Install the release that wrote them, or restore a backup of this one.")


def child_variables(environment: Environment) -> dict[str, str]:
    """The variables of a process that is to see exactly this environment."""
    return without_settings(os.environ) | as_variables(environment)


def ask(environment: Environment, *acts: str) -> dict[str, Any]:
    """Let one process with Django do these acts in turn; what they answered, together."""
    given = child_variables(environment) | {"COMITY_DATABASE_POOL": "0"}
    done = subprocess.run(
        [sys.executable, "-m", MODULE, *acts],
        env=given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=False,
    )
    lines = done.stdout.decode().splitlines()
    answer: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    if done.returncode:
        reason = answer.get("failed", f"it ended with code {done.returncode}")
        raise PreparationFailedError(act=" ".join(acts), reason=reason)
    return answer


def look(environment: Environment, *, act: str = "look") -> None:
    """Raise unless server, tables and program fit one another.

    Raises:
        ServerTooOldError, SchemaBehindError, SchemaAheadError: what does not.
    """
    answer = ask(environment, act)
    refuse_older(answer["postgresql"], "DATABASE_URL")
    _refuse_ahead(environment, answer)
    if answer["pending"]:
        raise SchemaBehindError(home=environment.home, count=len(answer["pending"]))


def prepare(environment: Environment) -> None:
    """Before each start: the tables fit the program, and the static files are laid out."""
    look(environment, act="prepare")


def migrate(environment: Environment, *then: str) -> dict[str, Any]:
    """Bring the tables up to the program and do these acts more; what all answered."""
    answer = ask(environment, "migrate", *then)
    _refuse_ahead(environment, answer)
    return answer


def _refuse_ahead(environment: Environment, answer: dict[str, Any]) -> None:
    if answer["unknown"]:
        raise SchemaAheadError(home=environment.home, first=answer["unknown"][0])
