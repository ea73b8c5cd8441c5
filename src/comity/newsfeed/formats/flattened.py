# SPDX-License-Identifier: Apache-2.0
"""A feed that was written on one line of text, its own elements lost and its words kept.

Such texts come from tools that take a feed for a page. Every item still ends as it did: the day as
RFC 822 writes it, the author, and the guid as a content system makes it, "NNN at ADDRESS".
"""

from __future__ import annotations

import re

from comity.newsfeed.formats.received import FeedFormat, ReceivedFeed, ReceivedRelease
from comity.newsfeed.formats.release_day import instant_of
from comity.newsfeed.markup import plain_words

LONGEST_TITLE = 400

_ENDING = re.compile(
    r"\b((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? "
    r"(?:[+-]\d{4}|GMT|UTC|EST|EDT))"
    r"[^<>\n]{0,80}?\s(\d{1,12} at https?://[^\s<>]{3,200})"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"']{3,2000}")
_LANGUAGE = re.compile(r"\s*([a-z]{2}(?:-[A-Za-z]{2})?)\s+(?=\S)")
_FIRST_WORDS = re.compile(r"<(?:span|h1|h2|p|div)\b[^<>]*>([^<>]{3,400})</")


def is_flattened(text: str) -> bool:
    """Whether the text has the form of such a feed: it begins with words and ends with a guid."""
    if text.lstrip()[:1] in ("<", "{", "[") or " at http" not in text:
        return False
    endings = [found.end() for found in _ENDING.finditer(text)]
    return len(endings) > 1 or (bool(endings) and not text[endings[-1] :].strip())


def read_flattened(text: str) -> ReceivedFeed:
    """The releases that the same feed has in XML; what stood about the feed comes first."""
    releases, start = [], 0
    head = ""
    for ending in _ENDING.finditer(text):
        item = text[start : ending.start()].strip()
        if not start:
            head, item = _head(item)
        releases.append(_release(item, ending))
        start = ending.end()
    title, link, language = _about(head)
    return ReceivedFeed(
        FeedFormat.FLATTENED, title=title, link=link, language=language, releases=tuple(releases)
    )


def _release(item: str, ending: re.Match[str]) -> ReceivedRelease:
    address = _ADDRESS.search(item)
    if address is None or address.start() > LONGEST_TITLE:
        title, link, body = "", "", item
    else:
        title, link = item[: address.start()].strip(), address[0]
        body = item[address.end() :].strip()
    return ReceivedRelease(
        title=title,
        body=body,
        markup="</" in body,
        guid=ending[2],
        link=link,
        published_at=instant_of(ending[1]),
    )


def _head(item: str) -> tuple[str, str]:
    """What was said of the feed as a whole, and the first item without it."""
    places = list(_ADDRESS.finditer(item[:4000]))
    before_body = item.find("<") if "<" in item else len(item)
    if len(places) < 2 or places[1].start() > min(before_body, places[0].end() + LONGEST_TITLE):
        return "", item
    between = item[places[0].end() : places[1].start()]
    title = _repeated_title(item[places[1].end() :], between)
    language = _LANGUAGE.match(between)
    if title:
        cut = places[0].end() + between.rindex(title)
    else:
        cut = places[0].end() + (language.end() if language else 0)
    return item[:cut].strip(), item[cut:].strip()


def _repeated_title(body: str, between: str) -> str:
    """The title where the body repeats it, as content systems do."""
    first = _FIRST_WORDS.search(body[:2000])
    title = plain_words(first[1]) if first else ""
    return title if title and between.rstrip().endswith(title) else ""


def _about(head: str) -> tuple[str, str, str]:
    address = _ADDRESS.search(head)
    if address is None:
        return head[:LONGEST_TITLE], "", ""
    rest = head[address.end() :].split()
    language = rest[0] if rest and re.fullmatch(r"[a-z]{2}(?:-[A-Za-z]{2})?", rest[0]) else ""
    return head[: address.start()].strip()[:LONGEST_TITLE], address[0], language
