# SPDX-License-Identifier: Apache-2.0
"""What partners ask of us about their items or ours: consent, and the return of originals."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page, require
from comity.accounts.services.answering import attempted, holders
from comity.evidence.forms.using import ConsentAnswerForm, ReturnForm
from comity.evidence.hand_over import HandOver
from comity.evidence.item import RANK_WORDS
from comity.evidence.pages import said, telling
from comity.evidence.pages.signs import Sign
from comity.evidence.queries import items, statements
from comity.evidence.services import consents, returns
from comity.evidence.use import ANSWERABLE, CONSENT_WORDS, Consent, ConsentState
from comity.evidence.use_messages import ConsentOutcome
from comity.exchange.message_state import Direction

CONSENT_SIGNS: dict[ConsentState, tuple[str, str]] = {
    ConsentState.ASKED: ("schedule", "consent"),
    ConsentState.GIVEN: ("check_circle", "yes"),
    ConsentState.REFUSED: ("do_not_disturb", "no"),
    ConsentState.WITHDRAWN: ("undo", "unknown"),
}


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def consent_list(request: HttpRequest) -> HttpResponse:
    """Requests for consent, ours and partners', the latest first."""
    theirs = request.GET.get("show") != "ours"
    way = Direction.IN if theirs else Direction.OUT
    rows = [_row(one) for one in statements.consents() if one.direction is way]
    return render(request, "evidence/consents.html", {"rows": rows, "theirs": theirs})


def _row(one: Consent) -> dict[str, object]:
    return {
        "consent": one,
        "partner": telling.administration(one.partner),
        "scope": said.scope_words(one.scope),
        "sign": Sign(gettext(CONSENT_WORDS[one.state]), *CONSENT_SIGNS[one.state]),
        "until": telling.day(one.until or one.wanted_until),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.VIEW_EVIDENCE)
def consent(request: HttpRequest, reference: str) -> HttpResponse:
    """One request for consent; what a partner asked is answered here."""
    one, officer = statements.consent(reference), officer_of(request.user)
    theirs = one.direction is Direction.IN
    outcomes = tuple(o for o, states in ANSWERABLE.items() if theirs and one.state in states)
    may = officer.may(Permission.DECIDE_ON_USE)
    given = request.POST if request.method == "POST" else None
    form = ConsentAnswerForm(given, outcomes=outcomes)
    if request.method == "POST" and outcomes and form.is_valid():
        require(officer, Permission.DECIDE_ON_USE)
        done = attempted(form, lambda: _answered(form, reference, officer))
        if done is not None:
            text = gettext("{partner} is told, in a signed message.")
            messages.success(request, text.format(partner=telling.administration(one.partner)))
            return redirect("evidence:consent", reference)
    context = {
        **_row(one),
        "theirs": theirs,
        "form": form if outcomes and may else None,
        "roles": holders(Permission.DECIDE_ON_USE) if outcomes and not may else "",
        "item_url": reverse("evidence:item", args=[one.item]) if one.item else "",
        "message_url": reverse("exchange:message", args=[one.message]) if one.message else "",
        "recorded_by": telling.officer(one.recorded_by),
        "answered_by": telling.officer(one.answered_by) if one.answered_by else "",
    }
    return render(request, "evidence/consent.html", context)


def _answered(form: ConsentAnswerForm, reference: str, officer: Officer) -> Consent:
    given = form.cleaned_data
    return consents.answer_consent(
        reference,
        ConsentOutcome(given["outcome"]),
        by=officer,
        at=clock.now(),
        until=given["until"],
        conditions=given["conditions"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.KEEP_EVIDENCE)
def send_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Send an original back to its owner; it waits for the owner's word that it arrived."""
    item = items.item(reference)
    initial = {"on": clock.today()}
    form = ReturnForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = attempted(form, lambda: _returned(form, reference, officer_of(request.user)))
        if done is not None:
            text = gettext(
                "{partner} is told; it counts as returned once they say that they have it."
            )
            owner = telling.administration(done.administration)
            messages.success(request, text.format(partner=owner))
            return redirect("evidence:item", reference)
    context = {
        "form": form,
        "item": item.reference,
        "heading": gettext("Return the original"),
        "lead": gettext(
            "It is {rank}. Its owner confirms that it arrived, or says why not."
        ).format(rank=gettext(RANK_WORDS[item.rank])),
        "submit": gettext("Send it back"),
    }
    return render(request, "evidence/item_act.html", context)


def _returned(form: ReturnForm, reference: str, officer: Officer) -> HandOver:
    given = form.cleaned_data
    return returns.send_back(reference, given["how"], by=officer, at=clock.now(), on=given["on"])
