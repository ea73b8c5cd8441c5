# SPDX-License-Identifier: Apache-2.0
"""The commands of a node: `comity node …` and `comity check`. No framework here.

Each act imports what it needs when it is chosen, so that `status` does not load what `backup`
does.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from comity.catalogues import N_, translate
from comity.errors import InvalidInputError
from comity.server.environment import in_effect, read_environment

DONE, REFUSED = 0, 1
DAMAGED_BEFORE = N_(
    "Of {blobs} stored contents, {blobs_damaged} were damaged when the backup of {made_at} was "
    "made: look for them in older ones."
)


class RecoveryKeyNotNamedError(InvalidInputError):
    """A backup is to be opened, and its key was not named."""

    code = "recovery-key-not-named"
    message = N_("{file} cannot be opened without its recovery key.")
    remedy = N_("Name the key's file with --recovery-key-file.")


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `node` with its acts, and `check`."""
    node = subparsers.add_parser(
        "node",
        help=N_("make, run and look after a node"),
        description=N_("Makes, runs, examines, backs up and upgrades the node in COMITY_HOME."),
    )
    node.set_defaults(run=lambda _: _print_help(node))
    acts = node.add_subparsers(metavar="ACT")
    _add_init(acts)
    _add_run(acts)
    _add(acts, "stop", stop, N_("stop the node and wait until it has stopped"))
    _add(acts, "status", status, N_("say what runs, where, and since when"))
    _add(acts, "check", check, N_("examine the node and say what to do about each finding"))
    _add(acts, "upgrade", upgrade_node, N_("bring the node up to this release, after a backup"))
    _add_backup(acts)
    _add_restore(acts)
    _add_recovery_key(acts)
    _add(subparsers, "check", check, N_("the same as `comity node check`"))


def _add_init(acts: argparse._SubParsersAction[Any]) -> None:
    init = _add(acts, "init", initialise, N_("make a node, its keys and its first administrator"))
    init.epilog = N_(
        "examples:\n"
        "  comity node init --administration US --recovery-key-file /media/stick/recovery.pem\n"
        "  comity node init --training"
    )
    init.add_argument("--training", action="store_true", help=N_("a node for practice"))
    init.add_argument("--administration", help=N_("code of the administration that runs it"))
    init.add_argument(
        "--recovery-key-file",
        type=Path,
        metavar="FILE",
        help=N_("write the key that opens backups here instead of showing it"),
    )


def _add_run(acts: argparse._SubParsersAction[Any]) -> None:
    run = _add(acts, "run", run_node, N_("run the node until it is interrupted"))
    run.epilog = N_("examples:\n  comity node run\n  comity node run --log node.log")
    run.add_argument(
        "--log", type=Path, metavar="FILE", help=N_("append log lines here, not to this terminal")
    )


def _add_backup(acts: argparse._SubParsersAction[Any]) -> None:
    backup = _add(acts, "backup", backup_node, N_("write the node into one sealed file"))
    backup.epilog = N_(
        "examples:\n"
        "  comity node backup --keep 14\n"
        "  comity node backup --verify FILE --recovery-key-file /media/stick/recovery.pem"
    )
    backup.add_argument("--to", type=Path, metavar="FILE", help=N_("where to write it"))
    backup.add_argument(
        "--keep", type=int, metavar="N", help=N_("remove all but the latest N backups afterwards")
    )
    backup.add_argument(
        "--verify",
        type=Path,
        metavar="FILE",
        help=N_("write nothing: restore this backup into scratch and replay its journal"),
    )
    _add_key_file(backup, required=False)


def _add_restore(acts: argparse._SubParsersAction[Any]) -> None:
    again = _add(acts, "restore", restore_node, N_("bring a node up from a backup"))
    again.epilog = N_(
        "examples:\n  comity node restore FILE --recovery-key-file /media/stick/recovery.pem"
    )
    again.add_argument("file", type=Path, metavar="FILE", help=N_("the backup"))
    _add_key_file(again, required=True)


def _add_recovery_key(acts: argparse._SubParsersAction[Any]) -> None:
    renewed = _add(
        acts,
        "recovery-key",
        renew_recovery_key,
        N_("make a new key for backups; those made before still need the old one"),
    )
    _add_key_file(renewed, required=False)


