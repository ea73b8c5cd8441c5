# SPDX-License-Identifier: Apache-2.0
"""What pages have in common: the officer, an act that may meet an obstacle, pages by key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypedDict, TypeVar

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comity import clock
from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.permissions import PermissionMissingError
from comity.agreements import queries
from comity.agreements.keyset import Page
from comity.agreements.pages.words import language
from comity.agreements.register import Register
from comity.catalogues import said
from comity.errors import ComityError
from comity.reference.countries import countries
from comity.reference.days import day_of

Done = TypeVar("Done")


def attempted(form: Form, act: Callable[[], Done]) -> Done | None:
    """Do the act; an obstacle is said in the form, so that nothing typed is lost.

    A missing permission and an edit of an outdated version are not the form's to answer.
    """
    try:
        return act()
    except (PermissionMissingError, ChangedMeanwhileError):
        raise
    except ComityError as error:
        form.add_error(None, in_words(error))
        return None


def in_words(error: ComityError) -> str:
    """The obstacle and the next act, in the reader's language."""
    texts = (said(text, error.fields, language()) for text in (error.message, error.remedy))
    return " ".join(filter(None, texts))


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


class Keys(TypedDict):
    """The key after which, or before which, a list goes on."""

    after: str
    before: str


def keys(request: HttpRequest) -> Keys:
    """The key from which a list goes on, as the address has it."""
    return Keys(after=request.GET.get("after", ""), before=request.GET.get("before", ""))


def beside(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """The addresses of the pages beside this one, with the same conditions."""
    kept = request.GET.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    found = {}
    for place, name, key in (("newer", "before", page.newer), ("older", "after", page.older)):
        if key:
            query = kept.copy()
            query[name] = key
            found[place] = f"?{query.urlencode()}"
    return found


def suggestions(register: Register | None = None) -> dict[str, Any]:
    """What the fields of parties and instruments suggest."""
    register = register or queries.register()
    named = [(c.code, c.name_fr if language() == "fr" else c.name) for c in countries().values()]
    groups = [(group.code, group.name) for group in register.groups.by_code.values()]
    instruments = {**register.instruments, **register.models}
    titles = [(reference, instruments[reference].title) for reference in sorted(instruments)]
    return {"suggested_parties": [*named, *groups], "suggested_instruments": titles}
