# SPDX-License-Identifier: Apache-2.0
"""Examines a node: settings, database, tables, disk, folder, clock. No framework here.

Every rule of the table is put to the node and answers with findings; each says what to do.
A finding that is an obstacle keeps the node from being trusted with real work.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import psycopg

from comity.catalogues import N_, translate
from comity.errors import ComityError
from comity.server.environment import Environment
from comity.server.keys import DJANGO_SECRET
from comity.server.node.backup_files import latest_backup
from comity.server.node.databases import (
    open_database,
    reachable,
    reason_of,
    server_version,
)
from comity.server.node.exchange_state import exchange_state
from comity.server.node.home import Home, require_made
from comity.server.node.preparing import look
from comity.server.postgres_programs import refuse_older
from comity.server.roles import application_role
from comity.storage.storage_key import STORAGE_KEY, key_is_missing

ACT = "comity node check"
MEBIBYTE = 1024 * 1024
DISK_OBSTACLE = 256 * MEBIBYTE
DISK_WARNING = 2048 * MEBIBYTE
CLOCK_SECONDS = 5.0
BACKUP_DAYS = 7
LONGEST_QUEUE_HOURS = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found. `message` and `remedy` are templates for the catalogues."""

    rule: str
    message: str
    remedy: str = ""
    obstacle: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`fine`, `warning` or `obstacle`."""
        if self.obstacle:
            return "obstacle"
        return "warning" if self.remedy else "fine"

    def text(self, language: str = "en") -> str:
        """The finding as a person reads it."""
        words = [translate(self.message, language), translate(self.remedy, language)]
        said = " ".join(word.format(**self.facts) for word in words if word)
        return f"{self.kind:8} {self.rule}  {said}"

    def as_dict(self, language: str = "en") -> dict[str, object]:
        """The finding as a program reads it."""
        return {
            "rule": self.rule,
            "kind": self.kind,
            "message": translate(self.message, language).format(**self.facts),
            "remedy": translate(self.remedy, language).format(**self.facts),
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Node:
    """What the rules look at: the settings, the folder, and the database if it answers."""

    environment: Environment
    home: Home
    database: psycopg.Connection | None
    unreachable: str = ""


def a_node_of_ours_is_here(node: Node) -> Iterator[Finding]:
    """The folder holds a node that belongs to the user who asks."""
    try:
        require_made(node.home)
    except ComityError as error:
        yield _of_error("NODE-1", error)
    else:
        yield Finding("NODE-1", N_("The node is in {home}."), facts={"home": node.home.path})


def keys_are_closed(node: Node) -> Iterator[Finding]:
    """Nobody but the node's user can read its keys and settings."""
    for place in [node.home.keys, node.home.settings_file, *_secret_files(node.home.keys)]:
        if place.exists() and place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                "NODE-2",
                N_("{path} can be read by other users of this machine."),
                N_("Close it with `chmod go= {path}`."),
                obstacle=True,
                facts={"path": place},
            )


def the_server_is_new_enough(node: Node) -> Iterator[Finding]:
    """The database answers, and is no older than the oldest release supported."""
    if node.database is None:
        yield Finding(
            "NODE-3",
            N_("The database does not answer: {reason}."),
            N_("Start the node with `comity node run`, or correct DATABASE_URL."),
            obstacle=not node.environment.embedded,
            facts={"reason": node.unreachable},
        )
        return
    version = server_version(node.database)
    try:
        refuse_older(version, "DATABASE_URL")
    except ComityError as error:
        yield _of_error("NODE-3", error)
    else:
        facts = {"version": version}
        yield Finding("NODE-3", N_("The database is PostgreSQL {version}."), facts=facts)


def tables_fit_the_program(node: Node) -> Iterator[Finding]:
    """Every migration of this release was applied, and none of a later one."""
    if node.database is None or not node.home.made:
        return
    try:
        look(node.environment)
    except ComityError as error:
        yield _of_error("NODE-4", error)
    else:
        yield Finding("NODE-4", N_("The tables fit this release."))


def the_journal_is_guarded_by_a_role(node: Node) -> Iterator[Finding]:
    """Pages and jobs connect as a role that may not alter the journal."""
    if not application_role(node.environment):
        yield Finding(
            "NODE-5",
            N_("Pages connect as the owner of the tables; only triggers guard the journal."),
            N_("Make two roles as the manual shows, and set COMITY_OWNER_DATABASE_URL."),
        )


