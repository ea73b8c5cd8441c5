# SPDX-License-Identifier: Apache-2.0
"""Certified copies: made for a forum, numbered, certified finally by a second official, kept."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page, require
from comity.accounts.services.answering import attempted, beside, holders, keys, language
from comity.agreements.queries import register as instruments
from comity.evidence.copy_register import (
    CONFORMANCE_WORDS,
    COPY_STATE_WORDS,
    CertifiedCopy,
    CopyState,
)
from comity.evidence.forms.certifying import CAPACITY_WORDS, CertifyForm, OfficialForm
from comity.evidence.forum_profiles import Capacity, forum_profile, forum_profiles
from comity.evidence.pages import opening, telling
from comity.evidence.pages.previews import size_of_png
from comity.evidence.pages.signs import Sign
from comity.evidence.queries import certified_copies as queries
from comity.evidence.queries import items
from comity.evidence.queries.seeing import narrowed_to
from comity.evidence.services import certifying, drafting_copies, stating
from comity.evidence.way_out import WayOut

COPIES_ON_A_PAGE = 50
SIGNS: dict[CopyState, tuple[str, str]] = {
    CopyState.PREPARED: ("schedule", "yes-notice"),
    CopyState.AWAITING_FINAL: ("person", "person"),
    CopyState.ISSUED: ("verified", "yes"),
    CopyState.VOID: ("do_not_disturb", "none"),
}


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def copies(request: HttpRequest) -> HttpResponse:
    """The register of certified copies, the newest number first."""
    page = queries.register(
        officer=narrowed_to(officer_of(request.user)), **keys(request.GET), size=COPIES_ON_A_PAGE
    )
    context = {"rows": [_row(one) for one in page.rows], **beside(request.GET, page)}
    return render(request, "evidence/copies.html", context)


def _row(one: CertifiedCopy) -> dict[str, Any]:
    return {
        "copy": one,
        "sign": Sign(gettext(COPY_STATE_WORDS[one.state]), *SIGNS[one.state]),
        "profile": gettext(forum_profile(one.profile).title),
        "on": telling.day(one.issued_at or one.prepared_at),
        "by": telling.officer(one.prepared_by),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.CERTIFY_EVIDENCE)
def certify(request: HttpRequest, reference: str) -> HttpResponse:
    """A certified copy of a file; of a thing, a statement of what is written of it."""
    item, officer = items.item(reference), officer_of(request.user)
    if request.method == "POST" and request.POST.get("act") == "state":
        made = stating.certify((reference,), by=officer, at=clock.now())
        text = gettext("{statement} certifies it as it is now; it can be packed.")
        messages.success(request, text.format(statement=made.reference))
        return redirect("evidence:item", reference)
    initial = {"language": language(), "name": officer.display_name}
    form = CertifyForm(request.POST if request.method == "POST" else None, initial=initial)
    draft: tuple[bytes, ...] = ()
    if request.method == "POST" and request.POST.get("act") == "draft" and form.is_valid():
        draft = attempted(form, lambda: _drafted(form, reference, officer)) or ()
    elif request.method == "POST" and form.is_valid():
        copy = attempted(form, lambda: _certified(form, reference, officer))
        if copy is not None:
            text = gettext("The copy has the number {number}.")
            messages.success(request, text.format(number=copy.number))
            return redirect("evidence:copy", copy.number)
    shown = opening.shown([reference], WayOut.PAGE, officer, at=clock.now())[reference]
    context = {
        "item": item,
        "title": shown.title,
        "handling": opening.banner([shown.let.marking]),
        "form": form,
        "draft": [_picture(each) for each in draft],
        "profiles": [_profile(each) for each in forum_profiles().values()],
        "instruments": sorted(instruments().instruments),
    }
    return render(request, "evidence/certify.html", context)


def _profile(one: Any) -> dict[str, Any]:
    """What a forum wants. Any: a profile of the file."""
    return {
        "title": gettext(one.title),
        "use": gettext(one.use),
        "signed_by": [gettext(CAPACITY_WORDS[each]) for each in one.signed_by],
        "final": [gettext(CAPACITY_WORDS[each]) for each in one.final_signed_by],
        "notices": one.notices,
        "sources": one.sources,
    }


def _drafted(form: CertifyForm, reference: str, officer: Officer) -> tuple[bytes, ...]:
    given = form.cleaned_data
    return drafting_copies.draft_copy(
        reference,
        given["profile"],
        form.languages(),
        by=officer,
        official=form.official(),
        at=clock.now(),
        instrument=given["under"],
        article=given["article"],
    )


def _picture(png: bytes) -> dict[str, Any]:
    """A page for the template; it stands in the page itself, for it is kept nowhere."""
    width, height = size_of_png(png)
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return {"source": source, "width": width, "height": height}


def _certified(form: CertifyForm, reference: str, officer: Officer) -> CertifiedCopy:
    given = form.cleaned_data
    return certifying.certify_copy(
        reference,
        given["profile"],
        form.languages(),
        by=officer,
        official=form.official(),
        at=clock.now(),
        instrument=given["under"],
        article=given["article"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.VIEW_EVIDENCE)
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """One number of the register; where the forum wants it, another official certifies finally."""
    one, officer = queries.certified_copy(number), officer_of(request.user)
    waits = one.state is CopyState.AWAITING_FINAL
    may, own = officer.may(Permission.CERTIFY_EVIDENCE), one.prepared_by == officer.reference
    wanted = forum_profile(one.profile).final_signed_by
    initial = {"name": officer.display_name, "capacity": next(iter(wanted), Capacity.CUSTODIAN)}
    form = OfficialForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and waits and form.is_valid():
        require(officer, Permission.CERTIFY_EVIDENCE)
        done = attempted(form, lambda: _finally(form, number, officer))
        if done is not None:
            messages.success(request, gettext("The copy is certified finally, and issued."))
            return redirect("evidence:copy", number)
    context = {
        **_row(one),
        "prepared_by": telling.officer(one.prepared_by),
        "final_by": telling.officer(one.final_by) if one.final_by else "",
        "size_words": ", ".join(one.languages),
        "conformance": gettext(CONFORMANCE_WORDS[one.conformance]),
        "copy_url": reverse("evidence:item", args=[one.copy]) if one.copy else "",
        "save_url": reverse("evidence:save", args=[one.copy]) if one.copy else "",
        "form": form if waits and may and not own else None,
        "not_own": waits and may and own,
        "not_role": waits and not may,
        "void": may and one.state in (CopyState.PREPARED, CopyState.AWAITING_FINAL),
        "roles": holders(Permission.CERTIFY_EVIDENCE),
    }
    return render(request, "evidence/copy.html", context)


def _finally(form: OfficialForm, number: str, officer: Officer) -> CertifiedCopy:
    return certifying.certify_finally(number, by=officer, official=form.official(), at=clock.now())


@require_POST
@officer_page(Permission.CERTIFY_EVIDENCE)
def void(request: HttpRequest, number: str) -> HttpResponse:
    """Give up a number that stands for no document yet."""
    certifying.void_copy(number, by=officer_of(request.user), at=clock.now())
    messages.success(request, gettext("The number stands for no document, and stays so."))
    return redirect("evidence:copy", number)
