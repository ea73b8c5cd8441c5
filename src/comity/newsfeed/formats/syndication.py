# SPDX-License-Identifier: Apache-2.0
"""RSS and Atom, read by feedparser after the document has been found harmless.

Document types with entities or with a definition elsewhere are refused before anything is parsed,
and so is nesting that no feed has. feedparser is given bytes, never an address: it opens nothing.
"""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

import feedparser

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.newsfeed.formats.received import (
    MAXIMUM_ITEMS,
    FeedFormat,
    Note,
    NoteReason,
    ReceivedFeed,
    ReceivedRelease,
)
from comity.newsfeed.formats.release_day import day_in, instant_of

MAXIMUM_DEPTH = 200
MAXIMUM_ELEMENTS = 400_000
MAXIMUM_BROKEN = 1024 * 1024
"""Characters of a document that is not well formed; reading such a one costs far more."""

_ITEMS = frozenset(("item", "entry"))
_PROLOGUE = re.compile(r"\s*(?:<\?[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+([^\s>\[]+)([^>\[]*)(\[?)", re.IGNORECASE)
_OF_RSS_091 = re.compile(
    r'\s+PUBLIC\s+"-//Netscape Communications//DTD RSS 0\.91//EN"\s+"[^"]*"\s*'
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class DocumentTypeRefusedError(InvalidInputError):
    """XML that defines entities, or leaves its definition to another document."""

    code = "document-type-refused"
    message = N_("The feed carries a document type with entities or a definition elsewhere.")
    remedy = N_("Ask the publisher for a feed without a document type; nothing of it was read.")


class NestedTooDeeplyError(InvalidInputError):
    """XML or JSON nested more deeply than any feed is."""

    code = "nested-too-deeply"
    message = N_("The document is nested more deeply than {limit} levels.")
    remedy = N_("Check the address: this is no feed of releases.")


class NotAFeedError(InvalidInputError):
    """XML or JSON that is something else than a feed."""

    code = "not-a-feed"
    message = N_("The document is {kind}, and no feed in it.")
    remedy = N_("Give the address of an RSS, Atom or JSON feed, of a page, or plain text.")


class FeedTooBrokenError(InvalidInputError):
    """A large feed that is not well formed."""

    code = "feed-too-broken"
    message = N_("The feed is not well formed, and longer than what is read with tolerance.")
    remedy = N_("Fetch it again: it may have broken off. If it stays so, tell its publisher.")


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one pass over the XML shows, before anything of it is kept."""

    well_formed: bool
    items: int = 0
    cut: str = ""
    """The document with as many items as are read, where it has more."""


def read_syndication(text: str) -> ReceivedFeed:
    """The feed as it came.

    Raises:
        DocumentTypeRefusedError: it defines entities or refers to a definition elsewhere.
        NestedTooDeeplyError: it is nested more deeply than any feed.
        FeedTooBrokenError: it is large and not well formed.
        NotAFeedError: it is XML of another kind.
    """
    text, notes = _without_document_type(text)
    text = _DECLARATION.sub("", text, count=1).lstrip()
    looked = _looked_over(text)
    if not looked.well_formed:
        notes.append(Note(NoteReason.NOT_WELL_FORMED))
        if len(text) > MAXIMUM_BROKEN:
            raise FeedTooBrokenError
    if looked.cut:
        more = looked.items - MAXIMUM_ITEMS
        notes.append(Note(NoteReason.TOO_MANY_ITEMS, MAXIMUM_ITEMS + 1, count=more))
    parsed = _parsed(looked.cut or text)
    version = str(parsed.get("version", ""))
    if not version and not parsed.get("entries"):
        raise NotAFeedError(kind="XML")
    about = parsed.get("feed", {})
    return ReceivedFeed(
        format=FeedFormat.ATOM if version.startswith("atom") else FeedFormat.RSS,
        title=_string(about, "title"),
        link=_string(about, "link"),
        language=_string(about, "language"),
        licence=_string(about, "rights") or _string(about, "license"),
        releases=tuple(_release(entry) for entry in parsed.get("entries", ())),
        notes=tuple(notes),
    )


def root_of(text: str) -> str:
    """The local name of the first element after the prologue, in small letters."""
    start = _PROLOGUE.match(text[:100_000])
    place = start.end() if start else 0
    doctype = _DOCTYPE.match(text, place)
    if doctype:
        return f"!{doctype[1].lower()}"
    found = re.compile(r"<([A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)").match(text, place)
    return found[2].lower() if found else ""


def _without_document_type(text: str) -> tuple[str, list[Note]]:
    """The text without the one document type that is harmless and common: that of RSS 0.91."""
    start = _PROLOGUE.match(text[:100_000])
    found = _DOCTYPE.match(text, start.end() if start else 0)
    if found is None:
        return text, []
    if not _OF_RSS_091.fullmatch(found[2]) or found[3]:
        raise DocumentTypeRefusedError
    end = text.find(">", found.end() - 1) + 1
    return text[: found.start()] + text[end:], [Note(NoteReason.DOCUMENT_TYPE_IGNORED)]


def _looked_over(text: str) -> _Looked:
    """Whether expat reads it, and how many items it has; depth and elements keep their limits."""
    content = text.encode("utf-8", "replace")
    parser = expat.ParserCreate(encoding="utf-8")
    open_elements: list[str] = []
    count = items = 0
    cut = b""

    def begin(name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        open_elements.append(name)
        if len(open_elements) > MAXIMUM_DEPTH or count > MAXIMUM_ELEMENTS:
            raise NestedTooDeeplyError(limit=MAXIMUM_DEPTH)

    def end(name: str) -> None:
        nonlocal items, cut
        open_elements.pop()
        if name.rpartition(":")[2] not in _ITEMS:
            return
        items += 1
        if items == MAXIMUM_ITEMS:
            ends = "".join(f"</{each}>" for each in reversed(open_elements))
            cut = content[: parser.CurrentByteIndex] + f"</{name}>{ends}".encode()

    def refuse(*_definition: object) -> None:
        raise DocumentTypeRefusedError

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the library's way to say that this is all
    except expat.ExpatError:
        return _Looked(well_formed=False)
    return _Looked(well_formed=True, items=items, cut=cut.decode() if items > MAXIMUM_ITEMS else "")


def _parsed(text: str) -> Any:  # feedparser ships no types
    # Bytes in a stream: a string would be taken for an address or for the name of a file.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        return feedparser.parse(
            stream,
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except (ValueError, AssertionError, RecursionError, LookupError, AttributeError) as error:
        raise NotAFeedError(kind="XML") from error


def _release(entry: Any) -> ReceivedRelease:
    body, markup = max(_bodies(entry), key=lambda each: len(each[0]), default=("", False))
    # As plain dictionaries have it: feedparser itself would take one of these for another.
    stated = (dict.get(entry, name) for name in ("published", "updated", "created"))
    written = next((each.strip() for each in stated if isinstance(each, str) and each.strip()), "")
    instant = instant_of(written) or _understood(entry)
    return ReceivedRelease(
        title=_string(entry, "title"),
        body=body,
        markup=markup,
        guid=_string(entry, "id"),
        link=_string(entry, "link"),
        published_at=instant,
        published=None if instant else day_in(written),
        language=_language(entry),
    )


def _bodies(entry: Any) -> Iterator[tuple[str, bool]]:
    """What may be the release's body: its content, else its description."""
    details = [*entry.get("content", ())] or [entry.get("summary_detail") or {}]
    for detail in details:
        value = detail.get("value") or ""
        yield value, "html" in (detail.get("type") or "html") or "</" in value


def _language(entry: Any) -> str:
    details = [*entry.get("content", ()), entry.get("title_detail") or {}]
    return next((d["language"] for d in details if d.get("language")), "")


def _understood(entry: Any) -> datetime | None:
    """The instant in one of the many other forms that feedparser knows."""
    parts = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    try:
        return datetime.fromtimestamp(timegm(parts), UTC) if parts else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _string(holder: Any, name: str) -> str:
    value = holder.get(name)
    return value.strip() if isinstance(value, str) else ""
