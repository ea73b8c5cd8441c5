# SPDX-License-Identifier: Apache-2.0
"""Changes of the register that this node publishes, and those that it could."""

from __future__ import annotations

from comity.agreements.keyset import PAGE_SIZE, Page
from comity.agreements.records import ProposalRecord
from comity.newsfeed.records import PublicChangeRecord


def public_changes(
    *, taken_back: bool = False, after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[PublicChangeRecord]:
    """Published changes, newest first; those taken back only where asked for."""
    raise NotImplementedError  # the next commit


def public_change(reference: str) -> PublicChangeRecord:
    """One published change.

    Raises:
        UnknownNewsRecordError: there is none of that reference.
    """
    raise NotImplementedError  # the next commit


def publishable(
    *, after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[ProposalRecord]:
    """Accepted changes of the register, from whatever origin, that are not published."""
    raise NotImplementedError  # the next commit
