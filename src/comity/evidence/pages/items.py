# SPDX-License-Identifier: Apache-2.0
"""The list of items: their titles as far as the reader may see them, the newest first."""

from __future__ import annotations

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
from comity.agreements.keyset import Page
from comity.evidence.forms.searching import ItemsForm
from comity.evidence.pages import rows
from comity.evidence.pages.opening import Shown
from comity.evidence.queries import items as queries
from comity.evidence.services import finding
from comity.evidence.way_out import WayOut
from comity.exchange.queries.ledger import partner_choices

ITEMS_ON_A_PAGE = 30


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def items(request: HttpRequest) -> HttpResponse:
    """The list; a reference that is asked for alone leads to its item."""
    officer, form = officer_of(request.user), ItemsForm(request.GET, suppliers=partner_choices())
    if form.words():
        return render(request, "evidence/items.html", _searched(request, form, officer))
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


def _searched(request: HttpRequest, form: ItemsForm, officer: Officer) -> dict[str, Any]:
    """The items whose title and marks hold the words, of all that there are."""
    page = finding.find(
        form.words(),
        by=officer,
        at=clock.now(),
        search=form.search(),
        after=keys(request.GET)["after"],
        size=ITEMS_ON_A_PAGE,
    )
    shown = [rows.of_item(one.item, Shown(one.let, one.description)) for one in page.found]
    around = beside(request.GET, Page(tuple(page.found), older=page.older, newer=""))
    return {"rows": shown, "searched": True, **_frame(form, officer), **around}
