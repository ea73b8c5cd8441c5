# SPDX-License-Identifier: Apache-2.0
"""The sources with their health: added, changed, paused, resumed, and read now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, holders
from comity.jobs import services as jobs
from comity.newsfeed import queries, services
from comity.newsfeed.forms import SourceForm, VersionForm
from comity.newsfeed.pages import signs, words
from comity.newsfeed.pages.answering import parties_suggested
from comity.newsfeed.records import SourceRecord

FETCH = "newsfeed.fetch"
"""The task that visits one source, as the table of tasks names it."""


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def sources(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request.user)
    known = queries.sources()
    context = {
        "rows": [_row(one) for one in known if _in_use(one)],
        "others": [_row(one) for one in known if not _in_use(one)],
        "may_administer": officer.may(Permission.ADMINISTER_NEWS_SOURCES),
        "roles": holders(Permission.ADMINISTER_NEWS_SOURCES),
    }
    return render(request, "newsfeed/sources.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ADMINISTER_NEWS_SOURCES)
def add(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = officer_of(request.user)
        made = attempted(form, lambda: services.add_source(form.draft(), by=by, at=clock.now()))
        if made is not None:
            text = gettext("{source} is added, and will be read with the next round.")
            messages.success(request, text.format(source=made.title))
            return redirect("newsfeed:sources")
    return render(request, "newsfeed/source_form.html", {"form": form, **parties_suggested()})


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ADMINISTER_NEWS_SOURCES)
def change(request: HttpRequest, code: str) -> HttpResponse:
    source = queries.source(code)
    form = SourceForm(request.POST or None, initial=SourceForm.values_of(source), fixed=True)
    if request.method == "POST" and form.is_valid():
        version = VersionForm.version_in(request.POST)
        by = officer_of(request.user)
        made = attempted(
            form,
            lambda: services.change_source(
                code, form.draft(), version=version, by=by, at=clock.now()
            ),
        )
        if made is not None:
            return redirect("newsfeed:sources")
    context = {"form": form, "source": source, **parties_suggested()}
    return render(request, "newsfeed/source_form.html", context)


@require_POST
@officer_page(Permission.ADMINISTER_NEWS_SOURCES)
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Pause or resume, as the button says."""
    done = {"pause": services.pause_source, "resume": services.resume_source}.get(
        request.POST.get("act", "")
    )
    if done is None:
        raise Http404
    version = VersionForm.version_in(request.POST)
    done(code, version=version, by=officer_of(request.user), at=clock.now())
    return redirect("newsfeed:sources")


@require_POST
@officer_page(Permission.ADMINISTER_NEWS_SOURCES)
def fetch(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the worker for a visit; a page never waits for another machine."""
    source = queries.source(code)
    with transaction.atomic():
        jobs.enqueue(FETCH, source=source.code)
    text = gettext("{source} will be read in a moment. This page shows what came of it.")
    messages.success(request, text.format(source=source.title))
    return redirect("newsfeed:sources")


def _in_use(source: SourceRecord) -> bool:
    """Whether it is switched on, or something was read from it, or it is our own."""
    return source.active or bool(source.releases) or not source.shipped


def _row(source: SourceRecord) -> dict[str, Any]:
    health = source.health
    return {
        "source": source,
        "link": words.safe_link(source.url),
        "administration": words.party(source.administration),
        "sign": signs.source_sign(health.state),
        "problem": words.said(health.problem) if health.problem else "",
        "remedy": words.said(health.remedy) if health.remedy else "",
        "releases_url": f"{reverse('newsfeed:archive')}?source={source.code}",
        "cards_url": f"{reverse('newsfeed:proposals')}?state=all&source={source.code}",
    }
