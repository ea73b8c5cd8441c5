# SPDX-License-Identifier: Apache-2.0
"""Standing rulings and attestations of completeness."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, beside, keys
from comity.agreements import queries, services
from comity.agreements.forms.confirming import AttestationForm, DecisionForm, RulingForm
from comity.agreements.pages import words
from comity.agreements.pages.answering import shown, suggestions
from comity.agreements.records import (
    STATE_WORDS,
    AttestationRecord,
    RecordState,
    RulingRecord,
)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def rulings(request: HttpRequest) -> HttpResponse:
    given = request.GET.get("state", "")
    state = RecordState(given) if given in set(RecordState) else None
    page = queries.rulings(state=state, **keys(request.GET))
    context = {
        "rows": [_row(record) for record in page.rows],
        "states": [
            (s.value, gettext(STATE_WORDS[s])) for s in RecordState if s != RecordState.SUSPENDED
        ],
        "state": given,
        "may_rule": officer_of(request.user).may(Permission.RULE),
        **beside(request.GET, page),
    }
    return shown(request, "rulings", context)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def ruling(request: HttpRequest, reference: str) -> HttpResponse:
    record = queries.ruling(reference)
    officer = officer_of(request.user)
    may_decide = officer.may(Permission.COUNTERSIGN) or officer.may(Permission.RULE)
    context = {
        **_row(record),
        "own": officer.reference == record.drafted_by,
        "may_countersign": may_decide and record.state is RecordState.DRAFTED,
        "may_withdraw": officer.may(Permission.RULE)
        and record.state in (RecordState.DRAFTED, RecordState.IN_EFFECT),
        "decision": DecisionForm(initial={"version": record.version}),
    }
    return shown(request, "ruling", context, version=f"{reference}.{record.version}")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.RULE)
def rule(request: HttpRequest) -> HttpResponse:
    first = RulingForm.first_values(clock.today()) | request.GET.dict()
    form = RulingForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        by = officer_of(request.user)
        made = attempted(form, lambda: services.draft_ruling(form.draft(), by=by, at=clock.now()))
        if made is not None:
            text = gettext("{reference} is drafted; it settles nothing until countersigned.")
            messages.success(request, text.format(reference=made.reference))
            return redirect("agreements:ruling", made.reference)
    return shown(request, "ruling_form", {"form": form, **suggestions()})


@require_POST
@officer_page(Permission.VIEW_REGISTER)
def countersign(request: HttpRequest, reference: str) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.is_valid()
    services.countersign_ruling(
        reference,
        version=form.cleaned_data.get("version"),
        by=officer_of(request.user),
        at=clock.now(),
    )
    return redirect("agreements:ruling", reference)


@require_POST
@officer_page(Permission.VIEW_REGISTER)
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.is_valid()
    services.refuse_ruling(
        reference, **form.cleaned_data, by=officer_of(request.user), at=clock.now()
    )
    return redirect("agreements:ruling", reference)


@require_POST
@officer_page(Permission.RULE)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.is_valid()
    services.withdraw_ruling(
        reference, **form.cleaned_data, by=officer_of(request.user), at=clock.now()
    )
    return redirect("agreements:ruling", reference)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def attestations(request: HttpRequest) -> HttpResponse:
    party = request.GET.get("party", "").upper()
    page = queries.attestations(party=party, **keys(request.GET))
    context = {
        "rows": [_attested(record) for record in page.rows],
        "party": party,
        "may_attest": officer_of(request.user).may(Permission.ATTEST),
        **beside(request.GET, page),
    }
    return shown(request, "attestations", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ATTEST)
def attest(request: HttpRequest) -> HttpResponse:
    first = AttestationForm.first_values(clock.today(), queries.own_administration())
    form = AttestationForm(request.POST or None, initial=first | request.GET.dict())
    if request.method == "POST" and form.is_valid():
        given = {n: v for n, v in form.cleaned_data.items() if n != "understood"}
        by = officer_of(request.user)
        made = attempted(form, lambda: services.attest(**given, by=by, at=clock.now()))
        if made is not None:
            return redirect("agreements:attestations")
    return shown(request, "attestation_form", {"form": form, **suggestions()})


@require_POST
@officer_page(Permission.ATTEST)
def withdraw_attestation(request: HttpRequest, reference: str) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.is_valid()
    services.withdraw_attestation(
        reference, **form.cleaned_data, by=officer_of(request.user), at=clock.now()
    )
    return redirect("agreements:attestations")


def _row(record: RulingRecord) -> dict[str, Any]:
    return {
        "record": record,
        "sign": words.record_sign(record.state, STATE_WORDS),
        "form": words.words_of(record.form),
        "purpose": words.words_of(record.purpose),
        "settles": record.settles_on(clock.today()),
    }


def _attested(record: AttestationRecord) -> dict[str, Any]:
    state = RecordState.WITHDRAWN if record.withdrawn_at else RecordState.IN_EFFECT
    return {
        "record": record,
        "parties": " – ".join(words.party_name(code) for code in record.parties),
        "sign": words.record_sign(state, STATE_WORDS),
        "withdrawn": record.withdrawn_at is not None,
    }
