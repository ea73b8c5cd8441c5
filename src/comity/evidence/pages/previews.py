# SPDX-License-Identifier: Apache-2.0
"""What an item looks like: pictures that this node drew, or text, never the file itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.catalogues import N_
from comity.errors import ComityError, NotFoundError
from comity.evidence.intake.findings import WORDS as FINDING_WORDS
from comity.evidence.item import Item, ItemState
from comity.evidence.pages import opening
from comity.evidence.previewing import OBSTACLE_WORDS
from comity.evidence.queries import items
from comity.evidence.queries.intake import examination
from comity.evidence.services import previewing, way_out
from comity.evidence.serving import picture_headers
from comity.evidence.way_out import Let, WayOut

PAGES_LINKED = 30


def of_item(item: Item, let: Let, *, asked: str) -> dict[str, Any]:
    """The preview for the item's page. Any: values for the template."""
    if not let.permitted:
        return {"why": opening.why(let)}
    if item.is_object:
        return {"why": gettext("It lies in a room: see its marks, and its custody for where.")}
    if item.state is ItemState.DESTROYED:
        return {"why": gettext("Its content and its key are gone.")}
    page = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    found = _preview(item, max(page, 1))
    return {
        "save_url": reverse("evidence:save", args=[item.reference]),
        "findings": _findings(item),
        **found,
    }


def _preview(item: Item, page: int) -> dict[str, Any]:
    try:
        one = previewing.preview(item.reference, page)
    except ComityError:  # a damaged or missing file: the custody says so, the page still opens
        return {"why": gettext("The stored file cannot be read now.")}
    if one.text:
        return {"text": one.text, "cut_off": one.cut_off}
    if not one.png:
        known = gettext(OBSTACLE_WORDS[one.obstacle]) if one.obstacle else ""
        return {"why": known or gettext("No picture is drawn of this type of file.")}
    width, height = size_of_png(one.png)
    return {
        "picture": reverse("evidence:page", args=[item.reference, one.page]),
        "width": width,
        "height": height,
        "page": one.page,
        "pages": one.pages,
        "links": range(1, min(one.pages, PAGES_LINKED) + 1) if one.pages > 1 else (),
    }


def size_of_png(png: bytes) -> tuple[int, int]:
    """Width and height as the header says them: the picture is our own."""
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def _findings(item: Item) -> list[str]:
    """What was found against the file when it was taken in."""
    found = examination(item.reference)
    if found is None:
        return []
    return [gettext(FINDING_WORDS[each.code]).format(**each.facts) for each in found.findings]


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The picture of one page."""
    known, officer = items.item(reference), officer_of(request.user)
    (let,) = way_out.let_out([known.reference], WayOut.PAGE, by=officer, at=clock.now())
    way_out.description(let)  # refuses what is not let out, before anything is drawn
    found = previewing.preview(reference, number)
    if not found.png:
        raise NoPictureError(reference=reference, page=number)
    return HttpResponse(found.png, headers=picture_headers(reference, number))


class NoPictureError(NotFoundError):
    """There is no picture of this page."""

    code = "page-without-picture"
    message = N_("{reference} has no picture of its page {page}.")
    remedy = N_("Open the item: it says which pages can be shown.")
