# SPDX-License-Identifier: Apache-2.0
"""Erasing a person: whom items are about, and the list by which a second officer lets it happen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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
from comity.evidence.forms.ending import SubjectForm
from comity.evidence.forms.marking import lines
from comity.evidence.lifetime import DestructionList, Subject
from comity.evidence.pages import telling
from comity.evidence.queries import lifetime as queries
from comity.evidence.queries.seeing import hidden_from, require_subject_seen, sees_subject
from comity.evidence.services import erasing


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.VIEW_EVIDENCE)
def subjects(request: HttpRequest) -> HttpResponse:
    """Persons by reference; their names open on their own page, and that is recorded."""
    by = officer_of(request.user)
    form = SubjectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        require(by, Permission.KEEP_EVIDENCE)
        made = attempted(form, lambda: sent_once(request, lambda: _added(form, by)))
        if made is not None:
            return redirect("evidence:subject", made)
    keeps = by.may(Permission.KEEP_EVIDENCE)
    rows = [_row(one) for one in queries.subjects() if sees_subject(one, by)]
    context = {
        "rows": rows,
        "form": form if keeps else None,
        "roles": holders(Permission.KEEP_EVIDENCE),
    }
    return render(request, "evidence/subjects.html", context)


def _added(form: SubjectForm, by: Officer) -> str:
    names = tuple(each.upper() for each in lines(form.cleaned_data["items"]))
    return erasing.add_subject(form.cleaned_data["name"], names, by=by, at=clock.now()).reference


def _row(one: Subject) -> dict[str, Any]:
    return {
        "subject": one,
        "made_by": telling.officer(one.made_by),
        "erased": telling.day(one.erased_at),
    }


@require_http_methods(["GET", "HEAD"])
@officer_page(Permission.VIEW_EVIDENCE)
def subject(request: HttpRequest, reference: str) -> HttpResponse:
    require_subject_seen(reference, officer_of(request.user))
    return _page(request, queries.subject(reference))


@require_POST
@officer_page(Permission.VIEW_EVIDENCE)
def name(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the name: that it was read stands in the journal."""
    opened = erasing.open_name(reference, by=officer_of(request.user), at=clock.now())
    return _page(request, queries.subject(reference), name=opened)


@require_POST
@officer_page(Permission.ERASE_PERSON)
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Draft the erasure; a second person approves it as every destruction."""
    one = queries.subject(reference)
    form = _form(one, request)
    if form.is_valid():
        made = attempted(form, lambda: _drafted(one, form, request))
        if made is not None:
            text = gettext("{reference} waits for a second person.")
            messages.success(request, text.format(reference=made.reference))
            return redirect("evidence:destruction-list", made.reference)
    return _page(request, one, form=form)


def _drafted(one: Subject, form: forms.Form, request: HttpRequest) -> DestructionList:
    given = form.cleaned_data
    asked = [*queries.shared_items(one.reference), *queries.made_from_items_of(one.reference)]
    return erasing.draft_erasure(
        one.reference,
        by=officer_of(request.user),
        at=clock.now(),
        shared=[each for each in asked if given.get(each) == "erase"],
        kept=[each for each in asked if given.get(each) == "keep"],
    )


def _form(one: Subject, request: HttpRequest | None = None) -> forms.Form:
    """For each item that is about others too or was made from one, what becomes of it."""
    form = forms.Form(request.POST if request else None)
    shared, made = (
        gettext("{item} is about others too"),
        gettext("{item} was made from one of them"),
    )
    keep = gettext("keep it: a redacted copy stands in its place")
    keep_made = gettext("keep it: it no longer shows the person")
    for reference in queries.made_from_items_of(one.reference):
        form.fields[reference] = _choice(made.format(item=reference), keep_made)
    for reference in queries.shared_items(one.reference):
        form.fields[reference] = _choice(shared.format(item=reference), keep)
    return form


def _choice(label: str, keep: str) -> forms.ChoiceField:
    erase = gettext("erase it all the same")
    choices = [("", gettext("Choose")), ("erase", erase), ("keep", keep)]
    return forms.ChoiceField(label=label, choices=choices)


def _page(request: HttpRequest, one: Subject, **given: Any) -> HttpResponse:
    """The page of a person. Any: values for the template."""
    by = officer_of(request.user)
    hidden = hidden_from(one.items, by)
    seen = [each for each in one.items if each not in hidden]
    lists = [each for each in queries.destruction_lists() if each.subject == one.reference]
    context = {
        **_row(one),
        "items": [{"item": r, "url": reverse("evidence:item", args=[r])} for r in seen],
        "lists": lists,
        "form": _form(one),
        "may_erase": by.may(Permission.ERASE_PERSON),
        "erasers": holders(Permission.ERASE_PERSON),
        "roles": holders(Permission.APPROVE_DESTRUCTION),
        **given,
    }
    return render(request, "evidence/subject.html", context)
