# SPDX-License-Identifier: Apache-2.0
"""The register as pages: the list, an instrument, a partner's path, the models, exports."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import beside, keys
from comity.agreements import export, queries
from comity.agreements.agreement_state import LIFECYCLE, standing_on, state_on
from comity.agreements.coverage import coverage
from comity.agreements.forms.proposing import ACT_WORDS
from comity.agreements.forms.searching import DayForm, RegisterSearchForm
from comity.agreements.instrument import Instrument
from comity.agreements.keyset import page_of
from comity.agreements.lifecycle import STEPS, Act, allowed_acts
from comity.agreements.overlay import Overlay
from comity.agreements.pages import provisions, words
from comity.agreements.pages.answering import day_asked, shown, suggestions
from comity.agreements.register import Register
from comity.agreements.register_search import Search, found
from comity.agreements.state_words import NO_STATE, STATES
from comity.agreements.timeline import history, path_between
from comity.reference.taxonomy import AgreementState, FormOfAssistance, InstrumentKind, Programme

PAGE = 50
FORMATS = {"csv": "text/csv", "json": "application/json", "yaml": "application/yaml"}


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def register_list(request: HttpRequest) -> HttpResponse:
    form = RegisterSearchForm(request.GET or {"on": clock.today().isoformat()})
    officer = officer_of(request.user)
    register, overlay = queries.register(), queries.overlay()
    search = _search(form, on=day_asked(request))
    instruments = found(register, search, overlay)
    page = page_of(instruments, lambda one: one.reference, **keys(request.GET), size=PAGE)
    context = {
        "form": form,
        "on": search.on,
        "count": len(instruments),
        "whole": len(register.instruments),
        "rows": [_row(register, one, search.on, overlay) for one in page.rows],
        "may_export": officer.may(Permission.EXPORT_REGISTER),
        "propose": _propose(officer),
        "query": request.GET.urlencode(),
        **beside(request.GET, page),
        **suggestions(register),
    }
    return shown(request, "register", context)


@require_safe
@officer_page(Permission.EXPORT_REGISTER)
def register_export(request: HttpRequest, form: str) -> HttpResponse:
    register, overlay = queries.register(), queries.overlay()
    search = _search(RegisterSearchForm(request.GET), on=day_asked(request))
    instruments = found(register, search, overlay)
    text = {
        "csv": lambda: export.list_csv(instruments, search.on, overlay, register),
        "json": lambda: export.instruments_json(instruments),
        "yaml": lambda: export.instruments_yaml(instruments),
    }
    return _download(text[form](), form, f"register-{search.on}.{form}")


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def instrument(request: HttpRequest, reference: str) -> HttpResponse:
    register, overlay = queries.register(), queries.overlay()
    one = register.instrument(reference)
    on = day_asked(request)
    standing = standing_on(one, on, overlay, register)
    officer = officer_of(request.user)
    happenings = history(one, overlay)
    context = {
        "one": one,
        "on": on,
        "day_form": DayForm({"on": on.isoformat()}),
        "standing": standing,
        "sign": words.sign_of(standing),
        "bar": _bar(standing.state),
        "programme": words.words_of(one.programme),
        "kind": words.words_of(one.kind),
        "read": gettext(words.READ_WORDS[one.read]),
        "parties": provisions.party_rows(one),
        "provisions": provisions.provision_rows(one, overlay, register),
        "claims": words.claim_rows(happenings),
        "notes": list(dict.fromkeys(claim.note for claim in one.claims if claim.note)),
        "timeline": words.timeline_rows(happenings),
        "confirmations": queries.confirmations(instrument=reference).rows,
        "rulings": queries.rulings(instrument=reference).rows,
        "proposals": queries.proposals(instrument=reference).rows,
        "acts": _acts(one, on, overlay, register) if reference in register.instruments else {},
        "model": one.model,
        "is_model": reference in register.models,
        "may": _may(officer),
        "related": _related(register, one),
    }
    return shown(request, "instrument", context)


@require_safe
@officer_page(Permission.EXPORT_REGISTER)
def instrument_export(request: HttpRequest, reference: str, form: str) -> HttpResponse:
    one = queries.register().instrument(reference)
    text = {
        "csv": lambda: export.provisions_csv([one]),
        "json": lambda: export.instruments_json([one]),
        "yaml": lambda: export.instrument_yaml(one),
    }
    return _download(text[form](), form, f"{reference}.{form}")


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def partner(request: HttpRequest, code: str) -> HttpResponse:
    register, overlay = queries.register(), queries.overlay()
    on = day_asked(request)
    of = request.GET.get("of", "").upper() or queries.own_administration()
    if not of:
        raise Http404
    if of == code.upper():
        return redirect(f"{reverse('agreements:coverage')}?of={of}&on={on.isoformat()}")
    officer = officer_of(request.user)
    path = path_between(register, of, code, on=on, overlay=overlay)
    context = {
        "code": code,
        "name": words.party_name(code),
        "of": of,
        "of_name": words.party_name(of),
        "on": on,
        "day_form": DayForm({"on": on.isoformat()}),
        "stages": [
            _row(register, register.instrument(stage.instrument), on, overlay)
            for stage in path.stages
        ],
        "missing": [words.words_of(programme) for programme in path.missing()],
        "asked": _can_be_asked(of, code, on) if path.stages else [],
        "timeline": words.timeline_rows(path.happenings(), titles=True),
        "may": _may(officer),
        "propose": _propose(officer),
    }
    return shown(request, "partner", context)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def models(request: HttpRequest) -> HttpResponse:
    register = queries.register()
    followers = {
        reference: sum(1 for one in register.instruments.values() if one.model == reference)
        for reference in register.models
    }
    rows = [
        {"one": one, "count": len(one.provisions), "followers": followers[reference]}
        for reference, one in sorted(register.models.items())
    ]
    return shown(request, "models", {"rows": rows})


def _can_be_asked(of: str, code: str, on: date) -> list[dict[str, Any]]:
    """The forms of assistance by the best verdict that any offence and purpose gives them."""
    found = coverage(of, on, queries.register(), queries.overlay(), queries.domestic_laws(), [code])
    verdicts = [(found.best(code, forms=(form,)), form) for form in FormOfAssistance]
    verdicts.sort(key=lambda pair: pair[0].rank)
    return [
        {
            "verdict": verdict.value,
            "forms": [{"code": form.value, "word": words.words_of(form)} for _, form in group],
        }
        for verdict, group in groupby(verdicts, key=lambda pair: pair[0])
    ]


def _search(form: RegisterSearchForm, *, on: date) -> Search:
    """The conditions that can be read; one that cannot narrows nothing, and the form says so."""
    given = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    state, kind, programme = (given.get(name) for name in ("state", "kind", "programme"))
    return Search(
        on=given.get("on") or on,
        party=given.get("party") or "",
        with_=given.get("with_") or "",
        kind=InstrumentKind(kind) if kind else None,
        programme=Programme(programme) if programme else None,
        state=AgreementState(state) if state else None,
        words=given.get("q") or "",
    )


def _row(register: Register, one: Instrument, on: date, overlay: Overlay) -> dict[str, Any]:
    standing = standing_on(one, on, overlay, register)
    return {
        "one": one,
        "parties": words.parties_of(one),
        "programme": words.words_of(one.programme),
        "sign": words.sign_of(standing),
        "since": words.day(standing.since),
        "unverified": one.existence == "unverified",
    }


def _bar(state: AgreementState | None) -> list[dict[str, Any]]:
    """The steps from the first idea to force, with how far the instrument has come."""
    reached = LIFECYCLE.index(state) if state in LIFECYCLE else None
    if reached is None and state is not None and state not in LIFECYCLE:
        reached = len(LIFECYCLE) - 1
    return [
        {
            "word": gettext(STATES[step][0]),
            "done": reached is not None and place <= reached,
            "here": step is state,
        }
        for place, step in enumerate(LIFECYCLE)
    ]


def _acts(one: Instrument, on: date, overlay: Overlay, register: Register) -> dict[str, Any]:
    """The acts in an instrument's life: those its state on the day allows, then the others."""
    allowed = set(allowed_acts(one, on, overlay, register))
    address = f"{reverse('agreements:propose', args=['lifecycle-act'])}?instrument={one.reference}"
    return {
        "now": _state_word(state_on(one, on, overlay, register)),
        "possible": [
            {"word": gettext(word), "url": f"{address}&act={act.value}"}
            for act, word in ACT_WORDS.items()
            if act in allowed
        ],
        "others": [
            {"word": gettext(word), "possible_while": _possible_while(act)}
            for act, word in ACT_WORDS.items()
            if act not in allowed
        ],
    }


