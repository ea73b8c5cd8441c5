# SPDX-License-Identifier: Apache-2.0
"""The search of the frame: evidence by reference and title, everything else in the register.

Titles of items lie sealed: they are found by keyed digests of their words, and opened through
the one door as far as the officer may see them. Nothing of an item that may not be seen is shown,
nor that it exists.
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
from comity.evidence.services import finding

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
MOST_SHOWN = 50
"""So many items are listed, the newest; the page of items finds the rest."""


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
    """The items whose title and marks hold the words. Any: values for the template."""
    if not officer.may(Permission.VIEW_EVIDENCE):
        return []
    return [
        {
            "title": one.description.title,
            "reference": one.item.reference,
            "url": reverse("evidence:item", args=[one.item.reference]),
        }
        for one in finding.find(asked, by=officer, at=now(), size=MOST_SHOWN).found
    ]