def the_disk_has_room(node: Node) -> Iterator[Finding]:
    """There is room for the database to grow and for a backup to be written."""
    folder = node.home.path if node.home.path.exists() else node.home.path.parent
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    facts = {"free": free // MEBIBYTE, "home": node.home.path}
    message = N_("{free} MiB are free where {home} lies.")
    if free >= DISK_WARNING:
        yield Finding("NODE-6", message, facts=facts)
    else:
        remedy = N_("Free space there, or move old backups to another disk.")
        yield Finding("NODE-6", message, remedy, obstacle=free < DISK_OBSTACLE, facts=facts)


def the_clock_can_be_trusted(node: Node) -> Iterator[Finding]:
    """The clock is kept by the network, agrees with the server's, and runs after the journal."""
    if _unsynchronised():
        yield Finding(
            "NODE-7",
            N_("The system does not keep its clock by the network."),
            N_("Start a time service such as chrony or systemd-timesyncd."),
        )
    if node.database is None:
        return
    apart = abs((_server_time(node.database) - datetime.now(UTC)).total_seconds())
    if apart > CLOCK_SECONDS:
        yield Finding(
            "NODE-7",
            N_("This machine's clock and the database server's are {seconds} seconds apart."),
            N_("Keep both by the same time service."),
            obstacle=True,
            facts={"seconds": round(apart)},
        )
    latest = _latest_act(node.database)
    if latest and (latest - datetime.now(UTC)).total_seconds() > CLOCK_SECONDS:
        yield Finding(
            "NODE-7",
            N_("The journal's last act is of {latest}, which is in the future."),
            N_("Set the clock right before anybody works on."),
            obstacle=True,
            facts={"latest": latest.isoformat(timespec="seconds")},
        )


def people_reach_it_safely(node: Node) -> Iterator[Finding]:
    """Passwords cross a network only encrypted."""
    environment = node.environment
    if environment.secure or _loopback(environment.address):
        return
    yield Finding(
        "NODE-8",
        N_("The web server listens on {address} without encryption."),
        N_("Put a reverse proxy in front and set COMITY_PUBLIC_URL to its https address."),
        obstacle=not environment.training,
        facts={"address": environment.address},
    )


def a_backup_is_recent(node: Node) -> Iterator[Finding]:
    """There is a backup of the last week, and a key to seal the next to."""
    if node.home.made and not node.home.recovery_public_key.exists():
        yield Finding(
            "NODE-9",
            N_("The node has no recovery key, so no backup can be made."),
            N_("Make one with `comity node recovery-key`."),
            obstacle=True,
        )
    latest = latest_backup(node.home)
    days = int((time.time() - latest.stat().st_mtime) // 86400) if latest else None
    if days is None or days > BACKUP_DAYS:
        yield Finding(
            "NODE-9",
            N_("There is no backup of the last {days} days."),
            N_("Make one with `comity node backup`, and let a timer do it daily."),
            facts={"days": BACKUP_DAYS},
        )
    else:
        yield Finding("NODE-9", N_("The last backup is {days} days old."), facts={"days": days})


def the_user_has_no_other_powers(node: Node) -> Iterator[Finding]:
    """The node runs as a user who can do nothing else on the machine."""
    if os.geteuid() == 0 and not node.environment.training:
        yield Finding(
            "NODE-10",
            N_("The node runs as root."),
            N_("Give it a user of its own, as `deploy/comity.service` does."),
        )


def stored_content_can_be_opened(node: Node) -> Iterator[Finding]:
    """The key that sealed the node's stored content is in its folder of keys."""
    if key_is_missing(node.home.keys, node.home.blobs):
        yield Finding(
            "NODE-11",
            N_("The storage key {path} is missing: nothing that it sealed can be opened."),
            N_("Restore the node's folder of keys from the backup that belongs to its data."),
            obstacle=True,
            facts={"path": node.home.keys / STORAGE_KEY},
        )


def partners_can_reach_it(node: Node) -> Iterator[Finding]:
    """A node that listens for partners knows whose it is, and its card says where."""
    environment = node.environment
    if not environment.exchange_port:
        yield Finding("NODE-12", N_("The exchange takes no connections: partners do not reach it."))
        return
    if not environment.administration:
        yield Finding(
            "NODE-12",
            N_("The exchange has a port, and the node does not know whose it is."),
            N_("Set COMITY_ADMINISTRATION to the administration's code in the register."),
            obstacle=True,
        )
    if not environment.exchange_url:
        yield Finding(
            "NODE-12",
            N_("The exchange listens on port {port}, and our card names no address for it."),
            N_("Set COMITY_EXCHANGE_URL to the address under which partners reach it."),
            facts={"port": environment.exchange_port},
        )
    elif environment.administration:
        address = environment.exchange_url
        yield Finding("NODE-12", N_("Partners reach it at {address}."), facts={"address": address})


def nothing_was_given_up(node: Node) -> Iterator[Finding]:
    """No message to a partner was given up, and none waits for hours."""
    if node.database is None or not node.home.made:
        return
    state = exchange_state(node.database)
    for each in state.partners if state else ():
        facts = {"partner": each.partner, "dead": each.messages.get("dead", 0)}
        if facts["dead"]:
            yield Finding(
                "NODE-13",
                N_("{dead} messages to {partner} were given up."),
                N_("Read why with `comity exchange dead-letters`, then try them again."),
                facts=facts,
            )
        if each.waiting and each.oldest_seconds > LONGEST_QUEUE_HOURS * 3600:
            hours = int(each.oldest_seconds // 3600)
            yield Finding(
                "NODE-13",
                N_("A message to {partner} has waited for {hours} hours."),
                N_("Find out why with `comity partner diagnose {partner}`."),
                facts={"partner": each.partner, "hours": hours},
            )


RULES: dict[str, Callable[[Node], Iterator[Finding]]] = {
    "NODE-1": a_node_of_ours_is_here,
    "NODE-2": keys_are_closed,
    "NODE-3": the_server_is_new_enough,
    "NODE-4": tables_fit_the_program,
    "NODE-5": the_journal_is_guarded_by_a_role,
    "NODE-6": the_disk_has_room,
    "NODE-7": the_clock_can_be_trusted,
    "NODE-8": people_reach_it_safely,
    "NODE-9": a_backup_is_recent,
    "NODE-10": the_user_has_no_other_powers,
    "NODE-11": stored_content_can_be_opened,
    "NODE-12": partners_can_reach_it,
    "NODE-13": nothing_was_given_up,
}


def examine(environment: Environment) -> list[Finding]:
    """Put every rule to the node and keep every finding; a stopped database is started for it."""
    home = Home.of(environment)
    with contextlib.ExitStack() as stack:
        database, reason = None, N_("there is no node yet")
        try:
            if home.made or not environment.embedded:
                stack.enter_context(reachable(environment, ACT))
                database = stack.enter_context(open_database(environment))
        except psycopg.Error as error:
            reason = reason_of(error)
        except ComityError as error:
            reason = str(error).rstrip(".")
        node = Node(environment, home, database, reason)
        return [finding for rule in RULES.values() for finding in rule(node)]


def _secret_files(folder: Path) -> list[Path]:
    files = [path for path in folder.glob("*") if path.is_file()]
    return [f for f in files if f.name == DJANGO_SECRET or b"PRIVATE KEY" in f.read_bytes()]


def _of_error(rule: str, error: ComityError) -> Finding:
    return Finding(rule, error.message, error.remedy, obstacle=True, facts=error.fields)


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _unsynchronised() -> bool:
    """Whether the kernel says that no time service steers its clock (adjtimex(2))."""
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return False
    return bool(answer == 5)  # TIME_ERROR


def _server_time(database: psycopg.Connection) -> datetime:
    found: Any = database.execute("SELECT clock_timestamp()").fetchone()  # any: one row
    moment: datetime = found[0]
    return moment.astimezone(UTC)


def _latest_act(database: psycopg.Connection) -> datetime | None:
    if not database.execute("SELECT to_regclass('journal_entry')").fetchone()[0]:  # type: ignore[index]
        return None
    found = database.execute("SELECT at FROM journal_entry ORDER BY sequence DESC LIMIT 1")
    row = found.fetchone()
    return row[0] if row else None
