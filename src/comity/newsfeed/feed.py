# SPDX-License-Identifier: Apache-2.0
"""Documents as articles: RSS, Atom, JSON Feed, a page or plain text, told by what they contain.

The same release gives the same article whatever form it came in. What is hostile or no text is
refused with an error of the house; what is merely odd is read and noted. Nothing here opens a
connection: `fetching` brings the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from comity.newsfeed.article import Article, BlockKind, article_of
from comity.newsfeed.formats.document import decoded
from comity.newsfeed.formats.flattened import is_flattened, read_flattened
from comity.newsfeed.formats.json_feed import read_json_feed
from comity.newsfeed.formats.language import language_of
from comity.newsfeed.formats.plain_text import read_text
from comity.newsfeed.formats.publisher import publisher_of
from comity.newsfeed.formats.received import (
    MAXIMUM_ITEMS,
    FeedFormat,
    Note,
    NoteReason,
    ReceivedFeed,
    ReceivedRelease,
)
from comity.newsfeed.formats.syndication import NotAFeedError, read_syndication, root_of
from comity.newsfeed.formats.words import one_line, web_address
from comity.newsfeed.markup import Page, plain_words, read_markup

MAXIMUM_BODY = 1024 * 1024
"""Characters of one release's body that are read."""
LONGEST_GUID = 1000
MONTH_FIRST = frozenset(("US", "PH", "MH", "FM", "PW"))
"""Publishers who write the month before the day in figures."""

