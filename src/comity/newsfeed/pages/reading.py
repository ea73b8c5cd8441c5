# SPDX-License-Identifier: Apache-2.0
"""The archive: every release that was read, searched, and shown with what was read from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from comity.accounts.permissions import Permission
from comity.accounts.services import officer_page
from comity.accounts.services.answering import beside, keys
from comity.catalogues import N_
from comity.newsfeed import queries
from comity.newsfeed.announcement import FACTS
from comity.newsfeed.difference import Difference, EventDifference, Mark
from comity.newsfeed.forms import ArchiveForm
from comity.newsfeed.pages import words
from comity.newsfeed.pages.answering import parties_suggested
from comity.newsfeed.records import ReleaseRecord, ReleaseRow

RELEASES_ON_A_PAGE = 25
EVENT_MARKS: dict[Mark, str] = {
    Mark.ADDED: N_("announced now"),
    Mark.REMOVED: N_("no longer announced"),
    Mark.CHANGED: N_("announced differently"),
    Mark.KEPT: N_("announced as before"),
}


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def archive(request: HttpRequest) -> HttpResponse:
    form = ArchiveForm(request.GET)
    page = queries.releases(form.search(), **keys(request.GET), size=RELEASES_ON_A_PAGE)
    context = {
        "form": form,
        "filtered": form.narrows(),
        "rows": [_row(row) for row in page.rows],
        **parties_suggested(),
        **beside(request.GET, page),
    }
    return render(request, "newsfeed/archive.html", context)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def release(request: HttpRequest, reference: str) -> HttpResponse:
    record = queries.release(reference)
    found = queries.release_difference(reference)
    context = {
        "release": words.release_view(record),
        "record": record,
        "events": [
            words.event_view(number, one.event) | words.outcome_view(one)
            for number, one in enumerate(record.events, start=1)
        ],
        "text": words.text_view(record.article, [one.event for one in record.events]),
        "editions": _editions(record),
        "changes": found.changed_blocks if found else (),
        "event_changes": _event_changes(found) if found else [],
    }
    return render(request, "newsfeed/release.html", context)


def _row(row: ReleaseRow) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "title": row.title or gettext("Release without a title"),
        "url": reverse("newsfeed:release", args=[row.reference]),
        "source": row.source_title,
        "published": row.published,
        "edition": row.edition,
        "language": row.language,
        "types": [words.type_words(one) for one in row.types],
        "countries": ", ".join(words.party(code) for code in row.countries),
    }


def _editions(record: ReleaseRecord) -> list[dict[str, Any]]:
    """The editions, the newest first; none where there is only one."""
    if len(record.editions) < 2:
        return []
    return [
        {
            "number": one.edition,
            "read_at": one.read_at,
            "here": one.reference == record.reference,
            "url": reverse("newsfeed:release", args=[one.reference]),
        }
        for one in reversed(record.editions)
    ]


def _event_changes(found: Difference) -> list[dict[str, str]]:
    """What the edition announces differently, event by event."""
    return [
        {"what": gettext(EVENT_MARKS[one.mark]), "which": _which(one), "facts": _facts(one)}
        for one in found.events
        if one.mark is not Mark.KEPT
    ]


def _which(one: EventDifference) -> str:
    event = one.after or one.before
    return f"{words.type_words(event.type)}: {words.headline(event)}" if event else ""


def _facts(one: EventDifference) -> str:
    """The facts that changed, each from what to what."""
    if not (one.before and one.after):
        return ""
    names = {name.name: name.words for name in FACTS[one.after.type]}
    return "; ".join(
        f"{gettext(names[name])}: {_values(one.before, name)} → {_values(one.after, name)}"
        for name in one.facts
    )


def _values(event: Any, name: str) -> str:
    """The values of a fact in words. Any: an announced event."""
    return ", ".join(words.fact_value(name, value) for value in event.values(name)) or "–"
