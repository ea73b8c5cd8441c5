# SPDX-License-Identifier: Apache-2.0
"""Letters to partners without a node: printed, sent by a person, and what comes back registered."""

from __future__ import annotations

import mimetypes
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.exchange.draft import DraftPart
from comity.exchange.forms.letters import AddressForm, IncomingForm, RegisteredForm, ReturnForm
from comity.exchange.ledger import LedgerRow
from comity.exchange.letter import CHANNEL_WORDS, Return, answer_awaited
from comity.exchange.message_state import MessageState
from comity.exchange.pages import partners, telling
from comity.exchange.partner import Binding
from comity.exchange.queries.letters import (
    DispatchRecord,
    letters_in,
    letters_received,
)
from comity.exchange.queries.messages import message
from comity.exchange.queries.partner_records import partner_record, partner_records
from comity.exchange.services.letters import (
    Incoming,
    letter_of,
    proof_of,
    record_dispatch,
    register_incoming,
    register_return,
)
from comity.exchange.services.partners import change_settings
from comity.exchange.services.posting import keep_part

SAVED_AS = "application/octet-stream"


@require_safe
@officer_page(Permission.VIEW_MESSAGES)
def letters(request: HttpRequest) -> HttpResponse:
    """What waits for a letter, what is on its way, what came in."""
    officer = officer_of(request.user)
    context = {
        "to_send": [telling.ledger_row(row) for row in letters_in(MessageState.QUEUED)],
        "on_their_way": [_awaited(row) for row in letters_in(MessageState.DISPATCHED)],
        "received": [telling.ledger_row(row) for row in letters_received()],
        "without_node": [
            record.partner.code
            for record in partner_records()
            if record.partner.binding is Binding.LETTER
        ],
        "may_send": officer.may(Permission.SEND_MESSAGES),
        "may_administer": officer.may(Permission.ADMINISTER_PARTNERS),
    }
    return render(request, "exchange/letters.html", context)


@require_POST
@officer_page(Permission.SEND_MESSAGES)
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The letter as it is printed; reading it stands in the journal, so it is a button."""
    made = letter_of(reference, by=officer_of(request.user), at=clock.now())
    return render(request, "exchange/letter.html", {"letter": made})


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.SEND_MESSAGES)
def dispatch(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that the letter left, with its proof."""
    form = RegisteredForm(*_given(request), initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        said, by = form.said(_proof(form)), officer_of(request.user)
        number = attempted(form, lambda: record_dispatch(reference, said, by=by, at=clock.now()))
        if number is not None:
            text = gettext("It is recorded that {number} left.").format(number=number)
            messages.success(request, text)
            return redirect("exchange:message", reference)
    context = {"one": message(reference), "form": form, "heading": gettext("Record the dispatch")}
    return render(request, "exchange/letter_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.SEND_MESSAGES)
def came_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Register what came back on a letter."""
    form = ReturnForm(*_given(request), initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        done = attempted(form, lambda: _returned(form, request, reference))
        if done:
            messages.success(request, gettext("It is registered, and stands in the life below."))
            return redirect("exchange:message", reference)
    context = {
        "one": message(reference),
        "form": form,
        "heading": gettext("Register what came back"),
        "answer_url": f"{reverse('exchange:incoming')}?answers={reference}",
    }
    return render(request, "exchange/letter_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.SEND_MESSAGES)
def incoming(request: HttpRequest) -> HttpResponse:
    """Register a letter of a partner."""
    begun = {"on": clock.today(), "answers": request.GET.get("answers", "")}
    if begun["answers"]:
        begun["partner"] = message(str(begun["answers"])).partner
    form = IncomingForm(*_given(request), partners=_without_node(), initial=begun)
    if request.method == "POST" and form.is_valid():
        reference = attempted(form, lambda: _registered(form, request))
        if reference is not None:
            text = gettext("The letter is registered as {reference}.").format(reference=reference)
            messages.success(request, text)
            return redirect("exchange:message", reference)
    context = {"form": form, "heading": gettext("Register a letter that came in")}
    return render(request, "exchange/letter_form.html", context)


@require_POST
@officer_page(Permission.OPERATE_EXCHANGE)
def address(request: HttpRequest, code: str) -> HttpResponse:
    """To whom letters go."""
    form = AddressForm(request.POST, auto_id="address_%s")
    if form.is_valid():
        given, by = dict(form.cleaned_data), officer_of(request.user)
        version = given.pop("version")
        done = attempted(
            form,
            lambda: change_settings(code, by=by, at=clock.now(), version=version, **given),
        )
        if done is not None:
            messages.success(request, gettext("Letters go to this address from now on."))
            return redirect("exchange:partner", code)
    return partners.page(request, partner_record(code), address_form=form)


@require_POST
@officer_page(Permission.VIEW_MESSAGES)  # type: ignore[arg-type]  # it passes streams too
def proof(request: HttpRequest, reference: str, number: int) -> FileResponse:
    """The proof of a line of the register."""
    content = proof_of(reference, number, by=officer_of(request.user), at=clock.now())
    name = f"{reference}-{number}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=SAVED_AS)


def dispatch_row(line: DispatchRecord) -> dict[str, Any]:
    """A line of the register for the message's page."""
    return {"line": line, "channel": gettext(CHANNEL_WORDS[line.channel])}


def _given(request: HttpRequest) -> tuple[Any, ...]:
    """What the browser sent, files too. Any: as Django's forms take it."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _awaited(row: LedgerRow) -> dict[str, Any]:
    until = answer_awaited(row.recorded_at)
    return {**telling.ledger_row(row), "until": until, "late": until < clock.today()}


def _without_node() -> list[tuple[str, str]]:
    return [
        (each.partner.code, each.partner.name)
        for each in partner_records()
        if each.partner.binding is Binding.LETTER
    ]


def _proof(form: RegisteredForm) -> DraftPart | None:
    file = form.cleaned_data.get("proof")
    return _kept(file) if file else None


def _kept(file: Any) -> DraftPart:
    """An uploaded file, kept. Any: Django's own type of it."""
    guessed = mimetypes.guess_type(file.name)[0] or SAVED_AS
    return keep_part(file.file, file.name, guessed)


def _returned(form: ReturnForm, request: HttpRequest, reference: str) -> bool:
    given = form.cleaned_data
    register_return(
        reference,
        Return(given["what"]),
        form.said(_proof(form)),
        by=officer_of(request.user),
        at=clock.now(),
        reason=given["reason"],
    )
    return True


def _registered(form: IncomingForm, request: HttpRequest) -> str:
    given = form.cleaned_data
    scans = tuple(_kept(file) for file in given["scans"])
    one = Incoming(
        partner=given["partner"],
        subject=given["subject"],
        text=given["text"],
        scans=scans,
        their_reference=given["their_reference"],
        case=given["case"],
        answers=given["answers"].strip().upper(),
    )
    said = form.said(scans[0])
    return register_incoming(one, said, by=officer_of(request.user), at=clock.now())