def _add_key_file(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--recovery-key-file",
        type=Path,
        metavar="KEY",
        required=required,
        help=N_("the file of the key that opens backups"),
    )


def _add(
    acts: argparse._SubParsersAction[Any],
    name: str,
    act: Callable[[argparse.Namespace], int],
    meaning: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=meaning, description=meaning)
    parser.add_argument("--json", action="store_true", help=N_("answer for programs"))
    parser.set_defaults(run=act)
    return parser


def _print_help(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return 2


def initialise(arguments: argparse.Namespace) -> int:
    """Make a node; one that is there already is left as it is."""
    from comity.server.node.home import Home
    from comity.server.node.making import make_node

    environment = read_environment()
    if Home.of(environment).made:
        said = N_("There is a node in {home} already; nothing was changed.")
        return _say(arguments, {"made": False, "home": environment.home}, said)
    settings = {"COMITY_TRAINING": "true"} if arguments.training else {}
    if arguments.administration:
        settings["COMITY_ADMINISTRATION"] = arguments.administration
    made = make_node(environment, settings=settings, recovery_key_file=arguments.recovery_key_file)
    facts = {
        "made": True,
        "home": made.home,
        "sign_in_name": made.sign_in_name,
        "password": made.password,
        "recovery_key": made.recovery_key,
        "recovery_key_file": arguments.recovery_key_file or "",
    }
    said = N_(
        "Made the node in {home}.\n"
        "Sign in as {sign_in_name} with the password {password}\n"
        "It is shown this once and is to be changed at the first sign-in."
    )
    _say(arguments, facts, said)
    if not arguments.json:
        shown = RECOVERY_KEY_SHOWN if made.recovery_key else RECOVERY_KEY_WRITTEN
        print(translate(shown, arguments.language).format(**facts))
        print(made.recovery_key, end="")
    return DONE


RECOVERY_KEY_WRITTEN = N_(
    "The key that opens the node's backups is in {recovery_key_file}.\n"
    "Move it away from this machine; without it no backup can be read."
)
RECOVERY_KEY_SHOWN = N_(
    "This key opens the node's backups. It is shown this once and is not kept in the node:\n"
    "store it elsewhere; without it no backup can be read."
)


def run_node(arguments: argparse.Namespace, then: Callable[[], object] | None = None) -> int:
    """Keep the node running in this process until it is interrupted; `then` once it is ready."""
    import logging.config

    from comity.server.logs import logging_settings
    from comity.server.node.supervisor import Supervisor

    environment = read_environment()
    logging.config.dictConfig(logging_settings(environment.log_level))
    address = environment.public_url or f"http://{environment.address}:{environment.port}/"
    facts = {"address": address, "home": environment.home, "pid": os.getpid()}
    said = N_(
        "The node in {home} is ready at {address}\nStop it with Ctrl-C or `comity node stop`."
    )

    def announce() -> None:
        _say(arguments, facts, said)
        sys.stdout.flush()
        if then:
            then()

    with _errors_in(arguments.log):
        Supervisor(environment, announce).run()
    return DONE


@contextmanager
def _errors_in(log: Path | None) -> Iterator[None]:
    """Let the standard error of this process and its children go into a file for the while.

    Afterwards it is the terminal's again: why a node could not run is said where it was started.
    """
    if log is None:
        yield
        return
    terminal = os.dup(sys.stderr.fileno())
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, sys.stderr.fileno())
    os.close(descriptor)
    try:
        yield
    finally:
        os.dup2(terminal, sys.stderr.fileno())
        os.close(terminal)


def stop(arguments: argparse.Namespace) -> int:
    """Stop the node; a node that does not run is as good as stopped."""
    from comity.server.node.stopping import stop_node

    environment = read_environment()
    stopped = stop_node(environment)
    said = N_("Stopped the node in {home}.") if stopped else N_("No node runs in {home}.")
    return _say(arguments, {"stopped": stopped, "home": environment.home}, said)


def status(arguments: argparse.Namespace) -> int:
    """Say what runs; 1 where the node does not."""
    from comity.server.node.status import status_of, status_text

    found = status_of(read_environment())
    if arguments.json:
        print(json.dumps(found, indent=2, default=str))
    else:
        print(status_text(found, arguments.language))
    return DONE if found["running"] else REFUSED


