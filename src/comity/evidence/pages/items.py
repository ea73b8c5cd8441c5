# SPDX-License-Identifier: Apache-2.0
"""The list of items: their titles as far as the reader may see them, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import beside, keys
from comity.evidence.forms.searching import ItemsForm
from comity.evidence.pages import rows
from comity.evidence.queries import items as queries
from comity.evidence.way_out import WayOut
from comity.exchange.queries.ledger import partner_choices

ITEMS_ON_A_PAGE = 30
MOST_OPENED = 200
"""So many items are opened to look for words in titles: each is a decision of its own."""


@dataclass(frozen=True, slots=True)
class Searched:
    """How far a search in titles went."""

    looked: int
    more: bool


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def items(request: HttpRequest) -> HttpResponse:
    """The list; a reference that is asked for alone leads to its item."""
    officer, form = officer_of(request.user), ItemsForm(request.GET, suppliers=partner_choices())
    if form.words():
        return render(request, "evidence/items.html", _searched(form, officer))
    page = queries.items(form.search(), **keys(request.GET), size=ITEMS_ON_A_PAGE)
    if len(page.rows) == 1 and form.search().references:
        return redirect("evidence:item", page.rows[0].reference)
    context = {
        "rows": rows.of_items(page.rows, WayOut.PAGE, officer, at=clock.now(), hide=True),
        **_frame(form, officer),
        **beside(request.GET, page),
    }
    return render(request, "evidence/items.html", context)


def _frame(form: ItemsForm, officer: Officer) -> dict[str, Any]:
    may = {"keep": officer.may(Permission.KEEP_EVIDENCE)}
    return {"form": form, "filtered": form.narrows(), "may": may}


def _searched(form: ItemsForm, officer: Officer) -> dict[str, Any]:
    """The items whose title or marks hold the words, of the newest that fit otherwise."""
    page = queries.items(form.search(), size=MOST_OPENED)
    found = rows.of_items(page.rows, WayOut.SEARCH, officer, at=clock.now())
    wanted = form.words().casefold()
    fits = [row for row in found if wanted in row["title"].casefold() or _marked(row, wanted)]
    return {
        "rows": fits,
        "searched": Searched(len(page.rows), more=bool(page.older)),
        **_frame(form, officer),
    }


def _marked(row: dict[str, Any], wanted: str) -> bool:
    return any(wanted in mark.casefold() for mark in row["marks"])
