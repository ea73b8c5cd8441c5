# SPDX-License-Identifier: Apache-2.0
"""The cards: changes to the register that announcements propose."""

from __future__ import annotations

from comity.agreements.keyset import PAGE_SIZE, Page
from comity.agreements.records import ProposalState
from comity.newsfeed.records import CardRecord


def cards(
    *,
    state: ProposalState | None = None,
    source: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[CardRecord]:
    """Cards, newest first, perhaps those in one state or of one source; keys are references."""
    raise NotImplementedError  # the next commit


def card(reference: str) -> CardRecord:
    """One card with its release, further evidence, earlier rejections and publication.

    Raises:
        UnknownNewsRecordError: there is none of that reference.
    """
    raise NotImplementedError  # the next commit


def cards_waiting() -> int:
    """How many cards are open, for the desk and the menu."""
    raise NotImplementedError  # the next commit
