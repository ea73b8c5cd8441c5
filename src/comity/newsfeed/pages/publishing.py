# SPDX-License-Identifier: Apache-2.0
"""Our own feed: what is published of the register, what could be, and the two public documents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import beside, holders, keys
from comity.agreements.records import KIND_WORDS, ProposalRecord
from comity.newsfeed import queries, services
from comity.newsfeed.forms import TakeBackForm
from comity.newsfeed.pages import words
from comity.newsfeed.records import PublicChangeRecord


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def published(request: HttpRequest) -> HttpResponse:
    """What stands in the feed first; then what could."""
    others = request.GET.get("show") == "others"
    context = {
        "others": others,
        **(_not_published(request.GET) if others else _in_the_feed(request.GET)),
        "may_publish": officer_of(request.user).may(Permission.PUBLISH_REGISTER_CHANGE),
        "roles": holders(Permission.PUBLISH_REGISTER_CHANGE),
    }
    return render(request, "newsfeed/published.html", context)


def _in_the_feed(asked: QueryDict) -> dict[str, Any]:
    page = queries.public_changes(**keys(asked))
    return {"changes": [_public(one) for one in page.rows], **beside(asked, page)}


def _not_published(asked: QueryDict) -> dict[str, Any]:
    page = queries.publishable(**keys(asked))
    return {"rows": [_publishable(one) for one in page.rows], **beside(asked, page)}


@require_POST
@officer_page(Permission.PUBLISH_REGISTER_CHANGE)
def publish(request: HttpRequest, proposal: str) -> HttpResponse:
    made = services.publish_change(proposal, by=officer_of(request.user), at=clock.now())
    text = gettext("{reference} stands in our public feed.")
    messages.success(request, text.format(reference=made.reference))
    return redirect(f"{reverse('newsfeed:published')}?show=others")


@require_POST
@officer_page(Permission.PUBLISH_REGISTER_CHANGE)
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    form = TakeBackForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    services.unpublish_change(
        reference,
        reason=given.get("reason", ""),
        version=given.get("version"),
        by=officer_of(request.user),
        at=clock.now(),
    )
    text = gettext("{reference} no longer stands in our public feed.")
    messages.success(request, text.format(reference=reference))
    return redirect("newsfeed:published")


def _public(one: PublicChangeRecord) -> dict[str, Any]:
    return {
        "record": one,
        "what": words.said(one.summary),
        "sources": [(title, words.safe_link(address)) for title, address in one.sources],
    }


def _publishable(one: ProposalRecord) -> dict[str, Any]:
    return {
        "record": one,
        "kind": gettext(KIND_WORDS[one.kind]),
        "what": _what(one),
    }


def _what(one: ProposalRecord) -> str:
    """The change in one line."""
    content = one.content
    if "event" in content:
        happened = words.fact_value("event", str(content["event"]))
        return f"{happened} {words.day_written(str(content.get('date', '')))}".strip()
    return str(content.get("title") or content.get("act") or content.get("code", ""))
