# SPDX-License-Identifier: Apache-2.0
"""Marking areas of a page that are made black: by numbers beside the picture, or drawn on it.

The page works without scripts: the rows of numbers are what is sent, and the picture shows them.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.errors import ComityError
from comity.evidence.forms.blackening import BLANK_ROWS, MOST_AREAS, AreasForms, areas_forms
from comity.evidence.pages import opening
from comity.evidence.pages.opening import Shown
from comity.evidence.queries import items
from comity.evidence.services import previewing, redacting
from comity.evidence.way_out import WayOut

PAGES_LINKED = 60


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.KEEP_EVIDENCE)
def blacken(request: HttpRequest, reference: str) -> HttpResponse:
    """The rows beside the page; sent, a new item is made without the areas."""
    item, officer = items.item(reference), officer_of(request.user)
    pages = redacting.pages_of(reference)
    page = _page(request, pages)
    sent = request.method == "POST"
    rows = areas_forms(request.POST if sent else None)
    obstacle = ""
    if sent and rows.is_valid() and request.POST.get("act") == "make":
        try:
            made = redacting.blacken(reference, page, rows.marked(), by=officer, at=clock.now())
        except ComityError as error:
            obstacle = f"{error} {error.advice()}"
        else:
            text = gettext("{reference} is this page without the areas; the rest of it is there.")
            messages.success(request, text.format(reference=made.reference))
            return redirect("evidence:item", made.reference)
    elif sent and rows.is_valid():
        rows = _with_blank_rows(request.POST, rows)
    shown = opening.shown([reference], WayOut.PAGE, officer, at=clock.now())[reference]
    context = {
        "item": item,
        "title": shown.title,
        "untold": shown.untold,
        "handling": opening.banner([shown.let.marking]),
        "rows": rows,
        "drawn": _drawn(rows),
        "page": page,
        "pages": pages[:PAGES_LINKED],
        "picture": _picture(shown, page) if shown.title and page else None,
        "obstacle": obstacle,
        "certify": officer.may(Permission.CERTIFY_EVIDENCE),
    }
    return render(request, "evidence/blacken.html", context)


def _page(request: HttpRequest, pages: tuple[int, ...]) -> int:
    """The page that is asked for, if the item has it; its first one otherwise, 0 for none."""
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    return page if page in pages else next(iter(pages), 0)


def _picture(shown: Shown, page: int) -> dict[str, Any] | None:
    """Where the page's picture is and how large; None where none is drawn. Any: for a template."""
    found = previewing.preview(shown.let.item, page)
    if not found.png:
        return None
    return {
        "url": reverse("evidence:page", args=[shown.let.item, page]),
        "width": int.from_bytes(found.png[16:20]),
        "height": int.from_bytes(found.png[20:24]),
    }


def _with_blank_rows(sent: QueryDict, rows: AreasForms) -> AreasForms:
    """What was marked, with blank rows after it."""
    blank = sum(not one.has_changed() for one in rows.forms)
    total = min(len(rows.forms) + max(BLANK_ROWS - blank, 0), MOST_AREAS)
    again = sent.copy()
    again[f"{rows.prefix}-TOTAL_FORMS"] = str(total)
    return areas_forms(again)


def _drawn(rows: AreasForms) -> list[dict[str, Any]]:
    """The areas that can be drawn, as places in percent. Any: values for the template."""
    found = []
    for number, one in enumerate(rows.forms, start=1):
        values = {name: one[name].value() for name in ("left", "top", "width", "height")}
        try:
            places = {name: float(value) for name, value in values.items()}
        except (TypeError, ValueError):
            continue
        found.append({"number": number, **{name: f"{p:.2f}" for name, p in places.items()}})
    return found
