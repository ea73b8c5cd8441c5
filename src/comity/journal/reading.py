# SPDX-License-Identifier: Apache-2.0
"""What is asked of the journal, and the values in which it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from comity.journal.entry import Entry


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What entries to list; an empty member asks nothing."""

    act: str = ""
    subject: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None
    """The last day, itself included."""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, newest first, and where the neighbouring pages begin."""

    entries: tuple[Entry, ...]
    older_than: int | None
    """Pass as `before` for the next page; None when there is none."""
    newer_than: int | None
    """Pass as `after` for the page before; None on the first."""


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint as the journal keeps it."""

    size: int
    root: bytes
    note: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """How far the journal has come."""

    size: int
    digest: bytes
