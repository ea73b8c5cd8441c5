"""The node's own feed, written and read back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.feed import read_feed
from comity.newsfeed.public_feed import (
    JSON_FEED_VERSION,
    FeedHead,
    PublicChange,
    clean,
    json_feed,
    rss,
)

HEAD = FeedHead(
    publisher="US",
    title="Northland Customs: changes of the register",
    description="What this administration took into its register",
    home="https://comity.northland.example/",
    address="https://comity.northland.example/news/feed.xml",
    licence="May be used freely with acknowledgement",
)
SIGNED = PublicChange(
    reference="PUB-00001",
    title="Northland–Southland mutual assistance agreement",
    summary="Signed on 2026-11-20, as announced by Southland.",
    link="https://comity.northland.example/agreements/us-cv-2023/",
    instrument="us-cv-2023",
    accepted_on=date(2026, 11, 21),
    published_at=datetime(2026, 11, 21, 12, 30, tzinfo=timezone(timedelta(hours=2))),
    sources=(("Southland signs", "https://southland.example/news?id=1&lang=en"),),
)
LATER = PublicChange(
    reference="PUB-00002",
    title="Second",
    summary="Another change.",
    link="",
    instrument="",
    accepted_on=date(2026, 11, 21),
    published_at=datetime(2026, 11, 21, 11, tzinfo=UTC),
)

words = st.text(max_size=60)
changes = st.builds(
    PublicChange,
    reference=st.integers(min_value=1, max_value=99_999).map("PUB-{:05}".format),
    title=words,
    summary=words,
    link=st.sampled_from(["", "https://comity.northland.example/x?a=1&b=2", "javascript:alert(1)"]),
    instrument=words,
    accepted_on=st.dates(),
    published_at=st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1970 < at.year < 9999),
    sources=st.lists(st.tuples(words, words | st.just("https://a.example/"))).map(tuple),
)
many = st.lists(changes, max_size=4, unique_by=lambda change: change.reference)


def test_rss_is_read_back_as_it_was_written() -> None:
    read = feedparser.parse(rss(HEAD, [SIGNED]))

    assert not read.bozo
    assert read.version == "rss20"
    assert read.feed.title == HEAD.title
    assert read.feed.rights == HEAD.licence
    assert read.feed.language == "en"
    (entry,) = read.entries
    assert entry.id == "comity:US:PUB-00001"
    assert not entry.guidislink
    assert entry.title == SIGNED.title
    assert entry.link == SIGNED.link
    assert SIGNED.summary in entry.summary
    assert 'href="https://southland.example/news?id=1&amp;lang=en"' in entry.summary
    assert entry.source.href == "https://southland.example/news?id=1&lang=en"
    assert entry.published == "Sat, 21 Nov 2026 10:30:00 GMT"


def test_json_feed_is_read_back_as_it_was_written() -> None:
    document = json.loads(json_feed(HEAD, [SIGNED]))

    assert document["version"] == JSON_FEED_VERSION
    assert document["_comity"] == {"licence": HEAD.licence}
    (item,) = document["items"]
    assert item["id"] == "comity:US:PUB-00001"
    assert item["url"] == SIGNED.link
    assert item["external_url"] == SIGNED.sources[0][1]
    assert item["date_published"] == "2026-11-21T10:30:00+00:00"
    assert item["content_text"].splitlines() == [
        SIGNED.summary,
        "Taken into the register on 2026-11-21.",
        "It rests on:",
        "Southland signs https://southland.example/news?id=1&lang=en",
    ]
    assert item["_comity"]["accepted_on"] == "2026-11-21"


@pytest.mark.parametrize("written", [rss, json_feed])
def test_another_node_reads_our_feed(written) -> None:
    feed = read_feed(written(HEAD, [SIGNED, LATER]))

    assert [article.guid for article in feed.articles] == [
        "comity:US:PUB-00002",
        "comity:US:PUB-00001",
    ]
    later, signed = feed.articles
    assert signed.title == SIGNED.title
    assert signed.link == SIGNED.link
    assert SIGNED.summary in signed.text
    assert signed.published == SIGNED.published_at.date()
    assert later.title == LATER.title
    assert not feed.notes


def test_the_newest_change_stands_first_whatever_the_order_given() -> None:
    assert rss(HEAD, [SIGNED, LATER]) == rss(HEAD, [LATER, SIGNED])
    assert json_feed(HEAD, [SIGNED, LATER]) == json_feed(HEAD, [LATER, SIGNED])
    items = json.loads(json_feed(HEAD, [SIGNED, LATER]))["items"]
    assert [item["id"][-1] for item in items] == ["2", "1"]


def test_a_feed_without_changes_is_a_feed() -> None:
    read = feedparser.parse(rss(HEAD, []))

    assert not read.bozo
    assert read.entries == []
    assert json.loads(json_feed(HEAD, []))["items"] == []


def test_a_change_without_an_address_has_none() -> None:
    item = json.loads(json_feed(HEAD, [LATER]))["items"][0]

    assert "url" not in item
    assert "external_url" not in item
    assert "link" not in feedparser.parse(rss(HEAD, [LATER])).entries[0]


@pytest.mark.parametrize("hostile", ["<script>x</script>", "]]>", "&lt;", '"><img src=x>'])
def test_words_stay_words(hostile: str) -> None:
    change = PublicChange(
        "PUB-1",
        hostile,
        hostile,
        "",
        "",
        SIGNED.accepted_on,
        SIGNED.published_at,
        ((hostile, "x"),),
    )

    item = ElementTree.fromstring(rss(HEAD, [change])).find("channel/item")
    assert item is not None
    assert item.findtext("title") == hostile
    assert "<script" not in (item.findtext("description") or "")
    assert "<img" not in (item.findtext("description") or "")
    assert "<script" not in json.loads(json_feed(HEAD, [change]))["items"][0]["content_html"]


def test_an_address_that_runs_a_script_is_no_link() -> None:
    change = PublicChange(
        "PUB-1",
        "t",
        "s",
        "javascript:alert(1)",
        "",
        SIGNED.accepted_on,
        SIGNED.published_at,
        (("here", "javascript:alert(1)"),),
    )

    assert b"href" not in rss(HEAD, [change]).split(b"<item>")[1]
    item = json.loads(json_feed(HEAD, [change]))["items"][0]
    assert "href" not in item["content_html"]
    assert "url" not in item


@pytest.mark.slow
@given(many)
def test_whatever_was_announced_the_documents_can_be_read(
    given_changes: list[PublicChange],
) -> None:
    channel = ElementTree.fromstring(rss(HEAD, given_changes)).find("channel")
    assert channel is not None
    titles = [item.findtext("title") or "" for item in channel.findall("item")]
    document = json.loads(json_feed(HEAD, given_changes))

    assert titles == [item["title"] for item in document["items"]]
    assert sorted(titles) == sorted(clean(change.title) for change in given_changes)
    assert len({item["id"] for item in document["items"]}) == len(given_changes)


@pytest.mark.slow
@given(many)
def test_json_feed_keeps_the_rules_of_its_version(given_changes: list[PublicChange]) -> None:
    document = json.loads(json_feed(HEAD, given_changes))

    assert {"version", "title", "items"} <= document.keys()
    for item in document["items"]:
        assert item["id"]
        assert "content_text" in item
        assert datetime.fromisoformat(item["date_published"]).tzinfo is not None
        assert all(isinstance(tag, str) for tag in item["tags"])
        for name in ("url", "external_url"):
            assert urlsplit(item.get(name, "https://")).scheme in ("http", "https")
    assert all(name.startswith("_") or name in KNOWN for item in document["items"] for name in item)


KNOWN = {
    "id",
    "url",
    "external_url",
    "title",
    "content_text",
    "content_html",
    "date_published",
    "tags",
}


def test_the_feed_speaks_the_language_of_the_node() -> None:
    french = FeedHead("US", "Registre", "Ce qui change", "https://n.example/", "x", language="fr")

    assert feedparser.parse(rss(french, [SIGNED])).feed.language == "fr"
    assert json.loads(json_feed(french, [SIGNED]))["language"] == "fr"
