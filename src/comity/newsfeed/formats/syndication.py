# SPDX-License-Identifier: Apache-2.0
"""RSS and Atom, read by feedparser after the document has been found harmless.

Document types with entities or with a definition elsewhere are refused before anything is parsed,
and so is nesting that no feed has. feedparser is given bytes, never an address: it opens nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.newsfeed.formats.received import (
    FeedFormat,
    Note,
    NoteReason,
    ReceivedFeed,
    ReceivedRelease,
)
from comity.newsfeed.formats.release_day import day_in, instant_of

MAXIMUM_DEPTH = 200
MAXIMUM_ELEMENTS = 400_000
MAXIMUM_BROKEN = 2 * 1024 * 1024
"""Characters of a document that is not well formed; reading such a one costs far more."""

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


def read_syndication(text: str) -> ReceivedFeed:
    """The feed as it came.

    Raises:
        DocumentTypeRefusedError: it defines entities or refers to a definition elsewhere.
        NestedTooDeeplyError: it is nested more deeply than any feed.
        NotAFeedError: it is XML of another kind.
    """
    text, notes = _without_document_type(text)
    well_formed = _is_well_formed(text)
    if not well_formed:
        notes.append(Note(NoteReason.NOT_WELL_FORMED))
        if len(text) > MAXIMUM_BROKEN:
            raise NotAFeedError(kind="XML")
    parsed = _parsed(text)
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
    for found in _DOCTYPE.finditer(text[:200_000]):
        if found.start() > text.find("<rss") >= 0 or found.start() > text.find("<feed") >= 0:
            break
        if not _OF_RSS_091.fullmatch(found[2]) or found[3]:
            raise DocumentTypeRefusedError
        end = text.find(">", found.end()) + 1
        without = text[: found.start()] + text[end:]
        return without, [Note(NoteReason.DOCUMENT_TYPE_IGNORED)]
    return text, []


def _is_well_formed(text: str) -> bool:
    """Whether expat reads it; on the way, depth and number of elements are held to their limits."""
    parser = expat.ParserCreate(encoding="utf-8")
    depth = count = 0

    def begin(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MAXIMUM_DEPTH or count > MAXIMUM_ELEMENTS:
            raise NestedTooDeeplyError(limit=MAXIMUM_DEPTH)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_definition: object) -> None:
        raise DocumentTypeRefusedError

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(_DECLARATION.sub("", text, count=1).lstrip().encode("utf-8", "replace"), True)  # noqa: FBT003 - of the library
    except expat.ExpatError:
        return False
    return True


def _parsed(text: str) -> Any:  # feedparser ships no types
    import feedparser

    # Bytes in a stream: a string would be taken for an address or for the name of a file.
    stream = io.BytesIO(_DECLARATION.sub("", text, count=1).lstrip().encode("utf-8", "replace"))
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
    written = _string(entry, "published") or _string(entry, "updated") or _string(entry, "created")
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
    parts = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return datetime(*parts[:6], tzinfo=UTC) if parts else None
    except (ValueError, TypeError):
        return None


def _string(holder: Any, name: str) -> str:
    value = holder.get(name)
    return value.strip() if isinstance(value, str) else ""
