# SPDX-License-Identifier: Apache-2.0
"""Changing what a case file says: its purpose, its offences, who works on it.

Where the new purpose goes beyond what some items came for, they are named first, and the officer
is asked once more; where it goes beyond none, nobody is asked.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page, require
from comity.accounts.services.answering import attempted
from comity.agreements.verdict import VERDICT_WORDS
from comity.evidence.forms.changing import ChangeCaseForm
from comity.evidence.item import CaseFile
from comity.evidence.pages import telling
from comity.evidence.pages.custody import workers
from comity.evidence.queries import cases as queries
from comity.evidence.queries.cases import UnknownCaseFileError
from comity.evidence.queries.changes import beyond_conditions
from comity.evidence.record_documents import Beyond
from comity.evidence.services import cases as services
from comity.evidence.way_out import REFUSAL_WORDS, IntendedUse


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.VIEW_EVIDENCE)
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """The form; sent, what goes beyond an item's conditions is shown before it is done."""
    officer, file = officer_of(request.user), queries.case_file(reference)
    if not services.may_change_officers(officer):
        require(officer, Permission.USE_EVIDENCE)
        if officer.reference not in file.officers:
            raise UnknownCaseFileError(case=reference)
    given = request.POST if request.method == "POST" else None
    form = ChangeCaseForm(
        given, officers=_offered(file, officer), initial=ChangeCaseForm.values_of(file)
    )
    beyond: tuple[Beyond, ...] = ()
    if request.method == "POST" and form.is_valid():
        beyond = _beyond(file, form, officer)
        asked = ",".join(one.item for one in beyond)
        if not beyond or request.POST.get("known") == asked:
            changed = attempted(form, lambda: _changed(reference, form, officer))
            if changed is not None:
                messages.success(request, _said(len(beyond)))
                return _after(changed, officer)
    context = {
        "case": file,
        "form": form,
        "purpose": telling.word(file.purpose),
        "beyond": [_row(one) for one in beyond],
        "known": ",".join(one.item for one in beyond),
    }
    return render(request, "evidence/change_case.html", context)


def _offered(file: CaseFile, officer: Officer) -> list[tuple[str, str]]:
    """Whoever may work on it, and whoever does; who opened it stays."""
    known = dict(workers(but=officer))
    if officer.may(Permission.USE_EVIDENCE):
        known[officer.reference] = telling.officer(officer.reference)
    for reference in file.officers:
        known.setdefault(reference, telling.officer(reference))
    known.pop(file.opened_by, None)
    return sorted(known.items(), key=lambda each: each[1])


def _beyond(file: CaseFile, form: ChangeCaseForm, officer: Officer) -> tuple[Beyond, ...]:
    """The items that the new purpose goes beyond; none where nothing of it changes."""
    wanted = (form.purpose_meant(), form.offences_meant())
    if wanted == (file.purpose, frozenset(file.offences)):
        return ()
    use = IntendedUse(wanted[0], offences=tuple(sorted(wanted[1])))
    return beyond_conditions(file.reference, use, by=officer, at=clock.now())


def _changed(reference: str, form: ChangeCaseForm, officer: Officer) -> CaseFile:
    version = form.cleaned_data["version"]
    return services.change_case_file(
        reference, form.change(), by=officer, at=clock.now(), version=version, known=True
    )


def _said(count: int) -> str:
    if not count:
        return gettext("The case file is changed; every item in it may be read for its purpose.")
    text = ngettext(
        "The case file is changed; {count} item may not be read for its purpose.",
        "The case file is changed; {count} items may not be read for its purpose.",
        count,
    )
    return text.format(count=count)


def _after(changed: CaseFile, officer: Officer) -> HttpResponse:
    """The case file, unless who changed it left it."""
    if officer.reference in changed.officers or services.may_change_officers(officer):
        return redirect("evidence:case", changed.reference)
    return redirect("evidence:cases")


def _row(one: Beyond) -> dict[str, Any]:
    """One item with why. Any: values for the template."""
    why = REFUSAL_WORDS[one.reason] if one.reason else VERDICT_WORDS[one.verdict]
    return {
        "item": one.item,
        "verdict": one.verdict.value,
        "because": gettext(why),
        "url": reverse("evidence:item", args=[one.item]),
    }
