# SPDX-License-Identifier: Apache-2.0
"""What a reader of one format hands on: a feed and its releases as they came, not yet read.

`Note` says what was left out of a document, or how it had to be read; notes carry references
and positions, never content.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from comity.catalogues import N_

MAXIMUM_ITEMS = 2_000
"""Releases that are read of one document."""


class FeedFormat(StrEnum):
    """The form in which a document came."""

    RSS = "rss"
    ATOM = "atom"
    JSON_FEED = "json-feed"
    HTML = "html"
    TEXT = "text"
    FLATTENED = "flattened-feed"
    """A feed written on one line of text, its own markup lost."""


class NoteReason(StrEnum):
    """Why something was left out, or was read otherwise than it stands."""

    TOO_MANY_ITEMS = "too-many-items"
    EMPTY_ITEM = "empty-item"
    UNREADABLE_ITEM = "unreadable-item"
    REPEATED_GUID = "repeated-guid"
    CUT_ITEM = "cut-item"
    GUESSED_ENCODING = "guessed-encoding"
    NOT_WELL_FORMED = "not-well-formed"
    DOCUMENT_TYPE_IGNORED = "document-type-ignored"


NOTE_WORDS: dict[NoteReason, str] = {
    NoteReason.TOO_MANY_ITEMS: N_("The document has more items than are read at once"),
    NoteReason.EMPTY_ITEM: N_("The item has no words"),
    NoteReason.UNREADABLE_ITEM: N_("The item is not what its format says it is"),
    NoteReason.REPEATED_GUID: N_("A later item of the document has the same guid"),
    NoteReason.CUT_ITEM: N_("The item is longer than what is read of one"),
    NoteReason.GUESSED_ENCODING: N_("The document does not hold to the encoding that it names"),
    NoteReason.NOT_WELL_FORMED: N_("The document is not well formed and was read with tolerance"),
    NoteReason.DOCUMENT_TYPE_IGNORED: N_("The document type of RSS 0.91 was not looked up"),
}
"""The reasons as a person reads them."""

LEFT_OUT = frozenset(
    (
        NoteReason.TOO_MANY_ITEMS,
        NoteReason.EMPTY_ITEM,
        NoteReason.UNREADABLE_ITEM,
        NoteReason.REPEATED_GUID,
    )
)
"""The reasons for which an item is missing from the feed; the others only say how it was read."""


@dataclass(frozen=True, slots=True)
class Note:
    """One remark on a document or on one of its items."""

    reason: NoteReason
    item: int = 0
    """Its position in the document, from 1; 0 for the document as a whole."""
    guid: str = ""
    count: int = 1
    """How many items it is said of, where it is said of several."""

    @property
    def left_out(self) -> bool:
        """Whether the item is missing from the feed."""
        return self.reason in LEFT_OUT


@dataclass(frozen=True, slots=True)
class ReceivedRelease:
    """One item as its document has it."""

    title: str = ""
    body: str = ""
    markup: bool = False
    """Whether the body is HTML."""
    guid: str = ""
    link: str = ""
    published_at: datetime | None = None
    """In the offset in which the document gives it."""
    published: date | None = None
    """Where the document gives a day and no time."""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedFeed:
    """A document as its reader understood it."""

    format: FeedFormat
    title: str = ""
    link: str = ""
    language: str = ""
    licence: str = ""
    releases: tuple[ReceivedRelease, ...] = ()
    notes: tuple[Note, ...] = ()
