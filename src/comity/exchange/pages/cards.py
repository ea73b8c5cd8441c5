# SPDX-License-Identifier: Apache-2.0
"""Cards handed out and read in: how two administrations begin to be partners."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.exchange.forms.partnering import CardForm, InvitationForm, WithoutNodeForm
from comity.exchange.own_card import Invited
from comity.exchange.queries.own_card import own_card_issued
from comity.exchange.services import cards, partners
from comity.exchange.services.card_fetching import fetch_card

CARD_FILE = "application/json"


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ADMINISTER_PARTNERS)
def own(request: HttpRequest) -> HttpResponse:
    """Our card, to be handed out: an address for some days, made by a button and shown once."""
    form = InvitationForm(request.POST or None)
    invited: Invited | None = None
    if request.method == "POST" and form.is_valid():
        by, days = officer_of(request.user), form.cleaned_data["days"]
        invited = attempted(form, lambda: cards.invite(by=by, at=clock.now(), days=days))
    address = ""
    if invited is not None:
        address = request.build_absolute_uri(f"{cards.INVITATION_PATH}{invited.token}")
    context = {"form": form, "issued": own_card_issued(), "invited": invited, "address": address}
    return render(request, "exchange/own_card.html", context)


@require_POST
@officer_page(Permission.ADMINISTER_PARTNERS)
def file(request: HttpRequest) -> HttpResponse:
    """Our card as a file."""
    handed = cards.invite(by=officer_of(request.user), at=clock.now(), address=False)
    response = HttpResponse(handed.document, content_type=CARD_FILE)
    response["Content-Disposition"] = f'attachment; filename="card-{handed.version}.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ADMINISTER_PARTNERS)
def take(request: HttpRequest) -> HttpResponse:
    """Read a partner's card in, from a file or from the address of an invitation."""
    form = CardForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        by = officer_of(request.user)
        done = attempted(
            form,
            lambda: partners.propose(
                form.document() or fetch_card(form.cleaned_data["address"]), by=by, at=clock.now()
            ),
        )
        if done is not None:
            text = gettext("The card of {partner} is read in. Compare its fingerprint now.")
            messages.success(request, text.format(partner=done.partner.name))
            return redirect("exchange:partner", done.partner.code)
    context = {"form": form, "without_form": WithoutNodeForm(auto_id="without_%s")}
    return render(request, "exchange/take_card.html", context)


@require_POST
@officer_page(Permission.ADMINISTER_PARTNERS)
def without_node(request: HttpRequest) -> HttpResponse:
    """Register a partner that has no node: letters go to it."""
    form = WithoutNodeForm(request.POST, auto_id="without_%s")
    if form.is_valid():
        given, by = form.cleaned_data, officer_of(request.user)
        done = attempted(
            form,
            lambda: partners.register_without_node(
                given["code"], given["name"], by=by, at=clock.now()
            ),
        )
        if done is not None:
            text = gettext("{partner} is registered; what we have for it becomes letters.")
            messages.success(request, text.format(partner=done.partner.name))
            return redirect("exchange:partner", done.partner.code)
    return render(request, "exchange/take_card.html", {"form": CardForm(), "without_form": form})
