# SPDX-License-Identifier: Apache-2.0
"""What stands between us and a partner, looked for while an officer waits, told in plain words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.services import officer_page
from comity.accounts.services.answering import in_words, language
from comity.catalogues import said
from comity.errors import ComityError
from comity.exchange.diagnosis import Finding
from comity.exchange.pages import partners
from comity.exchange.partner_documents import who_in_words
from comity.exchange.queries.partner_records import partner_record
from comity.exchange.services.diagnosing import diagnose_partner


@require_POST
@officer_page(Permission.OPERATE_EXCHANGE)
def diagnose(request: HttpRequest, code: str) -> HttpResponse:
    """Look now: the limits of every connection keep it below half a minute."""
    record, at = partner_record(code), clock.now()
    found: dict[str, Any] = {"at": at, "findings": [], "obstacle": ""}
    try:
        found["findings"] = [_finding(one) for one in diagnose_partner(code, at=at)]
    except ComityError as error:  # such as a node that may ask nobody outside
        found["obstacle"] = in_words(error)
    if request.headers.get("HX-Request"):
        context = {"code": code, "may": {"operate": True}, "diagnosis": found}
        return render(request, "exchange/diagnosis.html", context)
    return partners.page(request, record, diagnosis=found)


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "code": one.code,
        "says": said(one.says, one.facts, language()),
        "do": said(one.do, one.facts, language()),
        "who": who_in_words(one, language()),
    }
