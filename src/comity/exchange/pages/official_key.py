# SPDX-License-Identifier: Apache-2.0
"""An officer's own key as a designated official: seen, and made, in the officer's own session."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.exchange.services import officials


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.SEND_MESSAGES)
def official_key(request: HttpRequest) -> HttpResponse:
    officer, at = officer_of(request.user), clock.now()
    if request.method == "POST":
        session = request.session.session_key or ""
        officials.make_official_key(by=officer, session=session, at=at)
        messages.success(request, gettext("Your key was made; partners get the card with it."))
        return redirect("exchange:official-key")
    context = {
        "designated": officials.is_designated(officer.reference),
        "key": officials.key_of_official(officer.reference, at=at),
    }
    return render(request, "exchange/official_key.html", context)
