# SPDX-License-Identifier: Apache-2.0
"""Writing a note with files to a partner: the law answers beside the form, before anything is sent.

Files that were uploaded lie in storage at once and stay with the form, signed for its officer, so
that an obstacle never costs a second upload.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, holders
from comity.agreements.queries import assessed, register
from comity.agreements.queries.why import panel
from comity.agreements.question import Question
from comity.agreements.question_reading import question_of
from comity.exchange.draft import Decision, Draft, DraftPart, Posted
from comity.exchange.forms.composing import NoteForm
from comity.exchange.law import COURSES, Course
from comity.exchange.ledger import LedgerSearch
from comity.exchange.note import NOTE, Note
from comity.exchange.queries.ledger import ledger, partner_choices
from comity.exchange.queries.messages import MessageRecord, message
from comity.exchange.queries.own import kind_named, own_code
from comity.exchange.services import kept_files, officials
from comity.exchange.services.posting import post


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.SEND_MESSAGES)
def compose(request: HttpRequest) -> HttpResponse:
    """The form; sent, the message is posted, or what stands in its way is said beside it."""
    officer = officer_of(request.user)
    if request.method != "POST":
        return _page(request, officer, _form(initial=_begun(request)), ())
    form = _form(request.POST, request.FILES)
    valid = form.is_valid()
    kept = _kept(request, officer) + _taken(form, officer)
    if not valid or request.POST.get("send") != "send":
        return _page(request, officer, form, kept)
    posted = attempted(form, lambda: _post(request, form, kept, officer))
    if posted is None or posted.needs_decision:
        return _page(request, officer, form, kept, undecided=posted is not None)
    _tell(request, posted)
    return redirect("exchange:message", posted.reference)


@require_POST
@officer_page(Permission.SEND_MESSAGES)
def compose_why(request: HttpRequest) -> HttpResponse:
    """The answer of the law alone, for the page that changes as one types."""
    form = _form(request.POST)
    form.is_valid()
    officer = officer_of(request.user)
    return render(request, "exchange/compose_why.html", _answer(form, officer))


def _page(
    request: HttpRequest,
    officer: Officer,
    form: NoteForm,
    kept: tuple[DraftPart, ...],
    **said: Any,
) -> HttpResponse:
    """The composer. Any: values for the template."""
    answer = _answer(form, officer)
    if answer.get("person") and answer.get("may_decide"):
        form.fields["decision"].required = True  # shown as needed; the service asks for it
    context = {
        "form": form,
        "kept": [(part, kept_files.reference_of(part, by=officer)) for part in kept],
        "answered": _answered(form),
        "instruments": sorted(register().instruments),
        "signs": _may_sign(officer),
        **answer,
        **said,
    }
    return render(request, "exchange/compose.html", context)


def _may_sign(officer: Officer) -> dict[str, bool]:
    """Whether this officer can sign beside the node, and whether the kind demands it."""
    key = officials.key_of_official(officer.reference, at=clock.now())
    return {"can": key is not None, "must": kind_named(NOTE).needs_official}


def _form(*given: Any, **settings: Any) -> NoteForm:
    """The form with every partner to whom one may write. Any: what a browser sent."""
    return NoteForm(*given, partners=partner_choices(), **settings)


def _begun(request: HttpRequest) -> dict[str, str]:
    """What the address already says: the partner, or the message that is answered."""
    begun = {name: request.GET.get(name, "") for name in ("to", "case")}
    reference = request.GET.get("answer", "")
    if reference:
        answered = message(reference)
        begun |= {
            "to": answered.partner,
            "in_reply_to": answered.identifier,
            "under": answered.instrument,
        }
    return {name: value for name, value in begun.items() if value}


def _answered(form: NoteForm) -> MessageRecord | None:
    """The message that is answered, if the form names one that the ledger has."""
    identifier = form["in_reply_to"].value()
    if not identifier:
        return None
    found = ledger(LedgerSearch(words=str(identifier)), size=50).rows
    named = [row.reference for row in found if row.identifier == str(identifier)]
    return message(named[0]) if named else None


def _answer(form: NoteForm, officer: Officer) -> dict[str, Any]:
    """What the law says of the form as it stands; what is missing while nobody can say."""
    missing = [
        str(form[name].label)
        for name in ("to", "forms_asked", "purposes")
        if not form[name].value()
    ]
    if missing:
        return {"panel": None, "missing": missing}
    question = _question(form)
    found = attempted(form, lambda: assessed(question)) if question is not None else None
    if found is None:
        return {"panel": None, "missing": [], "obstacles": form.non_field_errors()}
    course = COURSES[found.verdict]
    return {
        "panel": panel(found, officer),
        "goes": course is Course.GO,
        "person": course is Course.PERSON,
        "may_decide": officer.may(Permission.DECIDE_ON_SENDING),
        "deciders": holders(Permission.DECIDE_ON_SENDING),
    }


def _question(form: NoteForm) -> Question | None:
    on = clock.today().isoformat()
    if not form.is_bound:
        return None
    return attempted(form, lambda: question_of(form.question(own=own_code(), on=on)))


def _post(
    request: HttpRequest, form: NoteForm, kept: tuple[DraftPart, ...], officer: Officer
) -> Posted:
    given, at = form.cleaned_data, clock.now()
    reason = given["decision"].strip()
    signs = given["sign"] or kind_named(NOTE).needs_official
    session = request.session.session_key or ""
    handling, caveats = form.marking()
    draft = Draft(
        kind=NOTE,
        to=given["to"],
        body=Note(given["subject"], given["text"]).body(),
        parts=kept,
        question=question_of(form.question(own=own_code(), on=clock.today().isoformat())),
        in_reply_to=str(given["in_reply_to"] or ""),
        handling=handling,
        caveats=caveats,
        case=given["case"],
        official=officer.reference if signs else "",
        decision=Decision(reason, officer) if reason else None,
    )
    key = officials.official_key(by=officer, session=session, at=at) if signs else None
    return post(draft, by=officer, at=at, official_key=key)


def _tell(request: HttpRequest, posted: Posted) -> None:
    if posted.accepted:
        text = gettext("{reference} is accepted and leaves now. Its life is told below.")
        messages.success(request, text.format(reference=posted.reference))
    else:
        text = gettext("{reference} was not accepted for sending, and is kept with the reason.")
        messages.warning(request, text.format(reference=posted.reference))


# Files


def _taken(form: NoteForm, officer: Officer) -> tuple[DraftPart, ...]:
    """The files of this request, kept."""
    files = getattr(form, "cleaned_data", {}).get("parts") or []
    return tuple(kept_files.keep_file(file.file, file.name, by=officer) for file in files)


def _kept(request: HttpRequest, officer: Officer) -> tuple[DraftPart, ...]:
    """The files of earlier requests: only what was kept for this officer."""
    found = []
    for reference in request.POST.getlist("kept"):
        with suppress(kept_files.KeptFileUnknownError):
            found.append(kept_files.kept_file(reference, by=officer))
    return tuple(found)
