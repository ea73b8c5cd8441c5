# SPDX-License-Identifier: Apache-2.0
"""A person decides: a card accepted changes the register, a card rejected does not."""

from __future__ import annotations

from datetime import datetime

from comity.accounts.officer import Officer
from comity.newsfeed.records import CardRecord


def accept(
    reference: str,
    *,
    reason: str = "",
    public: bool = False,
    version: int | None,
    by: Officer,
    at: datetime,
) -> CardRecord:
    """Accept what a card (`NPR-…`) proposes; with `public`, publish the change as well.

    Needs ACCEPT_REGISTER_CHANGE, and PUBLISH_REGISTER_CHANGE for `public`.
    """
    raise NotImplementedError  # the next commit


def reject(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> CardRecord:
    """Reject what a card proposes, with the reason."""
    raise NotImplementedError  # the next commit
