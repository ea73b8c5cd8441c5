# SPDX-License-Identifier: Apache-2.0
"""Confirmations: the list, one of them, the form, the bulk page, the queue, the review list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, beside, keys
from comity.agreements import queries, services
from comity.agreements.agreement_state import standing_on
from comity.agreements.forms.confirming import (
    EVIDENCE_WORDS,
    STANCE_WORDS,
    SUBJECT_WORDS,
    ConfirmationForm,
    DecisionForm,
    ProvisionForm,
    StatementForm,
)
from comity.agreements.overlay_files import overlay_text
from comity.agreements.pages import words
from comity.agreements.pages.answering import day_asked, shown, suggestions
from comity.agreements.records import STATE_WORDS, ConfirmationRecord, RecordState, Stance
from comity.agreements.timeline import history

FORMS = {"force": ConfirmationForm, "provision": ProvisionForm}


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def confirmations(request: HttpRequest) -> HttpResponse:
    given = request.GET.get("state", "")
    state = RecordState(given) if given in set(RecordState) else None
    page = queries.confirmations(state=state, **keys(request.GET))
    context = {
        "rows": [_row(record) for record in page.rows],
        "states": [(s.value, gettext(STATE_WORDS[s])) for s in RecordState],
        "state": given,
        "waiting": queries.waiting(),
        "may_confirm": officer_of(request.user).may(Permission.CONFIRM_FORCE),
        "may_export": officer_of(request.user).may(Permission.EXPORT_REGISTER),
        **beside(request.GET, page),
    }
    return shown(request, "confirmations", context)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def to_review(request: HttpRequest) -> HttpResponse:
    on = day_asked(request)
    page = queries.confirmations_to_review(on, **keys(request.GET))
    context = {
        "rows": [_row(record) for record in page.rows],
        "on": on,
        "may_confirm": officer_of(request.user).may(Permission.CONFIRM_FORCE),
        **beside(request.GET, page),
    }
    return shown(request, "confirmations_to_review", context)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def to_countersign(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request.user)
    waiting = queries.confirmations(state=RecordState.DRAFTED, **keys(request.GET))
    rulings = queries.rulings(state=RecordState.DRAFTED)
    context = {
        "rows": [
            _row(record) | {"own": record.drafted_by == officer.reference}
            for record in waiting.rows
        ],
        "rulings": rulings.rows,
        "may_countersign": officer.may(Permission.COUNTERSIGN),
        **beside(request.GET, waiting),
    }
    return shown(request, "to_countersign", context)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def confirmation(request: HttpRequest, reference: str) -> HttpResponse:
    record = queries.confirmation(reference)
    return _confirmation_page(request, record, StatementForm())


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.CONFIRM_FORCE)
def draft(request: HttpRequest, subject: str) -> HttpResponse:
    kind = FORMS[subject]
    first = kind.first_values(clock.today(), **request.GET.dict())
    form = kind(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        by = officer_of(request.user)
        made = attempted(
            form, lambda: services.draft_confirmation(form.draft(), by=by, at=clock.now())
        )
        if made is not None:
            messages.success(request, _drafted(made))
            return redirect("agreements:confirmation", made.reference)
    context = {"form": form, "subject": subject, **suggestions()}
    context["known"] = _known(form["instrument"].value())
    return shown(request, "confirmation_form", context)


@require_POST
@officer_page(Permission.COUNTERSIGN)
def countersign(request: HttpRequest, reference: str) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.is_valid()
    record = services.countersign_confirmation(
        reference,
        version=form.cleaned_data.get("version"),
        by=officer_of(request.user),
        at=clock.now(),
    )
    text = gettext("{reference} is countersigned: it counts from now on.")
    messages.success(request, text.format(reference=record.reference))
    if "next" in request.POST:
        return redirect("agreements:to-countersign")
    return redirect("agreements:confirmation", reference)


@require_POST
@officer_page(Permission.COUNTERSIGN)
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.is_valid()
    services.refuse_confirmation(
        reference, **form.cleaned_data, by=officer_of(request.user), at=clock.now()
    )
    return redirect("agreements:confirmation", reference)


@require_POST
@officer_page(Permission.CONFIRM_FORCE)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.is_valid()
    services.withdraw_confirmation(
        reference, **form.cleaned_data, by=officer_of(request.user), at=clock.now()
    )
    return redirect("agreements:confirmation", reference)


@require_POST
@officer_page(Permission.VIEW_REGISTER)
def statement(request: HttpRequest, reference: str) -> HttpResponse:
    form = StatementForm(request.POST)
    by = officer_of(request.user)
    if form.is_valid():
        given = form.cleaned_data | {"stance": Stance(form.cleaned_data["stance"])}
        made = attempted(
            form, lambda: services.record_statement(reference, **given, by=by, at=clock.now())
        )
        if made is not None:
            return redirect("agreements:confirmation", reference)
    return _confirmation_page(request, queries.confirmation(reference), form)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.CONFIRM_FORCE)
def work_through(request: HttpRequest, at: str = "") -> HttpResponse:
    """The bulk page: one row of the list at a time, with what is known of it; confirm or leave."""
    of = request.GET.get("of", "").upper() or queries.own_administration()
    programme = request.GET.get("programme", "cmaa")
    work = queries.confirmation_work(of, programme, at=at or request.GET.get("at", ""))
    if work is None:
        return shown(request, "work_through", {"work": None, "of": of})
    first = ConfirmationForm.first_values(
        clock.today(), instrument=work.instrument.reference, in_force_from=work.best_guess
    )
    form = ConfirmationForm(request.POST or None, initial=first)
    here = f"{reverse('agreements:work-through')}?of={of}&programme={programme}&at="
    if request.method == "POST" and form.is_valid():
        by = officer_of(request.user)
        made = attempted(
            form, lambda: services.draft_confirmation(form.draft(), by=by, at=clock.now())
        )
        if made is not None:
            messages.success(request, _drafted(made))
            return redirect(here + (work.following or work.instrument.reference))
    context = {
        "work": work,
        "of": of,
        "form": form,
        "here": here,
        "known": _known(work.instrument.reference),
        "records": [_row(record) for record in work.records],
    }
    return shown(request, "work_through", context)


@require_POST
@officer_page(Permission.EXPORT_REGISTER)
def export(request: HttpRequest) -> HttpResponse:
    """The overlay as the file of the plain install; taking it out is an act, hence no GET."""
    overlay = services.export_overlay(by=officer_of(request.user), at=clock.now())
    response = HttpResponse(overlay_text(overlay), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="overlay-{clock.today()}.yaml"'
    return response


def _confirmation_page(
    request: HttpRequest, record: ConfirmationRecord, form: StatementForm
) -> HttpResponse:
    officer = officer_of(request.user)
    own = officer.reference == record.drafted_by
    context = {
        **_row(record),
        "may_countersign": officer.may(Permission.COUNTERSIGN)
        and record.state is RecordState.DRAFTED,
        "own": own,
        "may_withdraw": officer.may(Permission.CONFIRM_FORCE)
        and record.state in (RecordState.DRAFTED, RecordState.IN_EFFECT, RecordState.SUSPENDED),
        "may_state": record.state is RecordState.IN_EFFECT
        and (officer.may(Permission.CONFIRM_FORCE) or officer.may(Permission.COUNTERSIGN)),
        "may_confirm": officer.may(Permission.CONFIRM_FORCE),
        "statement_form": form,
        "decision": DecisionForm(initial={"version": record.version}),
        "timeline": _timeline(record),
    }
    version = f"{record.reference}.{record.version}"
    return shown(request, "confirmation", context, version=version)


def _row(record: ConfirmationRecord) -> dict[str, Any]:
    return {
        "record": record,
        "sign": words.record_sign(record.state, STATE_WORDS),
        "subject": gettext(SUBJECT_WORDS[record.subject]),
        "evidence": gettext(EVIDENCE_WORDS[record.evidence]),
        "use_rules": [(words.words_of(p), words.words_of(r)) for p, r in record.use_rules],
        "forms": words.codes_in_words(record.forms),
        "statements": [(gettext(STANCE_WORDS[s.stance]), s) for s in record.statements],
        "due": record.review_due(clock.today()),
        "renew": _renewal(record),
    }


def _renewal(record: ConfirmationRecord) -> str:
    """The form of a confirmation that takes this one's place."""
    kind = record.subject.value
    days = f"&in_force_from={record.in_force_from}" if record.in_force_from else ""
    address = reverse(f"agreements:confirm-{kind}")
    article = f"&article={record.article}" if record.article else ""
    return f"{address}?instrument={record.instrument}&renews={record.reference}{days}{article}"


