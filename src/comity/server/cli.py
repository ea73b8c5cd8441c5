# SPDX-License-Identifier: Apache-2.0
"""The commands that need a node, gathered: those of the node itself start without Django.

Importing a capability's `commands` needs Django's settings; it is done only when the command
line asks for something else than `node` or `check`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from comity.catalogues import N_
from comity.command_line import command_of
from comity.server.node import terminal
from comity.server.training import terminal as training

PLAIN = ("node", "check", "training")
GROUPS: dict[str, str] = {
    "officers": N_("The officers of this node and their roles."),
    "tokens": N_("API tokens for programs that act for an officer."),
    "partner": N_("Other administrations' nodes, and our card for them."),
    "send": N_("Send files to a partner; the law is assessed before anything goes."),
    "inbox": N_("List what partners sent and nobody has opened yet."),
    "message": N_("The ledger of messages, and what is done with them."),
    "exchange": N_("The exchange's queue, maintenance and files."),
    "conform": N_("Check any node against the specification of the exchange."),
    "keys": N_("This node's own keys: which there are, and sealing them."),
    "evidence": N_("Evidence: add it, keep it, prove it, let it out."),
    "storage": N_("What this node keeps of files: count it, verify it."),
}
"""The groups that capabilities add: `comity --help` names them without loading Django."""


COMMANDS: dict[str, tuple[str, ...]] = {
    "officers": ("accounts.commands",),
    "tokens": ("accounts.commands",),
    "agreements": ("agreements.commands",),
    "evidence": ("evidence.commands",),
    "partner": ("exchange.commands.partners",),
    "conform": ("exchange.commands.conform",),
    "send": ("exchange.commands.messages",),
    "inbox": ("exchange.commands.messages",),
    "message": ("exchange.commands.messages",),
    "keys": ("exchange.commands.keys",),
    "exchange": ("exchange.commands.operation",),
    "journal": ("journal.commands", "exchange.commands.keys"),
    "news": ("newsfeed.commands",),
    "storage": ("storage.commands",),
}
"""The modules that add a group's acts: whoever asks for one group does not wait for the others."""

BY_ACT = frozenset(("evidence.commands",))
"""Of these, only the act that is asked for is loaded."""


def add_commands(
    subparsers: argparse._SubParsersAction[Any], words: Sequence[str] | None = None
) -> None:
    """Add the node's own commands, and the capabilities' unless `words` ask for none of them."""
    terminal.add_commands(subparsers)
    training.add_commands(subparsers)
    if words and words[0] in PLAIN:
        return
    if words is not None and all(word.startswith("-") for word in words):
        for name, meaning in GROUPS.items():
            subparsers.add_parser(name, help=meaning)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.server.settings")

    import django

    django.setup()

    for module in modules_for(words):
        add = import_module(f"comity.{module}").add_commands
        add(subparsers, words) if module in BY_ACT else add(subparsers)


def modules_for(words: Sequence[str] | None) -> list[str]:
    """The modules whose acts are asked for: those of one group, or every one."""
    asked = COMMANDS.get(command_of(words or ()))
    every = [module for modules in COMMANDS.values() for module in modules]
    return list(dict.fromkeys(asked or every))
