# SPDX-License-Identifier: Apache-2.0
"""The node's own public feed: changes of its register as RSS 2.0 and as JSON Feed 1.1.

The same changes make the same bytes, so that readers can be told that nothing is new. What is
published, and that it names no officer, is decided before; here it is only written down.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from xml.etree import ElementTree

from comity.catalogues import N_, translate

RSS_TYPE = "application/rss+xml; charset=utf-8"
JSON_FEED_TYPE = "application/feed+json; charset=utf-8"
JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"
ATOM = "http://www.w3.org/2005/Atom"
ABOUT = "https://www.rssboard.org/rss-specification"

ACCEPTED = N_("Taken into the register on {day}.")
RESTS_ON = N_("It rests on:")


@dataclass(frozen=True, slots=True)
class PublicChange:
    """One change of the register that the node publishes."""

    reference: str
    """Permanent, such as `PUB-00003`."""
    title: str
    summary: str
    """What changed, in a sentence."""
    link: str
    """Where the change, or its instrument, is shown; empty where nothing public is."""
    instrument: str
    accepted_on: date
    published_at: datetime
    sources: tuple[tuple[str, str], ...] = ()
    """(title, address) of what the change rests on."""


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What the feed says of itself."""

    publisher: str
    """Code of the administration, which makes identifiers unique among nodes."""
    title: str
    description: str
    home: str
    """Address of the node."""
    address: str
    """Address of this document."""
    language: str = "en"
    licence: str = ""
    """Terms under which others may use the feed; empty says nothing of them."""


def identifier(head: FeedHead, change: PublicChange) -> str:
    """What tells the change from every other one, for ever."""
    return f"comity:{head.publisher or 'node'}:{change.reference}"


def newest_first(changes: Iterable[PublicChange]) -> list[PublicChange]:
    """In the order in which readers want them."""
    return sorted(changes, key=lambda c: (c.published_at, c.reference), reverse=True)


def rss(head: FeedHead, changes: Iterable[PublicChange]) -> bytes:
    """The changes as an RSS 2.0 document."""
    ElementTree.register_namespace("atom", ATOM)
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    ordered = newest_first(changes)
    _add(channel, "title", head.title)
    _add(channel, "link", head.home)
    _add(channel, "description", head.description)
    _add(channel, "language", head.language)
    if head.licence:
        _add(channel, "copyright", head.licence)
    if ordered:
        _add(channel, "lastBuildDate", _rfc_2822(ordered[0].published_at))
    _add(channel, "docs", ABOUT)
    own = {"href": head.address, "rel": "self", "type": "application/rss+xml"}
    ElementTree.SubElement(channel, f"{{{ATOM}}}link", own)
    for change in ordered:
        _item(ElementTree.SubElement(channel, "item"), head, change)
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _item(item: ElementTree.Element, head: FeedHead, change: PublicChange) -> None:
    _add(item, "title", change.title)
    if is_web(change.link):
        _add(item, "link", change.link)
    _add(item, "description", content_html(change, head.language))
    if change.instrument:
        _add(item, "category", change.instrument)
    _add(item, "guid", identifier(head, change), isPermaLink="false")
    _add(item, "pubDate", _rfc_2822(change.published_at))
    for title, address in _named(change)[:1]:
        _add(item, "source", title, url=address)


def json_feed(head: FeedHead, changes: Iterable[PublicChange]) -> bytes:
    """The changes as a JSON Feed 1.1 document."""
    document: dict[str, Any] = {
        "version": JSON_FEED_VERSION,
        "title": clean(head.title),
        "home_page_url": head.home,
        "feed_url": head.address,
        "description": clean(head.description),
        "language": head.language,
        "items": [_json_item(head, change) for change in newest_first(changes)],
    }
    if head.licence:
        document["_comity"] = {"licence": clean(head.licence)}
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _json_item(head: FeedHead, change: PublicChange) -> dict[str, Any]:
    named = _named(change)
    links = {"url": change.link if is_web(change.link) else ""}
    links["external_url"] = named[0][1] if named else ""
    return {
        "id": identifier(head, change),
        **{name: address for name, address in links.items() if address},
        "title": clean(change.title),
        "content_text": content_text(change, head.language),
        "content_html": content_html(change, head.language),
        "date_published": change.published_at.astimezone(UTC).isoformat(timespec="seconds"),
        "tags": [change.instrument] if change.instrument else [],
        "_comity": {
            "instrument": change.instrument,
            "accepted_on": change.accepted_on.isoformat(),
            "sources": [{"title": title, "url": address} for title, address in named],
        },
    }


def content_text(change: PublicChange, language: str) -> str:
    """What changed and what it rests on, as plain text."""
    lines = [change.summary, _accepted(change, language)]
    if change.sources:
        lines += [translate(RESTS_ON, language), *(" ".join(s).strip() for s in change.sources)]
    return "\n".join(clean(line) for line in lines)


def content_html(change: PublicChange, language: str) -> str:
    """The same as HTML, with links to what it rests on; every word of it is escaped."""
    paragraphs = [f"<p>{escape(clean(change.summary))}</p>"]
    paragraphs.append(f"<p>{escape(_accepted(change, language))}</p>")
    if change.sources:
        items = "".join(f"<li>{_link(*source)}</li>" for source in change.sources)
        paragraphs.append(f"<p>{escape(translate(RESTS_ON, language))}</p><ul>{items}</ul>")
    return "".join(paragraphs)


def _accepted(change: PublicChange, language: str) -> str:
    return translate(ACCEPTED, language).format(day=change.accepted_on.isoformat())


def _link(title: str, address: str) -> str:
    words = escape(clean(title) or clean(address))
    return f'<a href="{escape(clean(address))}">{words}</a>' if is_web(address) else words


def _named(change: PublicChange) -> Sequence[tuple[str, str]]:
    """The sources that have an address of the web."""
    return [(clean(title), clean(at)) for title, at in change.sources if is_web(at)]


def is_web(address: str) -> bool:
    """Whether an address leads to the web, rather than to a script or a file."""
    return address.startswith(("https://", "http://"))


def clean(text: str) -> str:
    """The text on one line, without the characters that XML cannot hold."""
    return " ".join("".join(c for c in text if _is_xml(ord(c))).split())


def _is_xml(code: int) -> bool:
    if code < 0x20:
        return code in (0x9, 0xA, 0xD)
    return not (0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF))


def _add(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = clean(text)


def _rfc_2822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
