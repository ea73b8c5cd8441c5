# SPDX-License-Identifier: Apache-2.0
"""Alarms: what a person must look at, with its proof, and closed with a reason."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, holders
from comity.exchange.alarm import Alarm
from comity.exchange.forms.acting import ReasonForm
from comity.exchange.pages import signs, telling
from comity.exchange.queries.alarms import alarm_by_reference, closed_alarms, open_alarms
from comity.exchange.services.alarms import close_alarm
from comity.journal.words import fact_in_words


@require_safe
@officer_page(Permission.VIEW_PARTNERS)
def alarms(request: HttpRequest) -> HttpResponse:
    closed = request.GET.get("show") == "closed"
    found = closed_alarms() if closed else open_alarms()
    context = {"alarms": [row(one) for one in found], "closed": closed}
    return render(request, "exchange/alarms.html", context)


@require_safe
@officer_page(Permission.VIEW_PARTNERS)
def alarm(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, alarm_by_reference(reference), ReasonForm())


@require_safe
@officer_page(Permission.VIEW_PARTNERS)
def proof(request: HttpRequest, reference: str) -> HttpResponse:
    """What the partner signed, as a file to be shown to it."""
    found = alarm_by_reference(reference)
    text = json.dumps(found.as_dict(), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.json"'
    return response


@require_POST
@officer_page(Permission.OPERATE_EXCHANGE)
def close(request: HttpRequest, reference: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        by = officer_of(request.user).acting(Permission.OPERATE_EXCHANGE)
        reason = form.cleaned_data["reason"]
        done = attempted(form, lambda: close_alarm(reference, reason=reason, by=by, at=clock.now()))
        if done is not None:
            text = gettext("{reference} is closed.").format(reference=reference)
            messages.success(request, text)
            return redirect("exchange:alarms")
    return _page(request, alarm_by_reference(reference), form)


def row(one: Alarm) -> dict[str, Any]:
    """One alarm as every list shows it."""
    return {
        "alarm": one,
        "title": gettext(one.words.title),
        "remedy": gettext(one.words.remedy),
        "sign": signs.gravity_sign(one.words.gravity),
        "partner": telling.administration(one.partner) if one.partner else "",
        "url": reverse("exchange:alarm", args=[one.reference]),
    }


def _page(request: HttpRequest, one: Alarm, form: ReasonForm) -> HttpResponse:
    officer = officer_of(request.user)
    context = {
        **row(one),
        "form": form,
        "partner_url": reverse("exchange:partner", args=[one.partner]) if one.partner else "",
        "closed_by": telling.officer(one.closed_by) if one.closed_by else "",
        "message_url": reverse("exchange:message", args=[one.message]) if one.message else "",
        "may_close": officer.may(Permission.OPERATE_EXCHANGE),
        "roles": holders(Permission.OPERATE_EXCHANGE),
        "facts": [(gettext(fact_in_words(name)), value) for name, value in one.facts.items()],
    }
    return render(request, "exchange/alarm.html", context)
