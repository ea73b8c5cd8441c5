# SPDX-License-Identifier: Apache-2.0
"""`comity training run`: a node for practice, from nothing to a running one in one command.

Makes the node where there is none, runs it like any other, and lets `story` tell what can be
done as soon as it answers. No framework here.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from comity.catalogues import N_, translate
from comity.errors import InvalidInputError
from comity.server.environment import read_environment

SETTINGS = {
    "COMITY_TRAINING": "true",
    "COMITY_ADMINISTRATION": "US",
    "COMITY_NODE_NAME": "Training node",
}
"""The register holds public facts, so practice runs from the side with most of them."""


class FeedUnreadableError(InvalidInputError):
    """The feed to read as well cannot be opened."""

    code = "training-feed-unreadable"
    message = N_("The feed {path} cannot be read: {obstacle}.")
    remedy = N_("Check the file's name, or leave --feed (FEED=) out.")


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `training` with its act `run`."""
    meaning = N_("make and run a node for practice, with made-up officers and a first story")
    training = subparsers.add_parser("training", help=meaning, description=meaning)
    acts = training.add_subparsers(metavar="ACT", required=True)
    run = acts.add_parser("run", help=meaning, description=meaning)
    run.epilog = N_(
        "examples:\n"
        "  comity training run\n"
        "  comity training run --feed releases.xml\n"
        "  COMITY_PORT=8100 comity training run"
    )
    run.add_argument(
        "--feed",
        type=Path,
        metavar="FILE",
        help=N_("a feed of real announcements to read as well, such as RSS or Atom"),
    )
    run.add_argument("--json", action="store_true", help=N_("answer for programs"))
    run.set_defaults(run=run_training)


def run_training(arguments: argparse.Namespace) -> int:
    """Make the node if there is none, and keep it running until it is interrupted."""
    from comity.server.node.home import Home
    from comity.server.node.making import make_node
    from comity.server.node.terminal import run_node

    feed = _readable(arguments.feed)
    environment = read_environment()
    home = Home.of(environment)
    if not home.made:
        print(
            translate(N_("Making a training node in {home} …"), arguments.language).format(
                home=environment.home
            ),
            flush=True,
        )
        key = environment.home.with_name(environment.home.name + "-recovery-key.pem")
        key.unlink(missing_ok=True)
        made = make_node(environment, settings=SETTINGS, recovery_key_file=key)
        print(
            translate(SHOWN_ONCE, arguments.language).format(
                name=made.sign_in_name, password=made.password, key=key
            ),
            flush=True,
        )
    arguments.log = home.path / "node.log"
    return run_node(arguments, then=partial(_tell, feed))


SHOWN_ONCE = N_(
    "Made it. Its administrator is {name} with the password {password}, shown this once;\n"
    "the key that opens its backups is in {key}: keep it elsewhere."
)


def _readable(feed: Path | None) -> Path | None:
    """The feed by its whole path, refused before a node is made for it."""
    if feed is None:
        return None
    try:
        with feed.open("rb"):
            return feed.absolute()
    except OSError as error:
        raise FeedUnreadableError(path=feed, obstacle=error.strerror) from error


def _tell(feed: Path | None) -> None:
    """Let the story run in a process of its own, beside the node that it speaks to."""
    words = [sys.executable, "-m", "comity.server.training"]
    subprocess.Popen([*words, str(feed)] if feed else words)
