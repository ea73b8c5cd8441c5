# SPDX-License-Identifier: Apache-2.0
"""Giving items to authorities, third states, courts, the defence and the public; assurances.

The law's answer for each item stands before anything is recorded; what the door refuses is not
recorded as given.
"""

from __future__ import annotations

from typing import Any

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
from comity.accounts.services.sending import sent_once
from comity.agreements.queries import register
from comity.evidence.forms.disclosing import BreachForm, DisclosureForm
from comity.evidence.lifetime import DISCLOSED_WORDS, Assurance
from comity.evidence.pages import telling
from comity.evidence.queries import registers as queries
from comity.evidence.queries.decisions import decide
from comity.evidence.queries.items import several
from comity.evidence.queries.registers import Register
from comity.evidence.services import disclosing, giving_out
from comity.evidence.way_out import REFUSAL_WORDS, WayOut


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.RELEASE_EVIDENCE)
def disclose(request: HttpRequest) -> HttpResponse:
    """Asked, the law's answer for each item; told to, the disclosure is recorded."""
    officer = officer_of(request.user)
    initial = {"items": request.GET.get("item", ""), "on": clock.today()}
    form = DisclosureForm(request.POST if request.method == "POST" else None, initial=initial)
    verdicts: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "record":
            made = attempted(form, lambda: sent_once(request, lambda: _given(form, officer)))
            if made is not None:
                text = gettext("Entered as {it}.").format(it=made)
                messages.success(request, text)
                return redirect("evidence:register", Register.DISCLOSURES.value)
        verdicts = attempted(form, lambda: _verdicts(form, officer)) or []
    context = {
        "form": form,
        "verdicts": verdicts,
        "stopped": any(not each["permitted"] for each in verdicts),
        "instruments": sorted(register().instruments),
    }
    return render(request, "evidence/disclose.html", context)


def _given(form: DisclosureForm, officer: Officer) -> str:
    items = form.cleaned_data["items"]
    return ", ".join(giving_out.give_out(items, form.gift(), by=officer, at=clock.now()))


def _verdicts(form: DisclosureForm, officer: Officer) -> list[dict[str, Any]]:
    """The law's answer for each item; nothing is let out or recorded by it. Any: for a template."""
    items, gift = form.cleaned_data["items"], form.gift()
    several(items)  # raises for one that there is not
    found = decide(
        items, WayOut.EXPORT, by=officer, at=clock.now(), use=gift.use, recipient=gift.intended()
    )
    return [
        {
            "item": each.reference,
            "code": each.weighed.verdict.value,
            "permitted": each.weighed.permitted,
            "because": gettext(REFUSAL_WORDS[each.weighed.reason]) if each.weighed.reason else "",
            "url": reverse("evidence:use", args=[each.reference]),
        }
        for each in found
    ]


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def disclosure(request: HttpRequest, reference: str) -> HttpResponse:
    """One line of the register, with its words as far as the officer may read the item."""
    one, officer = queries.disclosure(reference), officer_of(request.user)
    words = giving_out.words_of_disclosure(reference, by=officer, at=clock.now())
    context = {
        "disclosure": one,
        "to": gettext(DISCLOSED_WORDS[one.to]),
        "on": telling.day(one.on),
        "recorded_by": telling.officer(one.recorded_by),
        "words": words,
    }
    return render(request, "evidence/disclosure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.VIEW_EVIDENCE)
def assurance(request: HttpRequest, reference: str) -> HttpResponse:
    """One assurance with its words; that it was broken is entered here."""
    one, officer = queries.assurance(reference), officer_of(request.user)
    given = request.POST if request.method == "POST" else None
    form = BreachForm(given, initial={"on": clock.today()})
    if request.method == "POST":
        require(officer, Permission.RELEASE_EVIDENCE)
        if form.is_valid():
            made = attempted(form, lambda: _broken(one, form, officer))
            if made is not None:
                text = gettext("Entered: whoever releases to this partner next is told.")
                messages.success(request, text)
                return redirect("evidence:assurance", reference)
    said, broken = queries.assurance_words(reference)
    context = {
        "assurance": one,
        "partner": telling.administration(one.partner),
        "given_on": telling.day(one.given_on),
        "breached_on": telling.day(one.breached_on),
        "recorded_by": telling.officer(one.recorded_by),
        "breach_recorded_by": telling.officer(one.breach_recorded_by)
        if one.breach_recorded_by
        else "",
        "said": said,
        "broken": broken,
        "form": form if officer.may(Permission.RELEASE_EVIDENCE) and not one.breached_on else None,
        "roles": holders(Permission.RELEASE_EVIDENCE),
    }
    return render(request, "evidence/assurance.html", context)


def _broken(one: Assurance, form: BreachForm, officer: Officer) -> Assurance:
    given = form.cleaned_data
    return disclosing.record_breach(
        one.reference, given["on"], given["text"], by=officer, at=clock.now()
    )
