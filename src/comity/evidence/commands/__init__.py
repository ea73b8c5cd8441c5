# SPDX-License-Identifier: Apache-2.0
"""`comity evidence …`: what the officers of a node do with evidence, from the shell."""

from __future__ import annotations

from comity.catalogues import N_
from comity.command_line import Subparsers, group
from comity.evidence.commands import cases, checking, items, keeping, life, proofs, seals


def add_commands(subparsers: Subparsers) -> None:
    """Add the group `evidence`."""
    acts = group(subparsers, "evidence", N_("Evidence: add it, keep it, prove it, let it out."))
    for part in (items, cases, proofs, life, keeping):
        part.add_acts(acts)
    checking.add_acts(acts)
    seals.add_acts(acts)