def _possible_while(act: Act) -> str:
    """The states in which the act can be done, in the order of an instrument's life."""
    allowed_from = STEPS[act].allowed_from
    ordered = [state for state in (None, *AgreementState) if state in allowed_from]
    return " · ".join(_state_word(state) for state in ordered)


def _state_word(state: AgreementState | None) -> str:
    return gettext((STATES[state] if state else NO_STATE)[0])


def _may(officer: Officer) -> dict[str, bool]:
    """What this officer may do here, by the template's names."""
    permissions = {
        "confirm": Permission.CONFIRM_FORCE,
        "rule": Permission.RULE,
        "propose": Permission.PROPOSE_REGISTER_CHANGE,
        "act": Permission.RECORD_LIFECYCLE_ACT,
        "assess": Permission.ASSESS,
        "export": Permission.EXPORT_REGISTER,
        "attest": Permission.ATTEST,
    }
    return {name: officer.may(permission) for name, permission in permissions.items()}


def _propose(officer: Officer) -> str:
    """The page that proposes an instrument; empty for an officer who may not."""
    may = officer.may(Permission.PROPOSE_REGISTER_CHANGE)
    return reverse("agreements:propose", args=["instrument"]) if may else ""


def _related(register: Register, one: Instrument) -> list[tuple[str, str]]:
    """Instruments that this one names or that name it, with how."""
    named = [
        *((r, gettext("It takes the place of this one")) for r in one.supersedes),
        *((r, gettext("It complements this one")) for r in one.complements),
        *(
            (other.reference, gettext("This one takes its place once in force"))
            for other in register.successors(one.reference)
        ),
    ]
    return [(reference, how) for reference, how in named if reference in register.instruments]


def _download(text: str, form: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{FORMATS[form]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
