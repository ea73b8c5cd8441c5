# SPDX-License-Identifier: Apache-2.0
"""`comity evidence …`: what the officers of a node do with evidence, from the shell.

An act is loaded when it is asked for; without one, or for a word that names none, all are.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from comity.catalogues import N_
from comity.command_line import Subparsers, act_of, group

PARTS: dict[str, tuple[str, ...]] = {
    "items": ("add", "list", "show", "custody"),
    "cases": ("case", "conditions", "decide"),
    "proofs": ("certify", "redact", "package", "release"),
    "life": ("use", "notify", "recall", "recalls", "destroy"),
    "records": ("ceiling", "disclose", "assurance"),
    "waiting": ("waiting", "flag"),
    "keeping": ("handover", "consent", "correct", "hold", "erase"),
    "checking": ("check",),
    "seals": ("seal",),
}
"""The modules beside this one, and the acts that each adds."""


def add_commands(subparsers: Subparsers, words: Sequence[str] | None = None) -> None:
    """Add the group `evidence`: all of it, or the part with the act that `words` ask for."""
    acts = group(subparsers, "evidence", N_("Evidence: add it, keep it, prove it, let it out."))
    asked = [part for part, names in PARTS.items() if act_of(words or ()) in names]
    for part in asked or PARTS:
        import_module(f"comity.evidence.commands.{part}").add_acts(acts)
