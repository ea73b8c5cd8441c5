# SPDX-License-Identifier: Apache-2.0
"""The gate before every page: a password of one's own first, then a second factor, then work.

It runs once per request of a signed-in officer and costs one indexed query. The API is not
behind it: a token was issued by somebody who had passed.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from comity.accounts.queries import officer_of
from comity.accounts.services import second_factor

OPEN_TO_ALL = frozenset({"account_logout", "set_language"})
BEFORE_PASSWORD = OPEN_TO_ALL | {"account_change_password"}
BEFORE_SECOND_FACTOR = BEFORE_PASSWORD | {
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "accounts:postpone",
}
"""The pages that lead through the gate, by name."""


class Gate:
    """The middleware that leads a new officer through password and second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the page is not known yet."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Lead away from a page that the officer may not open yet."""
        match = request.resolver_match
        page = match.view_name if match else ""
        if page in OPEN_TO_ALL or page.startswith("api-"):
            return None
        user = request.user
        if not user.is_authenticated:
            return None
        if user.password_is_one_time:
            return _led_to("account_change_password", page, BEFORE_PASSWORD)
        if page not in BEFORE_SECOND_FACTOR and second_factor.must_enrol(officer_of(user)):
            return HttpResponseRedirect(reverse("mfa_index"))
        return None


def _led_to(target: str, page: str, allowed: frozenset[str]) -> HttpResponse | None:
    return None if page in allowed else HttpResponseRedirect(reverse(target))
