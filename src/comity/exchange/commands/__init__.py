# SPDX-License-Identifier: Apache-2.0
"""The exchange's commands that need a node, gathered: partners, messages, operation."""

from __future__ import annotations

from comity.command_line import Subparsers
from comity.exchange.commands import conform, keys, messages, operation, partners


def add_commands(subparsers: Subparsers) -> None:
    """Add the groups of the exchange."""
    partners.add_commands(subparsers)
    conform.add_commands(subparsers)
    messages.add_commands(subparsers)
    keys.add_commands(subparsers)
    operation.add_commands(subparsers)
