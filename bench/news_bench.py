# SPDX-License-Identifier: Apache-2.0
"""How well and how fast announcements are read: two unseen sets, and ten thousand releases.

Set A is generated from grammars, set B written by hand; whoever writes rules does not read them.
What counts as right is defined in `tests.newsfeed.announcements.scoring`. Times are of the process:
a busy neighbour counts less.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from itertools import cycle

import feedparser
from tests.newsfeed.announcements.by_hand import by_hand
from tests.newsfeed.announcements.documents import Blocks, body_of, rss_of
from tests.newsfeed.announcements.expectation import TestAnnouncement
from tests.newsfeed.announcements.figures import lines, measured
from tests.newsfeed.announcements.generation import SEED, generated
from tests.newsfeed.announcements.keyword_reader import keywords_found
from tests.newsfeed.announcements.scoring import score

from bench.measurement import Figure, Measurement
from comity.newsfeed.article import BlockKind
from comity.newsfeed.extraction import extract
from comity.newsfeed.feed import read_feed

RELEASES = 10_000
TEXT = 3_200
"""Bytes of each body's text; with its markup a release then has about 5 kB, as real ones have."""
FRAME = (
    '<span class="field field--name-title field--type-string field--label-hidden">Release</span>'
    '<span class="field field--name-uid field--type-entity-reference field--label-hidden">'
    '<span>press.office</span></span><div class="field field--name-field-news-info field--type-'
    'string field--label-inline clearfix"><div class="field__label">For More Information</div>'
    '<div class="field__item">(555) 010-0199</div></div><div class="clearfix text-formatted field '
    'field--name-body field--type-text-with-summary field--label-hidden field__item">{body}</div>'
    '<figure role="group" class="caption caption-drupal-entity align-right"><div data-embed-button='
    '"file_browser" data-entity-embed-display="image:image" data-entity-type="file" class='
    '"embedded-entity"><img loading="lazy" src="/sites/default/files/photo.jpg" alt="" class='
    '"image-style-news" /></div></figure><div class="node_view"></div>'
)
"""Markup around a body, as content management systems write it."""
A_FEED = 100
DAY = date(2026, 11, 20)


def run() -> Measurement:
    """Precision and recall by set, language and type; then seconds for ten thousand releases."""
    set_a, set_b = generated(), by_hand()
    feeds = list(ten_thousand())
    size = sum(map(len, feeds)) / RELEASES / 1000
    return Measurement(
        "The newsfeed",
        f"Set A: {len(set_a)} announcements generated from grammars that the rules never saw; set "
        f"B: {len(set_b)} written by hand. English, French and Spanish. Instruments: (kind, "
        "parties, date) must be right; other types: each main fact by itself. Speed: "
        f"{RELEASES} releases of {size:.1f} kB in {len(feeds)} feeds, markup and extraction, "
        "process time of one core.",
        (*quality("A", set_a), *quality("B", set_b), *speed(feeds)),
    )


def quality(name: str, announcements: tuple[TestAnnouncement, ...]) -> Iterator[Figure]:
    """Precision and recall, with the goal where there is one."""
    simplest = {line.what: line.count for line in lines(score(announcements, keywords_found))}
    for line in lines(measured(announcements)):
        if not line.count.true_positive + line.count.false_positive + line.count.false_negative:
            continue
        goals = [f"≥ {goal}" for goal in line.goal] if line.goal else ["", ""]
        what, peer, beside = f"set {name}, {line.what}", None, ""
        if line.what.startswith("instruments"):
            peer, beside = simplest[line.what], "keywords and two countries in one paragraph"
        precision = peer.precision if peer else None
        yield Figure(f"{what}: precision", line.count.precision, "", beside, precision, goals[0])
        recall = peer.recall if peer else None
        yield Figure(f"{what}: recall", line.count.recall, "", beside, recall, goals[1])


def speed(feeds: list[bytes]) -> Iterator[Figure]:
    """Everything that reads the feeds, beside a bare parse of the same documents."""
    for feed in feeds[:2]:  # what is read once, such as the rules, is read before
        for article in read_feed(feed).articles:
            extract(article)
    begun = time.process_time()
    articles = [article for feed in feeds for article in read_feed(feed).articles]
    parsed = time.process_time()
    found = sum(len(extract(article).events) for article in articles)
    done = time.process_time()
    floor = _bare_parse(feeds)
    beside = "feedparser alone, the same documents"
    read = f"{len(articles):,} releases read, {found:,} events found"
    yield Figure(read, done - begun, "s", beside, floor, "≤ 60 s on one core")
    yield Figure("of it markup", parsed - begun, "s", beside, floor)
    yield Figure("of it extraction", done - parsed, "s", beside, floor)


def _bare_parse(feeds: list[bytes]) -> float:
    begun = time.process_time()
    for feed in feeds:
        feedparser.parse(feed)
    return time.process_time() - begun


def ten_thousand() -> Iterator[bytes]:
    """Feeds of a hundred different releases each, every release of about 5 kB."""
    made: list[TestAnnouncement] = []
    seed = SEED
    while len(made) < RELEASES:
        seed += 1
        made += generated.__wrapped__(seed)
    fillers = {
        language: cycle(_nothing_announced(made, language)) for language in ("en", "fr", "es")
    }
    releases = [(one, filled(one, fillers[one.language])) for one in made[:RELEASES]]
    for start in range(0, RELEASES, A_FEED):
        part = releases[start : start + A_FEED]
        items = [
            (f"{start}-{at}", one.article.title or one.code, blocks, one.article.published or DAY)
            for at, (one, blocks) in enumerate(part)
        ]
        yield rss_of(items, language=part[0][0].language, frame=FRAME)


def filled(announcement: TestAnnouncement, filler: Iterator[str]) -> Blocks:
    """The announcement's blocks, then paragraphs that announce nothing, to the wanted size."""
    article = announcement.article
    blocks = [(b.kind, article.text_of(b)) for b in article.blocks if b.kind is not BlockKind.TITLE]
    size = len(body_of(blocks).encode())
    while size < TEXT:
        text = next(filler)
        blocks.append((BlockKind.PARAGRAPH, text))
        size += len(text.encode()) + len("<p></p>\n")
    return blocks


def _nothing_announced(made: list[TestAnnouncement], language: str) -> list[str]:
    return [
        one.article.text_of(block)
        for one in made
        if one.language == language and not one.announces
        for block in one.article.blocks
        if block.kind is BlockKind.PARAGRAPH
    ]