def check(arguments: argparse.Namespace) -> int:
    """Print the settings in effect and every finding; 1 where one of them is an obstacle."""
    from comity.server.checks import examine

    environment = read_environment()
    findings = examine(environment)
    effect = in_effect(environment)
    if arguments.json:
        shown = [finding.as_dict(arguments.language) for finding in findings]
        print(json.dumps({"settings": effect, "findings": shown}, indent=2, default=str))
    else:
        print("\n".join(f"{name}={value}" for name, value in effect.items()), end="\n\n")
        print("\n".join(finding.text(arguments.language) for finding in findings))
    return REFUSED if any(finding.obstacle for finding in findings) else DONE


def backup_node(arguments: argparse.Namespace) -> int:
    """Write a backup, or prove that one can be restored."""
    if arguments.verify:
        return _verify_backup(arguments)

    from comity.server.node.backing_up import back_up, drop_old
    from comity.server.node.home import Home

    environment = read_environment()
    made = back_up(environment, arguments.to)
    if arguments.keep:
        drop_old(Home.of(environment), keep=arguments.keep)
    said = N_("Wrote {file} ({bytes} bytes, {entries} acts); the key {sealed_for} opens it.")
    return _say(arguments, asdict(made), said)


def _verify_backup(arguments: argparse.Namespace) -> int:
    from comity.server.node.restoring import verify_backup

    if not arguments.recovery_key_file:
        raise RecoveryKeyNotNamedError(file=arguments.verify)
    proved = verify_backup(read_environment(), arguments.verify, arguments.recovery_key_file)
    said = N_(
        "The backup of {made_at} holds: {members} files fit their digests, {entries} acts of the "
        "journal were replayed against {checkpoints} checkpoints, and {blobs} stored contents "
        "were opened."
    )
    if proved.blobs_damaged:
        said = DAMAGED_BEFORE
    told = _say(arguments, {**asdict(proved), "home": ""}, said)
    return REFUSED if proved.blobs_damaged else told


def restore_node(arguments: argparse.Namespace) -> int:
    """Bring a node up from a backup."""
    from comity.server.node.restoring import restore

    made = restore(read_environment(), arguments.file, arguments.recovery_key_file)
    said = N_(
        "Restored the node of {made_at} into {home}: {entries} acts of its journal hold.\n"
        "Start it with `comity node run`."
    )
    if made.blobs_damaged and not arguments.json:
        _say(arguments, asdict(made), DAMAGED_BEFORE)
    return _say(arguments, asdict(made), said)


def upgrade_node(arguments: argparse.Namespace) -> int:
    """Upgrade the node."""
    from comity.server.node.upgrading import upgrade

    done = upgrade(read_environment())
    facts = {**asdict(done), "done": done.done, "count": len(done.applied)}
    if not done.done:
        said = N_("The node in {home} is up to date; nothing was changed.")
    elif done.kept:
        said = N_(
            "Upgraded the node in {home}: {count} migrations, PostgreSQL {postgresql_before} to "
            "{postgresql_after}.\nThe backup taken before is {backup}.\n"
            "The database as it was is kept in {kept}; remove it when all is well."
        )
    else:
        said = N_(
            "Upgraded the node in {home}: {count} migrations. The backup taken before is {backup}."
        )
    return _say(arguments, facts, said)


def renew_recovery_key(arguments: argparse.Namespace) -> int:
    """Make a new recovery key."""
    from comity.server.node.home import Home, require_made
    from comity.server.node.making import make_recovery_key

    home = Home.of(read_environment())
    require_made(home)
    key = make_recovery_key(home, arguments.recovery_key_file)
    facts = {"recovery_key": key, "recovery_key_file": arguments.recovery_key_file or ""}
    _say(arguments, facts, RECOVERY_KEY_SHOWN if key else RECOVERY_KEY_WRITTEN)
    if key and not arguments.json:
        print(key)
    return DONE


def _say(arguments: argparse.Namespace, facts: Mapping[str, object], said: str) -> int:
    """Print what was done, for people or for programs."""
    if arguments.json:
        print(json.dumps(facts, default=str))
    else:
        print(translate(said, arguments.language).format(**facts))
    return DONE
