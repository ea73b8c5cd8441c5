# SPDX-License-Identifier: Apache-2.0
"""Alarms about items: what a person must look at, closed with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.evidence.alarm import Alarm
from comity.evidence.custody import FAULT_WORDS, Fault
from comity.evidence.forms.keeping import ReasonForm
from comity.evidence.hand_over import REFUSAL_WORDS, RefusalReason
from comity.evidence.pages import telling
from comity.evidence.queries.alarms import alarm_by_reference, closed_alarms, open_alarms
from comity.evidence.queries.seeing import hidden_from, require_seen
from comity.evidence.services.alarms import close_alarm

REASONS = {**{f.value: FAULT_WORDS[f] for f in Fault}, **{
    r.value: REFUSAL_WORDS[r] for r in RefusalReason
}}  # fmt: skip


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def alarms(request: HttpRequest) -> HttpResponse:
    closed = request.GET.get("show") == "closed"
    found = closed_alarms() if closed else open_alarms()
    officer = officer_of(request.user)
    may_close = officer.may(Permission.KEEP_EVIDENCE)
    hidden = hidden_from([one.item for one in found], officer)
    shown = [row(one) for one in found if one.item not in hidden]
    context = {"alarms": shown, "closed": closed, "may_close": may_close}
    return render(request, "evidence/alarms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.KEEP_EVIDENCE)
def close(request: HttpRequest, reference: str) -> HttpResponse:
    one = alarm_by_reference(reference)
    require_seen([one.item], officer_of(request.user))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by, reason = officer_of(request.user), form.cleaned_data["reason"]
        done = attempted(form, lambda: close_alarm(reference, reason=reason, by=by, at=clock.now()))
        if done is not None:
            text = gettext("{reference} is closed.").format(reference=reference)
            messages.success(request, text)
            return redirect("evidence:alarms")
    context = row(one)
    context["heading"] = context["title"]
    return render(request, "evidence/alarm.html", {**context, "form": form})


def _root(one: Alarm) -> str:
    """Whose name a seal bears, under which root, and who handed it over; empty for others."""
    if "fingerprint" not in one.facts:
        return ""
    said = gettext("{issuer}, under the root {fingerprint}; from {partner}")
    return said.format(**one.facts)


def row(one: Alarm) -> dict[str, Any]:
    """One alarm as every list shows it."""
    reason = one.facts.get("reason", "")
    return {
        "alarm": one,
        "title": gettext(one.words.title),
        "remedy": gettext(one.words.remedy),
        "because": gettext(REASONS[reason]) if reason in REASONS else _root(one),
        "url": reverse("evidence:close-alarm", args=[one.reference]),
        "item_url": f"{reverse('evidence:item', args=[one.item])}#custody" if one.item else "",
        "closed_by": telling.officer(one.closed_by) if one.closed_by else "",
    }
