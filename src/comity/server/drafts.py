# SPDX-License-Identifier: Apache-2.0
"""Forgets the draft of a form once the form was accepted.

A form that keeps drafts carries its key in the field `draft_key`. A reply that leads on to another
page means that the form was accepted; any other reply keeps the draft.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from comity.accounts.queries import officer_of
from comity.accounts.services import discard_draft

ACCEPTED = (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER)


class DraftsForgotten:
    """The middleware that discards the draft of an accepted form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer first, forget afterwards."""
        response = self.get_response(request)
        if request.method == "POST" and response.status_code in ACCEPTED:
            key = request.POST.get("draft_key", "")
            if key and request.user.is_authenticated:
                discard_draft(officer_of(request.user), key)
        return response
