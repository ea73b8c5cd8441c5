# SPDX-License-Identifier: Apache-2.0
"""Ask: may we? The five questions with the Why panel, and assessments kept and recomputed.

A question is put by GET and leaves no trace; keeping the answer is an act of its own.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, beside, keys
from comity.agreements import queries, services
from comity.agreements.forms.asking import QUESTION_FORMS, QUESTION_WORDS, QuestionForm
from comity.agreements.pages import questions
from comity.agreements.pages.answering import shown, suggestions
from comity.agreements.queries import why
from comity.agreements.question import Question
from comity.agreements.question_reading import kind_of, question_of
from comity.agreements.records import AssessmentRecord

OURS = {"ask": "asker", "release": "supplier"}
"""The field of each question that names this node's own administration; `holder` otherwise."""


@require_safe
@officer_page(Permission.ASSESS)
def assess(request: HttpRequest) -> HttpResponse:
    form = _form(request.GET)
    context = {
        **_position(form, officer_of(request.user)),
        "kind": form.kind,
        "kinds": [(kind, gettext(word)) for kind, word in QUESTION_WORDS.items()],
        "form": form,
        "question": gettext(QUESTION_WORDS[form.kind]),
        **suggestions(),
    }
    return shown(request, "assess", context)


@require_safe
@officer_page(Permission.ASSESS)
def assess_why(request: HttpRequest) -> HttpResponse:
    """The Why panel alone, for the page that changes as one types."""
    form = _form(request.GET)
    context = {**_position(form, officer_of(request.user)), "kind": form.kind, "form": form}
    response = shown(request, "assess_why", context)
    response["HX-Replace-Url"] = f"{reverse('agreements:assess')}?{request.GET.urlencode()}"
    return response


@require_POST
@officer_page(Permission.ASSESS)
def keep(request: HttpRequest) -> HttpResponse:
    form = _form(request.POST)
    question = _question(form)
    by = officer_of(request.user)
    made = (
        attempted(form, lambda: services.assess(question, by=by, at=clock.now()))
        if question is not None
        else None
    )
    if made is None:
        return redirect(f"{reverse('agreements:assess')}?{_query(request.POST)}")
    text = gettext("{reference} is kept and stands in the journal.")
    messages.success(request, text.format(reference=made.record.reference))
    return redirect("agreements:assessment", made.record.reference)


@require_safe
@officer_page(Permission.ASSESS)
def assessments(request: HttpRequest) -> HttpResponse:
    own = request.GET.get("whose") == "mine"
    officer = officer_of(request.user)
    page = queries.assessments(assessed_by=officer.reference if own else "", **keys(request.GET))
    rows = [_row(record) for record in page.rows]
    return shown(request, "assessments", {"rows": rows, "own": own, **beside(request.GET, page)})


@require_safe
@officer_page(Permission.ASSESS)
def assessment(request: HttpRequest, reference: str) -> HttpResponse:
    replay = queries.replayed(reference)
    officer = officer_of(request.user)
    question = question_of(replay.record.question)
    context = {
        **_row(replay.record),
        "replay": replay,
        "then": why.panel(replay.determination, officer),
        "now": why.panel(replay.now, officer),
        "changed": replay.now.verdict is not replay.record.verdict,
        "parts": questions.question_parts(question),
        "again": f"{reverse('agreements:assess')}?{why.query_of(question)}",
    }
    return shown(request, "assessment", context)


def _form(given: QueryDict) -> QuestionForm:
    """The form of the question asked, with this node's own administration where none is named."""
    kind = given.get("kind", "ask")
    form = QUESTION_FORMS.get(kind, QUESTION_FORMS["ask"])
    data = given.copy()
    data.setdefault("on", clock.today().isoformat())
    data.setdefault(OURS.get(form.kind, "holder"), queries.own_administration())
    return form(data)


def _question(form: QuestionForm) -> Question | None:
    """The question, once every needed field is there and can be read."""
    if not form.is_valid():
        return None
    return attempted(form, lambda: question_of(form.document()))


def _position(form: QuestionForm, officer: Any) -> dict[str, Any]:
    """The answer for the panel; what is still missing while the question is not whole."""
    question = _question(form)
    if question is None:
        missing = [form[name].label for name in form.errors if name in form.fields]
        for name in [name for name in form.fields if form.has_error(name, "required")]:
            del form.errors[name]  # what is still to be typed is no mistake: the panel lists it
        return {"panel": None, "missing": missing, "obstacles": form.non_field_errors()}
    found = attempted(form, lambda: queries.assessed(question))
    if found is None:
        return {"panel": None, "missing": [], "obstacles": form.non_field_errors()}
    return {"panel": why.panel(found, officer), "document": why.query_of(question)}


def _query(given: QueryDict) -> str:
    kept = given.copy()
    kept.pop("csrfmiddlewaretoken", None)
    return kept.urlencode()


def _row(record: AssessmentRecord) -> dict[str, Any]:
    question = question_of(record.question)
    return {
        "record": record,
        "question": gettext(QUESTION_WORDS[kind_of(question)]),
        "who": questions.parties_of_question(question),
    }
