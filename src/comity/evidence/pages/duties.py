# SPDX-License-Identifier: Apache-2.0
"""The calendar of obligations: whose duty, until when, under which article, ended by which act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.agreements.obligations import OBLIGATIONS
from comity.evidence.duty_calendar import MEDIA_TYPE, calendar_file
from comity.evidence.obligation import STATE_WORDS, Duty, DutyState
from comity.evidence.pages import conditions, telling
from comity.evidence.pages.signs import Sign
from comity.evidence.queries.obligations import calendar, duty
from comity.evidence.queries.seeing import narrowed_to, require_seen
from comity.evidence.services import way_out
from comity.evidence.services.duties import discharge_duty
from comity.evidence.way_out import WayOut

SIGNS: dict[DutyState, tuple[str, str]] = {
    DutyState.OPEN: ("schedule", "yes-notice"),
    DutyState.WARNED: ("warning", "consent"),
    DutyState.OVERDUE: ("priority_high", "no"),
    DutyState.DISCHARGED: ("check_circle", "yes"),
    DutyState.DISCHARGED_LATE: ("check", "person"),
    DutyState.RELEASED: ("undo", "unknown"),
}
CHIPS: dict[DutyState, str] = {DutyState.WARNED: "soon", DutyState.OVERDUE: "overdue"}


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def obligations(request: HttpRequest) -> HttpResponse:
    """Ours, theirs, or those that ended; unless asked otherwise, ours where there are any."""
    officer = officer_of(request.user)
    found, shown = _asked_for(request.GET.get("show", ""), narrowed_to(officer))
    context = {
        "rows": [row(one) for one in found],
        "shown": shown,
        "may_discharge": officer.may(Permission.USE_EVIDENCE),
    }
    return render(request, "evidence/obligations.html", context)


def _asked_for(show: str, officer: str) -> tuple[tuple[Duty, ...], str]:
    """The duties to be shown, and which they are."""
    if show == "ended":
        return tuple(one for one in calendar(ended=True, officer=officer) if not one.live), show
    ours = calendar(ours=True, officer=officer) if show != "theirs" else ()
    if ours or show == "ours":
        return ours, "ours"
    theirs = calendar(ours=False, officer=officer)
    return theirs, "theirs" if theirs or show == "theirs" else "ours"


@require_POST
@officer_page(Permission.USE_EVIDENCE)
def discharge(request: HttpRequest, reference: str) -> HttpResponse:
    """Record by hand that a duty was done elsewhere."""
    source, officer = request.POST.get("source", "").strip()[:24], officer_of(request.user)
    require_seen([duty(reference).item], officer)
    discharge_duty(reference, source, by=officer, at=clock.now())
    messages.success(request, gettext("Recorded as done."))
    return redirect("evidence:obligations")


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def save(request: HttpRequest) -> HttpResponse:
    """What is owed for the items that the officer may read, for the calendar of another program."""
    officer, at, owed = officer_of(request.user), clock.now(), calendar()
    lets = way_out.let_out([one.item for one in owed], WayOut.REPORT, by=officer, at=at)
    given = [one for one, let in zip(owed, lets, strict=True) if let.permitted]
    response = HttpResponse(calendar_file(given, _kind, at=at), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = 'attachment; filename="obligations.ics"'
    return response


def _kind(code: str) -> str:
    return gettext(OBLIGATIONS[code]) if code in OBLIGATIONS else code


def chips(item: str) -> list[dict[str, Any]]:
    """What is due for an item, for the clock chips. Any: values for the template."""
    return [row(one) for one in calendar(item=item)]


def row(one: Duty) -> dict[str, Any]:
    """One duty. Any: values for the template."""
    return {
        "duty": one,
        "what": _kind(one.code),
        "due": telling.day(one.due_on) or gettext("no day is set"),
        "days": days_left(one),
        "state": CHIPS.get(one.state, "running"),
        "sign": Sign(gettext(STATE_WORDS[one.state]), *SIGNS[one.state]),
        "debtor": gettext("our administration")
        if one.ours
        else telling.administration(one.counterpart),
        "counterpart": telling.administration(one.counterpart) if one.counterpart else "",
        "instrument_url": conditions.instrument_url(one.instrument),
        "url": reverse("evidence:item", args=[one.item]),
    }


def days_left(one: Duty) -> str:
    """Days until it is due, or since."""
    left = one.days_left(clock.today()) if one.live else None
    if left is None:
        return ""
    if left < 0:
        return ngettext("{days} day late", "{days} days late", -left).format(days=-left)
    if left == 0:
        return gettext("today")
    return ngettext("{days} day left", "{days} days left", left).format(days=left)
