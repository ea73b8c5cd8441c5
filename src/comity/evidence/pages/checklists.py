# SPDX-License-Identifier: Apache-2.0
"""The checklist of ISO/IEC 27037 for one item: what its record shows, act by act; it prints."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.evidence.custody import FAULT_WORDS
from comity.evidence.iso27037 import RESULT_WORDS, SOURCE, Result
from comity.evidence.pages.signs import Sign
from comity.evidence.services import way_out
from comity.evidence.services.custody_reports import checklist_of
from comity.evidence.way_out import WayOut

SIGNS: dict[Result, tuple[str, str]] = {
    Result.HOLDS: ("check", "yes"),
    Result.FAILS: ("close", "no"),
    Result.NOT_APPLICABLE: ("remove_circle", "unknown"),
}


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def checklist(request: HttpRequest, reference: str) -> HttpResponse:
    officer, at = officer_of(request.user), clock.now()
    (let,) = way_out.let_out([reference], WayOut.REPORT, by=officer, at=at)
    found = checklist_of(let)
    context = {
        "item": reference,
        "identity": found.identity,
        "complete": found.complete,
        "source": SOURCE,
        "at": at,
        "faults": [gettext(FAULT_WORDS[fault]) for fault in found.faults],
        "rows": [
            {
                "line": line,
                "says": gettext(line.requirement),
                "sign": Sign(gettext(RESULT_WORDS[line.result]), *SIGNS[line.result]),
            }
            for line in found.lines
        ],
    }
    return render(request, "evidence/checklist.html", context)
