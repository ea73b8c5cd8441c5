# SPDX-License-Identifier: Apache-2.0
"""The archive of releases: searched, listed newest first, and read edition by edition."""

from __future__ import annotations

from comity.agreements.keyset import PAGE_SIZE, Page
from comity.newsfeed.difference import Difference
from comity.newsfeed.records import ArchiveSearch, ReleaseRecord, ReleaseRow

EVERYTHING = ArchiveSearch()


def releases(
    search: ArchiveSearch = EVERYTHING,
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[ReleaseRow]:
    """The latest edition of every release that fits, the newest read first; keys are references."""
    raise NotImplementedError  # the next commit


def release(reference: str) -> ReleaseRecord:
    """One edition of a release, its events with their outcomes, and the list of its editions.

    Raises:
        UnknownNewsRecordError: there is none of that reference.
    """
    raise NotImplementedError  # the next commit


def release_difference(reference: str, than: str = "") -> Difference | None:
    """How this edition differs from another one, or from the one before it; None for the first."""
    raise NotImplementedError  # the next commit
