# SPDX-License-Identifier: Apache-2.0
"""The guard of every page of one item: to whoever may not see it, there is no such item."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from comity.accounts.queries import officer_of
from comity.evidence.queries.seeing import require_seen


def of_its_item(
    page: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """The page, shown only of an item that the officer may see."""

    @wraps(page)
    def seen(request: HttpRequest, reference: str, **named: object) -> HttpResponseBase:
        if request.user.is_authenticated:  # everybody else is sent to sign in by the page
            require_seen([reference], officer_of(request.user))
        return page(request, reference, **named)

    return seen
