# SPDX-License-Identifier: Apache-2.0
"""A release read in by hand, from a file or a text: shown first, kept when somebody says so."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.newsfeed import queries, services
from comity.newsfeed.announcement import Announcement
from comity.newsfeed.extraction import extract
from comity.newsfeed.feed import Feed, read_feed
from comity.newsfeed.forms import LARGEST_UPLOAD, MOST_RELEASES, ReadForm, TakeInForm
from comity.newsfeed.pages import words
from comity.newsfeed.records import SourceRecord, TakenIn


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ADMINISTER_NEWS_SOURCES)
def read(request: HttpRequest) -> HttpResponse:
    if request.POST.get("act") == "take-in":
        return _taken_in(request)
    form = ReadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        context |= _shown(form)
    return render(request, "newsfeed/read.html", context)


def _shown(form: ReadForm) -> dict[str, Any]:
    """What would be read, and what the button beneath it needs. Any: for the template."""
    given = form.cleaned_data
    content = given["file"].read() if given["file"] else given["text"].encode()
    source = queries.source(given["source"])
    feed = attempted(form, lambda: _feed(content, source, given))
    if feed is None:
        return {}
    if not 0 < len(feed.articles) <= MOST_RELEASES:
        form.add_error(None, _unfit(len(feed.articles)))
        return {}
    return {
        "announcements": [_view(extract(article), source) for article in feed.articles],
        "content": b64encode(content).decode(),
        "given": {
            "source": source.code,
            "link": given["link"],
            "published": given["published"].isoformat() if given["published"] else "",
        },
    }


def _taken_in(request: HttpRequest) -> HttpResponse:
    """The same document again, as it was shown, kept now."""
    form = TakeInForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    try:
        content = b64decode(given["content"], validate=True)
    except NotBase64Error:
        raise Http404 from None
    if len(content) > LARGEST_UPLOAD:
        raise Http404
    source = queries.source(given["source"])
    feed = _feed(content, source, given)
    taken = services.take_in_by_hand(
        feed.articles[:MOST_RELEASES], source.code, by=officer_of(request.user), at=clock.now()
    )
    messages.success(request, _told(taken))
    return redirect(f"{reverse('newsfeed:archive')}?source={source.code}")


def _feed(content: bytes, source: SourceRecord, given: dict[str, Any]) -> Feed:
    """The document as releases of the source. Any: values of several fields."""
    return read_feed(
        content,
        address=given["link"],
        published=given["published"],
        publisher=source.administration,
        licence=source.licence,
    )


def _unfit(count: int) -> str:
    if not count:
        return gettext("No release was found in it.")
    text = gettext("It holds {count} releases, more than a page shows: use comity news fetch.")
    return text.format(count=count)


def _told(taken: TakenIn) -> str:
    """What became of it, in two sentences."""
    kept = ngettext("{count} release is kept.", "{count} releases are kept.", taken.new)
    if not taken.new and not taken.edited:
        kept = gettext("Nothing in it is new.")
    cards = ngettext("{count} card waits now.", "{count} cards wait now.", taken.proposed)
    told = kept.format(count=taken.new + taken.edited)
    return f"{told} {cards.format(count=taken.proposed)}" if taken.proposed else told


def _view(announcement: Announcement, source: SourceRecord) -> dict[str, Any]:
    article, events = announcement.article, announcement.events
    return {
        "release": words.origin_view(article, source.title),
        "events": [words.event_view(number, one) for number, one in enumerate(events, start=1)],
        "text": words.text_view(article, events),
    }