def _timeline(record: ConfirmationRecord) -> list[dict[str, Any]]:
    happened = [
        (record.drafted_at, gettext("Drafted"), record.drafted_by),
        (record.countersigned_at, gettext("Countersigned"), record.countersigned_by),
        (record.refused_at, gettext("Refused"), f"{record.refused_by} · {record.reason}"),
        *(
            (s.recorded_at, gettext(STANCE_WORDS[s.stance]), f"{s.partner} · {s.citation}")
            for s in record.statements
        ),
        (record.suspended_at, gettext("Suspended"), record.suspension_note),
        (record.withdrawn_at, gettext("Withdrawn"), record.reason),
    ]
    dated = sorted(((at, what, who) for at, what, who in happened if at), key=lambda h: h[0])
    return [{"when": words.moment(at), "what": what, "who": who} for at, what, who in dated]


def _known(reference: str | None) -> dict[str, Any] | None:
    """What is known of the instrument, beside the form."""
    register = queries.register()
    one = register.instruments.get(reference or "")
    if one is None:
        return None
    overlay = queries.overlay()
    happenings = history(one, overlay)
    return {
        "one": one,
        "parties": words.parties_of(one),
        "sign": words.sign_of(standing_on(one, clock.today(), overlay, register)),
        "claims": words.claim_rows(happenings),
        "notes": one.notes,
    }


def _drafted(record: ConfirmationRecord) -> str:
    text = gettext("{reference} on {instrument} is drafted; it counts once countersigned.")
    return text.format(reference=record.reference, instrument=record.instrument)
