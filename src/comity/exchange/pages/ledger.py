# SPDX-License-Identifier: Apache-2.0
"""The ledger of messages: searched by whatever is at hand, newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import beside, keys
from comity.exchange.forms.searching import LedgerForm
from comity.exchange.pages import telling
from comity.exchange.queries.ledger import known_kinds, ledger, partner_choices

MESSAGES_ON_A_PAGE = 50


@require_safe
@officer_page(Permission.VIEW_MESSAGES)
def messages(request: HttpRequest) -> HttpResponse:
    form = LedgerForm(request.GET, partners=partner_choices())
    page = ledger(form.search(), **keys(request.GET), size=MESSAGES_ON_A_PAGE)
    if len(page.rows) == 1 and form.names_one():
        return redirect("exchange:message", page.rows[0].reference)
    context = {
        "form": form,
        "filtered": form.narrows(),
        "conversation": form.search().conversation,
        "rows": [telling.ledger_row(row) for row in page.rows],
        "kinds": known_kinds(),
        "may_send": officer_of(request.user).may(Permission.SEND_MESSAGES),
        **beside(request.GET, page),
    }
    return render(request, "exchange/ledger.html", context)
