# SPDX-License-Identifier: Apache-2.0
"""What a node does at this moment, as facts for people and programs. No framework here."""

from __future__ import annotations

import http.client
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import psycopg

from comity.catalogues import N_, translate
from comity.server.environment import Environment
from comity.server.node import processes
from comity.server.node.backup_files import latest_backup
from comity.server.node.databases import open_database, reason_of, server_version
from comity.server.node.exchange_state import exchange_state
from comity.server.node.home import Home, holder, require_made
from comity.server.node.local_service import LOOPBACK
from comity.server.node.supervisor import ACT

OURS = ("journal", "accounts", "agreements", "exchange", "desk", "procrastinate")


def status_of(environment: Environment) -> dict[str, Any]:
    """The facts, by name; stable for programs."""
    home = Home.of(environment)
    require_made(home)
    held_by = holder(home)
    latest = latest_backup(home)
    return {
        "running": bool(held_by and held_by[1] == ACT),
        "ready": _ready(environment),
        "home": str(home.path),
        "release": home.description().get("release"),
        "address": environment.public_url or f"http://{environment.address}:{environment.port}/",
        "port": environment.port,
        "local_port": environment.local_port,
        "processes": [_process(known) for known in processes.noted(home)],
        "database": _database(environment, held=bool(held_by)),
        "exchange": _exchange(environment, held=bool(held_by)),
        "last_backup": _moment(latest.stat().st_mtime) if latest else None,
        "disk_free_bytes": shutil.disk_usage(home.path).free,
    }


def status_text(status: dict[str, Any], language: str) -> str:
    """The same facts in lines for a person."""
    state = N_("running and ready") if status["ready"] else N_("running, not ready")
    lines = [
        (N_("node"), status["home"]),
        (N_("state"), translate(state if status["running"] else N_("stopped"), language)),
        (N_("release"), status["release"]),
        (N_("address"), status["address"]),
        (N_("database"), _version(status["database"], language)),
        (N_("last backup"), status["last_backup"] or translate(N_("never"), language)),
        (N_("free disk"), f"{status['disk_free_bytes'] // 2**20} MiB"),
    ]
    exchange = status["exchange"]
    if exchange and exchange["partners"]:
        waiting = sum(each["waiting"] for each in exchange["partners"])
        dead = sum(each["dead"] for each in exchange["partners"])
        said = translate(N_("{waiting} messages wait, {dead} were given up"), language)
        lines.append((N_("exchange"), said.format(waiting=waiting, dead=dead)))
    for process in status["processes"]:
        said = f"pid {process['pid']}, {process['resident_kilobytes'] // 1024} MiB"
        lines.append((process["name"], said if process["alive"] else "–"))
    return "\n".join(f"{translate(name, language):14} {value}" for name, value in lines)


def _version(database: dict[str, Any], language: str) -> str:
    reason = translate(str(database.get("reason", "")), language)
    return str(database.get("version", reason))


def _process(known: processes.Process) -> dict[str, Any]:
    return {
        "name": known.name,
        "pid": known.pid,
        "alive": known.alive,
        "resident_kilobytes": sum(map(processes.resident_kilobytes, processes.members(known)))
        or processes.resident_kilobytes(known.pid),
    }


def _ready(environment: Environment) -> bool:
    if not environment.local_port:
        return False
    with closing(http.client.HTTPConnection(LOOPBACK, environment.local_port, timeout=5)) as local:
        try:
            local.request("GET", "/health/ready")
            answer = local.getresponse()
            return answer.status == 200 and bool(json.loads(answer.read())["ready"])
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return False


def _database(environment: Environment, *, held: bool) -> dict[str, Any]:
    """Version and schema, or why they cannot be told."""
    kind = {"embedded": environment.embedded}
    if environment.embedded and not held:
        return kind | {"reason": N_("stopped")}
    try:
        with open_database(environment) as database:
            latest = database.execute(
                "SELECT app, max(name) FROM django_migrations WHERE app = ANY(%s) GROUP BY app",
                [list(OURS)],
            ).fetchall()
            return kind | {"version": server_version(database), "schema": dict(latest)}
    except psycopg.Error as error:
        return kind | {"reason": reason_of(error)}


def _exchange(environment: Environment, *, held: bool) -> dict[str, Any] | None:
    """What waits for partners; None where the database does not answer or has no tables yet."""
    if environment.embedded and not held:
        return None
    try:
        with open_database(environment) as database:
            state = exchange_state(database)
    except psycopg.Error:
        return None
    return {"port": environment.exchange_port or None, **state.as_dict()} if state else None


def _moment(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp, UTC).isoformat(timespec="seconds")
