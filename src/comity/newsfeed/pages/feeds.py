# SPDX-License-Identifier: Apache-2.0
"""Our public feed as RSS and as JSON Feed: open to everybody, cheap to ask for again and again.

The words are in the node's own language, whoever asks, so that one document is one document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from comity.newsfeed import public_feed, queries
from comity.newsfeed.pages import words
from comity.newsfeed.pages.signs import language
from comity.newsfeed.public_feed import FeedHead, PublicChange
from comity.newsfeed.records import PublicChangeRecord
from comity.reference.countries import country_name

CHANGES_IN_A_FEED = 100
CHANGES_EVER = 200
"""Changes that are looked at for the day of the last one, those taken back among them."""
KEPT_SECONDS = 300
"""How long a reader may go without asking again."""


@require_safe
def rss(request: HttpRequest) -> HttpResponse:
    return _answer(request, "newsfeed:feed-rss", public_feed.rss, public_feed.RSS_TYPE)


@require_safe
def json(request: HttpRequest) -> HttpResponse:
    return _answer(request, "newsfeed:feed-json", public_feed.json_feed, public_feed.JSON_FEED_TYPE)


def _answer(
    request: HttpRequest,
    page: str,
    written: Callable[[FeedHead, Iterable[PublicChange]], bytes],
    content_type: str,
) -> HttpResponse:
    """The document, or the word that it is the one that the reader already has."""
    ever = queries.public_changes(taken_back=True, size=CHANGES_EVER).rows
    records = [record for record in ever if record.taken_back_at is None][:CHANGES_IN_A_FEED]
    with override(settings.LANGUAGE_CODE):
        document = written(_head(request, page), [_change(record) for record in records])
    etag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
    changed = _last_change(ever)
    response = HttpResponse(document, content_type=content_type)
    if changed:
        response["Last-Modified"] = http_date(changed)
    answer = get_conditional_response(request, etag, changed, response) or response
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer


def _last_change(records: Iterable[PublicChangeRecord]) -> int | None:
    """The second in which something was published or taken back last."""
    moments = [one.taken_back_at or one.published_at for one in records]
    return int(max(moments).timestamp()) if moments else None


def _head(request: HttpRequest, page: str) -> FeedHead:
    environment = settings.ENVIRONMENT
    administration = country_name(environment.administration, language())
    title = gettext("{administration}: agreements on customs cooperation")
    return FeedHead(
        publisher=environment.administration,
        title=title.format(administration=administration or environment.node_name or "Comity"),
        description=gettext("Changes to our register of agreements, each with its sources."),
        home=request.build_absolute_uri("/"),
        address=request.build_absolute_uri(reverse(page)),
        language=settings.LANGUAGE_CODE,
        licence=environment.feed_licence,
    )


def _change(record: PublicChangeRecord) -> PublicChange:
    """A change without a link: the page of its instrument is for officers only."""
    return PublicChange(
        reference=record.reference,
        title=record.title,
        summary=words.said(record.summary),
        link="",
        instrument=record.instrument,
        accepted_on=record.accepted_on,
        published_at=record.published_at,
        sources=record.sources,
    )
