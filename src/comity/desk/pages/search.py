# SPDX-License-Identifier: Apache-2.0
"""The search of the frame: evidence by reference and title, everything else in the register.

Titles of items lie sealed: each is opened through the one door, for the search, as far as the
officer may see it. Nothing of an item that may not be seen is shown, nor that it exists.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from comity.accounts import queries as accounts
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import officer_page
from comity.clock import now
from comity.errors import ComityError
from comity.evidence.queries import items
from comity.evidence.services import way_out
from comity.evidence.way_out import Let, WayOut

PAGES: dict[str, str] = {
    "ITM": "evidence:item",
    "PKG": "evidence:package",
    "RCL": "evidence:recall",
    "CNS": "evidence:consent",
    "DST": "evidence:destruction-list",
    "EAL": "evidence:close-alarm",
    "MSG": "exchange:message",
}
"""The letters of a reference, and the page that shows what it names."""
REFERENCE = re.compile(r"([A-Z]{3})-[0-9]{5,}")
MOST_OPENED = 100
"""So many items are opened for one search, the newest: each is a decision of its own."""
SHORTEST = 3


@require_safe
@officer_page()
def search(request: HttpRequest) -> HttpResponse:
    """A reference leads to its page; titles that fit are listed; the rest is the register's."""
    asked, officer = request.GET.get("q", "").strip(), accounts.officer_of(request.user)
    named = REFERENCE.fullmatch(asked.upper())
    if named and named[1] in PAGES:
        return redirect(PAGES[named[1]], asked.upper())
    register = f"{reverse('agreements:register')}?{urlencode({'q': asked})}"
    found = _titles(asked, officer)
    if not found:
        return redirect(register)
    context = {"asked": asked, "found": found, "register": register}
    return render(request, "desk/search.html", context)


def _titles(asked: str, officer: Officer) -> list[dict[str, Any]]:
    """The items whose title or marks hold the words. Any: values for the template."""
    if len(asked) < SHORTEST or not officer.may(Permission.VIEW_EVIDENCE):
        return []
    known = items.items(size=MOST_OPENED).rows
    if not known:
        return []
    lets = way_out.let_out([i.reference for i in known], WayOut.SEARCH, by=officer, at=now())
    found, wanted = [], asked.casefold()
    for let in lets:
        title, marks = _opened(let)
        if any(wanted in text.casefold() for text in (title, *marks)):
            url = reverse("evidence:item", args=[let.item])
            found.append({"title": title, "reference": let.item, "url": url})
    return found


def _opened(let: Let) -> tuple[str, tuple[str, ...]]:
    """Title and marks; nothing where the item may not be seen, or is gone."""
    if not let.permitted:
        return "", ()
    try:
        said = way_out.description(let)
    except ComityError:
        return "", ()
    return said.title, said.marks