_ROOTS_OF_FEEDS = frozenset(("rss", "feed", "rdf", "channel"))
_ROOTS_OF_PAGES = frozenset(("html", "!html", "head", "body"))
_MARKUP = re.compile(
    r"</?(?:p|div|h[1-6]|br|span|ul|ol|li|table|tr|td|article|section|body|a|strong|em|img)\b[^<>]*>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a document holds, as articles, and what of it was left out."""

    format: FeedFormat
    articles: tuple[Article, ...]
    title: str = ""
    link: str = ""
    language: str = ""
    licence: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def left_out(self) -> tuple[Note, ...]:
        """The notes on items that are missing here."""
        return tuple(note for note in self.notes if note.left_out)


@dataclass(frozen=True, slots=True)
class _Source:
    """What holds for every release of a document."""

    feed: ReceivedFeed
    address: str
    publisher: str
    published: date | None

    def link_of(self, release: ReceivedRelease) -> str:
        """The address of a release, completed where it is written from that of the feed on."""
        return web_address(release.link, web_address(self.feed.link) or self.address)

    def publisher_for(self, link: str) -> str:
        """As declared, else by the address of the release, of the feed, of the document."""
        addresses = (link, self.feed.link, self.address)
        return self.publisher or next(filter(None, map(publisher_of, addresses)), "")


def read_feed(
    content: bytes,
    *,
    content_type: str = "",
    address: str = "",
    published: date | None = None,
    publisher: str = "",
    licence: str = "",
) -> Feed:
    """Every release of the document.

    `published` is the day of a page or a text, and of the releases of a feed that name none.
    `publisher` and `licence`, where a source declares them, count before what the document says.

    Raises:
        InvalidInputError: it is empty, too large, no text, hostile, or no feed. Each has its class.
    """
    document = decoded(content, content_type)
    received, page = _received(document.text, address=address, publisher=publisher)
    if licence:
        received = replace(received, licence=licence)
    source = _Source(received, address, publisher, published)
    if page is not None:
        articles, notes = _of_page(page, source)
    else:
        articles, notes = _of_releases(source)
    guessed = [Note(NoteReason.GUESSED_ENCODING)] if document.guessed else []
    return Feed(
        format=received.format,
        articles=articles,
        title=plain_words(received.title[:2000]),
        link=web_address(received.link),
        language=received.language[:2].lower(),
        licence=plain_words(received.licence[:2000]),
        notes=(*guessed, *received.notes, *notes),
    )


def _received(text: str, *, address: str, publisher: str) -> tuple[ReceivedFeed, Page | None]:
    """The document by its format, which its content tells; a page is read at once."""
    beginning = text.lstrip()[:1]
    root = root_of(text) if beginning == "<" else ""
    if root in _ROOTS_OF_FEEDS or (root.startswith("!") and root != "!html"):
        return read_syndication(text), None
    if beginning in ("{", "["):
        return read_json_feed(text), None
    if is_flattened(text):
        return read_flattened(text), None
    month_first = (publisher or publisher_of(address)) in MONTH_FIRST
    if root in _ROOTS_OF_PAGES or len(_MARKUP.findall(text[:20_000])) > 1:
        page = read_markup(text, whole=True, month_first=month_first)
        return _about_page(page, FeedFormat.HTML), page
    if root and text.lstrip().startswith("<?xml"):
        raise NotAFeedError(kind="XML")
    page = _text_page(text, month_first=month_first)
    return _about_page(page, FeedFormat.TEXT), page


def _about_page(page: Page, kind: FeedFormat) -> ReceivedFeed:
    return ReceivedFeed(
        kind, title=page.site, link=page.link, language=page.language, licence=page.licence
    )


def _of_page(page: Page, source: _Source) -> tuple[tuple[Article, ...], list[Note]]:
    if not page.title and not page.blocks:
        return (), [Note(NoteReason.EMPTY_ITEM, 1)]
    link = web_address(page.link, source.address) or web_address(source.address)
    article = _article(
        page,
        source,
        guid=link,
        link=link,
        published=source.published or page.published,
        published_at=page.published_at,
        language=page.language,
    )
    return (article,), [Note(NoteReason.CUT_ITEM, 1, article.guid)] if page.cut else []


def _of_releases(source: _Source) -> tuple[tuple[Article, ...], list[Note]]:
    """The releases as articles; of those with the same guid the last counts."""
    notes: list[Note] = []
    releases = source.feed.releases
    if len(releases) > MAXIMUM_ITEMS:
        more = len(releases) - MAXIMUM_ITEMS
        notes.append(Note(NoteReason.TOO_MANY_ITEMS, MAXIMUM_ITEMS + 1, count=more))
    found: dict[str, tuple[int, Article]] = {}
    for item, release in enumerate(releases[:MAXIMUM_ITEMS], start=1):
        page = _page_of(release, source)
        if not page.title and not page.blocks:
            notes.append(
                Note(
                    NoteReason.EMPTY_ITEM,
                    item,
                    _guid_of(release, source),
                )
            )
            continue
        article = _article_of_release(release, page, source)
        if page.cut or len(release.body) > MAXIMUM_BODY:
            notes.append(Note(NoteReason.CUT_ITEM, item, article.guid))
        if article.guid in found:
            notes.append(Note(NoteReason.REPEATED_GUID, found.pop(article.guid)[0], article.guid))
        found[article.guid] = (item, article)
    return tuple(article for _, article in found.values()), notes


def _page_of(release: ReceivedRelease, source: _Source) -> Page:
    title = plain_words(release.title[:2000])
    body = release.body[:MAXIMUM_BODY]
    month_first = source.publisher_for(release.link) in MONTH_FIRST
    if release.markup:
        dated = _stated_day(release) is not None
        return read_markup(body, title=title, month_first=month_first, dated=dated)
    return _text_page(body, title=title, month_first=month_first)


def _text_page(text: str, *, title: str = "", month_first: bool = False) -> Page:
    read = read_text(text, title=title, month_first=month_first)
    return Page(
        read.title, read.blocks, published=read.published, labelled=read.labelled, cut=read.cut
    )


def _guid_of(release: ReceivedRelease, source: _Source) -> str:
    return one_line(release.guid or source.link_of(release))[:LONGEST_GUID]


def _stated_day(release: ReceivedRelease) -> date | None:
    """The day that the feed gives for the release."""
    instant = release.published_at
    return release.published or (instant.date() if instant else None)


def _article_of_release(release: ReceivedRelease, page: Page, source: _Source) -> Article:
    instant, stated = release.published_at, _stated_day(release)
    link = source.link_of(release)
    day = page.published if page.labelled else stated or page.published
    return _article(
        page,
        source,
        guid=_guid_of(release, source),
        link=link,
        published=day or source.published,
        published_at=instant or page.published_at,
        language=release.language or source.feed.language,
    )


def _article(
    page: Page,
    source: _Source,
    *,
    guid: str,
    link: str,
    published: date | None,
    published_at: datetime | None,
    language: str,
) -> Article:
    words = " ".join(_first_words([page.title, *(text for _, text in _news(page))]))
    return article_of(
        page.title,
        page.blocks,
        guid=guid,
        link=link,
        published=published,
        published_at=published_at,
        language=language_of(words, language),
        publisher=source.publisher_for(link),
        source=plain_words(source.feed.title[:2000]),
        licence=plain_words(source.feed.licence[:2000]),
    )


def _news(page: Page) -> Iterator[tuple[BlockKind, str]]:
    return (block for block in page.blocks if block[0] is not BlockKind.BOILERPLATE)


def _first_words(texts: Iterable[str]) -> Iterator[str]:
    """As many texts as are needed to tell the language."""
    length = 0
    for text in texts:
        if length > 4000:
            return
        yield text
        length += len(text)
