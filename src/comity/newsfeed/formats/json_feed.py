# SPDX-License-Identifier: Apache-2.0
"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from comity.newsfeed.formats.received import (
    FeedFormat,
    Note,
    NoteReason,
    ReceivedFeed,
    ReceivedRelease,
)
from comity.newsfeed.formats.release_day import day_in, instant_of
from comity.newsfeed.formats.syndication import NestedTooDeeplyError, NotAFeedError

DEEPEST = 200


def read_json_feed(text: str) -> ReceivedFeed:
    """The feed as it came.

    Raises:
        NotAFeedError: it is no JSON, or JSON of another kind.
        NestedTooDeeplyError: it is nested more deeply than any feed.
    """
    try:
        feed: Any = json.loads(text)
    except RecursionError as error:
        raise NestedTooDeeplyError(limit=DEEPEST) from error
    except ValueError as error:
        raise NotAFeedError(kind="JSON") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise NotAFeedError(kind="JSON")
    read = [_release(item) if isinstance(item, dict) else None for item in feed["items"]]
    odd = [Note(NoteReason.UNREADABLE_ITEM, at) for at, r in enumerate(read, start=1) if r is None]
    return ReceivedFeed(
        format=FeedFormat.JSON_FEED,
        title=_string(feed, "title"),
        link=_string(feed, "home_page_url") or _string(feed, "feed_url"),
        language=_string(feed, "language"),
        licence=_string(feed, "_license") or _string(feed, "license") or _string(feed, "rights"),
        releases=tuple(release for release in read if release is not None),
        notes=tuple(odd),
    )


def _release(item: dict[str, Any]) -> ReceivedRelease:
    html = _string(item, "content_html")
    written = _string(item, "date_published") or _string(item, "date_modified")
    instant = instant_of(written)
    return ReceivedRelease(
        title=_string(item, "title"),
        body=html or _string(item, "content_text") or _string(item, "summary"),
        markup=bool(html),
        guid=_guid(item.get("id")),
        link=_string(item, "url") or _string(item, "external_url"),
        published_at=instant,
        published=None if instant else day_in(written),
        language=_string(item, "language"),
    )


def _guid(value: object) -> str:
    """As the standard asks: a number is read as text."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and abs(value) < 10**30 else ""


def _string(holder: dict[str, Any], name: str) -> str:
    value = holder.get(name)
    return value.strip() if isinstance(value, str) else ""
