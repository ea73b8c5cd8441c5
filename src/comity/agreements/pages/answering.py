# SPDX-License-Identifier: Apache-2.0
"""What the register's pages have in common: how they are shown, the day, the suggestions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comity import clock
from comity.accounts.services.answering import language
from comity.agreements import queries
from comity.agreements.register import Register
from comity.reference.countries import countries
from comity.reference.days import day_of


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], *, version: str = ""
) -> HttpResponse:
    """The page; with a version it carries an ETag, as every record that can be edited does."""
    response = render(request, f"agreements/{template}.html", context)
    if version:
        response["ETag"] = f'"{version}"'
    return response


def day_asked(request: HttpRequest, name: str = "on") -> date:
    """The day in the address, or today where there is none that can be read."""
    try:
        return day_of(request.GET.get(name, ""))
    except ValueError:
        return clock.today()


def suggestions(register: Register | None = None) -> dict[str, Any]:
    """What the fields of parties and instruments suggest."""
    register = register or queries.register()
    named = [(c.code, c.name_fr if language() == "fr" else c.name) for c in countries().values()]
    groups = [(group.code, group.name) for group in register.groups.by_code.values()]
    instruments = {**register.instruments, **register.models}
    titles = [(reference, instruments[reference].title) for reference in sorted(instruments)]
    return {"suggested_parties": [*named, *groups], "suggested_instruments": titles}
