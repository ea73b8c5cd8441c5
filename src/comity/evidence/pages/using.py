# SPDX-License-Identifier: Apache-2.0
"""Using an item: the law answers for one purpose, and the page offers the one act that comes next.

Told first, asked first, decided by a person, or recorded at once: whichever it is, the others are
shown as what they are, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page, require
from comity.accounts.services.answering import attempted, holders
from comity.accounts.services.sending import sent_once
from comity.agreements.queries.why import panel
from comity.agreements.question import Proceeding, Recipient
from comity.agreements.verdict import NoticeTiming, Verdict
from comity.evidence.forms.using import (
    ConsentForm,
    NoticeForm,
    PersonsDecisionForm,
    RulingForm,
    UseForm,
    WantedForm,
)
from comity.evidence.item import Item
from comity.evidence.pages import opening, said
from comity.evidence.queries import items as queries
from comity.evidence.queries import statements
from comity.evidence.queries.cases import case_file
from comity.evidence.queries.seeing import require_seen
from comity.evidence.services import consents, deciding, notices, rulings_of_courts, using
from comity.evidence.services.using import Position
from comity.evidence.use import Scope
from comity.evidence.use_messages import Occasion, RulingOutcome
from comity.evidence.way_out import IntendedUse, WayOut
from comity.reference.taxonomy import Purpose, code_of


class Next(StrEnum):
    """What an officer can do about a use now."""

    USE = "use"
    NOTICE = "notice"
    CONSENT = "consent"
    PERSON = "person"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the item is wanted for, and how the law stands on it."""

    purpose: Purpose
    proceeding: Proceeding
    position: Position

    @property
    def scope(self) -> Scope:
        """What a notice or a consent would speak of."""
        return Scope(Occasion.USE, self.purpose, self.proceeding)

    @property
    def next(self) -> Next:
        """The act that comes next."""
        found = self.position.determination
        if found is None or self.position.allowed_now:
            return Next.USE
        if found.permitted and found.notice is NoticeTiming.BEFORE:
            return Next.NOTICE
        if found.verdict is Verdict.PRIOR_CONSENT:
            return Next.CONSENT
        if found.verdict is Verdict.PERSON_MUST_DECIDE:
            return Next.PERSON
        return Next.NOTHING


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.VIEW_EVIDENCE)
def use(request: HttpRequest, reference: str) -> HttpResponse:
    """The answer of the law for a purpose; sent, the act that comes next is done."""
    item, officer = queries.item(reference), officer_of(request.user)
    wanted = _wanted(item, request.POST if request.method == "POST" else request.GET)
    form = _form(wanted, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form is not None and form.is_valid():
        require(officer, Permission.USE_EVIDENCE)
        done = attempted(
            form, lambda: sent_once(request, lambda: ACTS[wanted.next](item, wanted, form, officer))
        )
        if done is not None:
            messages.success(request, done)
            query = f"purpose={wanted.purpose}&proceeding={wanted.proceeding}"
            return redirect(f"{reverse('evidence:use', args=[reference])}?{query}")
    return _page(request, item, wanted, form, officer)


def _wanted(item: Item, asked: QueryDict) -> Wanted:
    """What is asked for; the purpose of the item's case where nothing is."""
    purpose, proceeding = asked.get("purpose", ""), asked.get("proceeding", "")
    if purpose not in frozenset(Purpose):
        purpose = case_file(item.case).purpose if item.case else Purpose.ADMIN_ENQUIRY
    if proceeding not in frozenset(Proceeding):
        proceeding = USUAL_PROCEEDING.get(Purpose(purpose), Proceeding.NONE)
    scope = Scope(Occasion.USE, Purpose(purpose), Proceeding(proceeding))
    offences = case_file(item.case).offences if item.case else ()
    found = using.position(item.reference, scope, on=clock.today(), offences=offences)
    return Wanted(scope.purpose, scope.proceeding, found)


USUAL_PROCEEDING: dict[Purpose, Proceeding] = {
    Purpose.CRIMINAL_EVIDENCE: Proceeding.CRIMINAL,
    Purpose.CIVIL_JUDICIAL: Proceeding.CIVIL,
    Purpose.ADMIN_PROCEEDING: Proceeding.ADMINISTRATIVE,
}
"""The proceeding that a purpose speaks of."""


def _form(wanted: Wanted, given: QueryDict | None) -> forms.Form | None:
    """The form of the act that comes next; None where no form does it."""
    kind = FORMS.get(wanted.next)
    if kind is None:
        return None
    initial = {
        "purpose": wanted.purpose,
        "proceeding": wanted.proceeding,
        "occasion": Occasion.USE,
        "on": clock.today(),
    }
    return kind(given, initial=initial)


FORMS: dict[Next, type[forms.Form]] = {
    Next.USE: UseForm,
    Next.NOTICE: NoticeForm,
    Next.CONSENT: ConsentForm,
}


def _page(
    request: HttpRequest, item: Item, wanted: Wanted, form: forms.Form | None, officer: Officer
) -> HttpResponse:
    shown = opening.shown([item.reference], WayOut.PAGE, officer, at=clock.now())[item.reference]
    found = wanted.position.determination
    context = {
        "item": item,
        "title": shown.title,
        "handling": opening.banner([shown.let.marking]),
        "wanted_form": WantedForm(
            initial={"purpose": wanted.purpose, "proceeding": wanted.proceeding}
        ),
        "panel": panel(found, officer) if found is not None else None,
        "next": wanted.next.value,
        "form": form,
        "supplier": wanted.position.channel.supplier,
        "may_use": officer.may(Permission.USE_EVIDENCE),
        "roles": holders(Permission.USE_EVIDENCE),
        "deciders": holders(Permission.DECIDE_ON_USE),
        "decision_form": _decision(wanted)
        if wanted.next is Next.PERSON and officer.may(Permission.DECIDE_ON_USE)
        else None,
        "decision_url": reverse("evidence:decide", args=[item.reference]),
        "said": said.of_item(item.reference),
    }
    return render(request, "evidence/use.html", context)


def _decision(wanted: Wanted) -> PersonsDecisionForm:
    return PersonsDecisionForm(initial={"purpose": wanted.purpose, "proceeding": wanted.proceeding})


@require_POST
@officer_page(Permission.DECIDE_ON_USE)
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """A person decides, with a reason; it counts for this item, purpose and proceeding alone."""
    form = PersonsDecisionForm(request.POST)
    if form.is_valid():
        done = attempted(form, lambda: _decided(reference, form, officer_of(request.user)))
        if done is not None:
            messages.success(request, gettext("Your decision stands, with its reason."))
            return redirect("evidence:item", reference)
    for error in [*form.non_field_errors(), *(e for each in form for e in each.errors)]:
        messages.error(request, error)
    return redirect("evidence:item", reference)


def _decided(
    reference: str, form: PersonsDecisionForm, officer: Officer
) -> deciding.PersonsDecision:
    given = form.cleaned_data
    wanted = IntendedUse(
        code_of(Purpose, given["purpose"]), Proceeding(given["proceeding"] or Proceeding.NONE)
    )
    return deciding.decide_on_use(
        reference,
        wanted,
        permitted=given["permitted"] == "yes",
        reason=given["reason"],
        by=officer,
        at=clock.now(),
        until=given["until"],
    )


def _use(item: Item, wanted: Wanted, form: forms.Form, officer: Officer) -> str:
    given = form.cleaned_data
    made = using.record_use(
        item.reference,
        wanted.purpose,
        wanted.proceeding,
        given["forum"],
        by=officer,
        at=clock.now(),
        on=given["on"],
    )
    text = gettext("The use is recorded as {reference}; what follows from it stands below.")
    return text.format(reference=made.reference)


def _notice(item: Item, wanted: Wanted, form: forms.Form, officer: Officer) -> str:
    given = form.cleaned_data
    made = notices.send_notice(
        item.reference,
        _scope(given),
        given["text"],
        by=officer,
        at=clock.now(),
        on=given["on"],
        supplier=wanted.position.channel.supplier,
    )
    text = gettext("{partner} is told, in {message}. Once it has left, the use is allowed.")
    return text.format(partner=made.partner, message=made.message)


def _consent(item: Item, wanted: Wanted, form: forms.Form, officer: Officer) -> str:
    given = form.cleaned_data
    made = consents.ask_consent(
        item.reference,
        _scope(given),
        given["text"],
        by=officer,
        at=clock.now(),
        until=given["until"],
        supplier=wanted.position.channel.supplier,
    )
    text = gettext("{partner} is asked, in {message}; the answer comes to your desk.")
    return text.format(partner=made.partner, message=made.message)


def _scope(given: dict[str, Any]) -> Scope:
    """What a notice or a request speaks of. Any: values of several fields."""
    recipient = given["recipient"]
    return Scope(
        Occasion(given["occasion"]),
        Purpose(given["purpose"]),
        Proceeding(given["proceeding"]),
        Recipient(recipient) if recipient else None,
        given["recipient_code"].strip(),
    )


ACTS: dict[Next, Callable[[Item, Wanted, Any, Officer], str]] = {
    Next.USE: _use,
    Next.NOTICE: _notice,
    Next.CONSENT: _consent,
}


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.USE_EVIDENCE)
def ruling(request: HttpRequest, reference: str) -> HttpResponse:
    """What a court decided on an item in use; its supplier is told."""
    use_made = statements.use(reference)
    require_seen([use_made.item], officer_of(request.user))
    initial = {"proceeding": use_made.proceeding, "on": clock.today()}
    form = RulingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempted(
            form,
            lambda: rulings_of_courts.record_ruling(
                reference,
                RulingOutcome(given["outcome"]),
                given["on"],
                given["text"],
                by=officer_of(request.user),
                at=clock.now(),
            ),
        )
        if made is not None:
            messages.success(request, gettext("The ruling is recorded, and its supplier told."))
            return redirect("evidence:item", use_made.item)
    context = {
        "form": form,
        "item": use_made.item,
        "heading": gettext("A court's ruling"),
        "lead": gettext("What became of the item before the court is told to whoever supplied it."),
        "submit": gettext("Record it"),
    }
    return render(request, "evidence/item_act.html", context)
