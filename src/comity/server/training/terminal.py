# SPDX-License-Identifier: Apache-2.0
"""`comity training run`: two nodes for practice, from nothing to running in one command.

Makes Northland's node and Southland's where there are none, runs them like any other, and lets
`story` tell what can be done as soon as Northland's answers. No framework here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.catalogues import N_, translate
from comity.errors import InvalidInputError

if TYPE_CHECKING:
    from comity.server.training.nodes import TrainingNode


class FeedUnreadableError(InvalidInputError):
    """The feed to read as well cannot be opened."""

    code = "training-feed-unreadable"
    message = N_("The feed {path} cannot be read: {obstacle}.")
    remedy = N_("Check the file's name, or leave --feed (FEED=) out.")


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Add `training` with its act `run`."""
    meaning = N_("make and run two nodes for practice, with made-up officers and a first story")
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
    """Make the nodes if there are none, and keep them running until they are interrupted."""
    from comity.server.node.terminal import run_node
    from comity.server.training.nodes import Keeper, training_nodes

    feed = _readable(arguments.feed)
    northland, southland = training_nodes()
    for node in (northland, southland):
        _make(node, arguments.language)
    os.environ.update(northland.settings)
    arguments.log = northland.home / "node.log"
    with Keeper(southland):
        return run_node(arguments, then=partial(_tell, feed))


def _make(node: TrainingNode, language: str) -> None:
    """Make this node unless it is there, and show its secrets once."""
    from comity.server.training.nodes import is_made, make, recovery_key_of

    if is_made(node):
        return
    said = translate(N_("Making the training node of {name} in {home} …"), language)
    print(said.format(name=node.name, home=node.home), flush=True)
    made, key = make(node), recovery_key_of(node)
    said = translate(SHOWN_ONCE, language)
    print(said.format(name=made.sign_in_name, password=made.password, key=key), flush=True)


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
