# SPDX-License-Identifier: Apache-2.0
"""The commands of a node: `comity node …` and `comity check`. No framework here.

Each act imports what it needs when it is chosen, so that `status` does not load what `backup`
does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from comity.catalogues import N_, translate
from comity.server.environment import in_effect, read_environment

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

DONE, REFUSED = 0, 1


def add_commands(subparsers: argparse._SubParsersAction) -> None:
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
    _add(subparsers, "check", check, N_("the same as `comity node check`"))


def _add_init(acts: argparse._SubParsersAction) -> None:
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


def _add_run(acts: argparse._SubParsersAction) -> None:
    run = _add(acts, "run", run_node, N_("run the node until it is interrupted"))
    run.epilog = N_("examples:\n  comity node run\n  comity node run --log node.log")
    run.add_argument(
        "--log", type=Path, metavar="FILE", help=N_("append log lines here, not to this terminal")
    )


def _add(
    acts: argparse._SubParsersAction,
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
    if made.recovery_key and not arguments.json:
        print(translate(RECOVERY_KEY_SHOWN, arguments.language))
        print(made.recovery_key)
    return DONE


RECOVERY_KEY_SHOWN = N_(
    "This key opens the node's backups. It is shown this once and is not kept in the node:\n"
    "store it elsewhere; without it no backup can be read."
)


def run_node(arguments: argparse.Namespace) -> int:
    """Keep the node running in this process until it is interrupted."""
    import logging.config
    import os

    from comity.server.logs import logging_settings
    from comity.server.node.supervisor import Supervisor

    environment = read_environment()
    if arguments.log:
        descriptor = os.open(arguments.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(descriptor, sys.stderr.fileno())
        os.close(descriptor)
    logging.config.dictConfig(logging_settings(environment.log_level))
    address = environment.public_url or f"http://{environment.address}:{environment.port}/"
    facts = {"address": address, "home": environment.home, "pid": os.getpid()}
    said = N_(
        "The node in {home} is ready at {address}\nStop it with Ctrl-C or `comity node stop`."
    )
    Supervisor(environment, lambda: _announce(arguments, facts, said)).run()
    return DONE


def _announce(arguments: argparse.Namespace, facts: Mapping[str, object], said: str) -> None:
    _say(arguments, facts, said)
    sys.stdout.flush()


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


def _say(arguments: argparse.Namespace, facts: Mapping[str, object], said: str) -> int:
    """Print what was done, for people or for programs."""
    if arguments.json:
        print(json.dumps(facts, default=str))
    else:
        print(translate(said, arguments.language).format(**facts))
    return DONE
