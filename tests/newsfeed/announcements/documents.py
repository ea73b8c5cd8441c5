# SPDX-License-Identifier: Apache-2.0
"""Test announcements as documents: RSS with markup, pages, plain text, as they come in.

The reader of feeds makes the article again, so that what it loses or adds counts in the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from html import escape

from comity.newsfeed.article import BlockKind

Blocks = Iterable[tuple[BlockKind, str]]
TAGS = {
    BlockKind.PARAGRAPH: "<p>{}</p>",
    BlockKind.LIST_ITEM: "<ul><li>{}</li></ul>",
    BlockKind.HEADING: "<h2>{}</h2>",
    BlockKind.SUBTITLE: '<p class="subtitle"><em>{}</em></p>',
    BlockKind.CAPTION: "<figure><img src='photo.jpg' alt=''><figcaption>{}</figcaption></figure>",
    BlockKind.BOILERPLATE: '<div class="page-footer"><p><em>{}</em></p></div>',
}


def body_of(blocks: Blocks) -> str:
    """The blocks as markup."""
    parts, rows = [], []
    for kind, text in blocks:
        if kind is BlockKind.TABLE_ROW:
            cells = "".join(f"<td>{escape(cell.strip())}</td>" for cell in text.split("|"))
            rows.append(f"<tr>{cells}</tr>")
        else:
            parts.append(TAGS[kind].format(escape(text)))
    if rows:
        parts.append(f"<table>{''.join(rows)}</table>")
    return "\n".join(parts)


def rss_of(
    items: Iterable[tuple[str, str, Blocks, date]], *, language: str, frame: str = "{body}"
) -> bytes:
    """A feed of items: guid, title, blocks, day of publication (about noon in Greenwich).

    `frame` is markup around each body, `{body}` in its place.
    """
    entries = "".join(
        f"<item><title>{escape(title)}</title>"
        f"<guid isPermaLink='false'>{escape(guid)}</guid>"
        f"<pubDate>{format_datetime(datetime.combine(day, time(12, 30), UTC))}</pubDate>"
        f"<description>{escape(frame.replace('{body}', body_of(blocks)))}</description></item>"
        for guid, title, blocks, day in items
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
        "<title>Test announcements</title><link>https://news.example.org/</link>"
        f"<description/><language>{language}</language>{entries}</channel></rss>"
    ).encode()


def page_of(title: str, blocks: Blocks, *, day: date, language: str) -> bytes:
    """A page with a menu, a time of publication and a foot."""
    return (
        f"<!DOCTYPE html><html lang='{language}'><head><meta charset='utf-8'>"
        f"<title>{escape(title)}</title>"
        f"<meta property='article:published_time' content='{day.isoformat()}T12:30:00Z'></head>"
        "<body><nav><ul><li><a href='/'>Home</a></li><li><a href='/news'>News</a></li></ul></nav>"
        f"<main><article><h1>{escape(title)}</h1>"
        f"<time datetime='{day.isoformat()}'>{day.isoformat()}</time>"
        f"{body_of(blocks)}</article></main>"
        "<footer><a href='/legal'>Legal</a> <a href='/contact'>Contact</a></footer></body></html>"
    ).encode()


def text_of(title: str, blocks: Blocks) -> bytes:
    """Plain text, paragraphs parted by empty lines, as an agency's wire has it."""
    return "\n\n".join((title, *(text for _, text in blocks))).encode()
