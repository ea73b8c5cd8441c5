# SPDX-License-Identifier: Apache-2.0
"""The end of items: holds, what may be kept no longer, lists that a second person approves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, holders
from comity.accounts.services.sending import sent_once
from comity.evidence.forms.ending import DestructionForm, HoldForm
from comity.evidence.lifetime import (
    DESTRUCTION_WORDS,
    ENTRY_WORDS,
    HOLD_WORDS,
    LIST_WORDS,
    DestructionEntry,
    DestructionGround,
    DestructionList,
    EntryOutcome,
    Hold,
    HoldGround,
    ListState,
)
from comity.evidence.pages import opening, telling
from comity.evidence.pages.signs import Sign
from comity.evidence.queries import lifetime as queries
from comity.evidence.queries.retention import RetentionDue, retention_due
from comity.evidence.queries.seeing import narrowed_to
from comity.evidence.services import destroying, holding
from comity.evidence.way_out import WayOut

LIST_SIGNS: dict[ListState, tuple[str, str]] = {
    ListState.DRAFTED: ("person", "person"),
    ListState.DONE: ("check_circle", "yes"),
    ListState.REFUSED: ("do_not_disturb", "no"),
    ListState.WITHDRAWN: ("undo", "unknown"),
}
ENTRY_SIGNS: dict[EntryOutcome, tuple[str, str]] = {
    EntryOutcome.PENDING: ("schedule", "yes-notice"),
    EntryOutcome.DESTROYED: ("delete", "none"),
    EntryOutcome.HELD: ("lock", "consent"),
    EntryOutcome.GONE_BEFORE: ("history", "unknown"),
}

# Legal holds


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def holds(request: HttpRequest) -> HttpResponse:
    lifted = request.GET.get("show") == "lifted"
    officer = officer_of(request.user)
    known = queries.holds(standing=not lifted, officer=narrowed_to(officer))
    found = [one for one in known if one.stands != lifted]
    context = {
        "rows": [_hold_row(one, officer) for one in found],
        "lifted": lifted,
        "may_hold": officer.may(Permission.HOLD_EVIDENCE),
        "roles": holders(Permission.HOLD_EVIDENCE),
    }
    return render(request, "evidence/holds.html", context)


def _hold_row(one: Hold, officer: Officer) -> dict[str, Any]:
    page = "evidence:item" if one.item else "evidence:case"
    return {
        "hold": one,
        "target": one.item or one.case,
        "url": reverse(page, args=[one.item or one.case]),
        "ground": gettext(HOLD_WORDS[one.ground]),
        "reason": queries.reason_of_hold(one.reference),
        "placed_by": telling.officer(one.placed_by),
        "lifted_by": telling.officer(one.lifted_by) if one.lifted_by else "",
        "may_lift": one.stands and officer.may(Permission.HOLD_EVIDENCE),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.HOLD_EVIDENCE)
def hold(request: HttpRequest) -> HttpResponse:
    """Place a legal hold, which beats every destruction."""
    initial = {"target": request.GET.get("target", "")}
    form = HoldForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempted(form, lambda: _placed(form, officer_of(request.user)))
        if made is not None:
            text = gettext("{reference} stands: nothing destroys what it is on.")
            messages.success(request, text.format(reference=made.reference))
            return redirect("evidence:holds")
    return render(request, "evidence/hold.html", {"form": form})


def _placed(form: HoldForm, officer: Officer) -> Hold:
    given, target = form.cleaned_data, form.cleaned_data["target"]
    on_item = target.upper().startswith("ITM-")
    return holding.place_hold(
        HoldGround(given["ground"]),
        given["reason"],
        by=officer,
        at=clock.now(),
        item=target.upper() if on_item else "",
        case="" if on_item else target,
    )


@require_POST
@officer_page(Permission.HOLD_EVIDENCE)
def lift(request: HttpRequest, reference: str) -> HttpResponse:
    """Lift a hold."""
    holding.lift_hold(reference, by=officer_of(request.user), at=clock.now())
    messages.success(request, gettext("{hold} is lifted.").format(hold=reference))
    return redirect("evidence:holds")


# Destruction


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def destruction(request: HttpRequest) -> HttpResponse:
    """What may be kept no longer, and the lists with their two persons."""
    due = retention_due(clock.today())
    context = {
        "due": [_due_row(one) for one in due],
        "lists": [_list_row(one) for one in queries.destruction_lists()],
        "may_draft": officer_of(request.user).may(Permission.KEEP_EVIDENCE),
        "free": any(not one.hold for one in due),
        "roles": holders(Permission.APPROVE_DESTRUCTION),
    }
    return render(request, "evidence/destruction.html", context)


def _due_row(one: RetentionDue) -> dict[str, Any]:
    return {
        "due": one,
        "on": telling.day(one.on),
        "url": reverse("evidence:item", args=[one.item]),
        "source": one.source or gettext("the supplier's day"),
    }


def _list_row(one: DestructionList) -> dict[str, Any]:
    return {
        "list": one,
        "sign": Sign(gettext(LIST_WORDS[one.state]), *LIST_SIGNS[one.state]),
        "drafted_by": telling.officer(one.drafted_by),
        "decided_by": telling.officer(one.decided_by) if one.decided_by else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.KEEP_EVIDENCE)
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a list of what is to be destroyed; a second person decides."""
    officer = officer_of(request.user)
    form = DestructionForm(
        request.POST if request.method == "POST" else None, items=_offered(request, officer)
    )
    if request.method == "POST" and form.is_valid():
        made = attempted(form, lambda: sent_once(request, lambda: _drafted(form, officer)))
        if made is not None:
            text = gettext("{reference} waits for a second person.")
            messages.success(request, text.format(reference=made))
            return redirect("evidence:destruction-list", made)
    return render(request, "evidence/draft_destruction.html", {"form": form})


def _drafted(form: DestructionForm, officer: Officer) -> str:
    return destroying.draft(form.grounds(), by=officer, at=clock.now()).reference


def _offered(request: HttpRequest, officer: Officer) -> list[tuple[str, str, DestructionGround]]:
    """The items that may be put on a list: those that are due, and those that were named."""
    due = {one.item: one for one in retention_due(clock.today()) if not one.hold}
    named = [each.strip().upper() for each in request.GET.get("item", "").split(",")]
    references = list(dict.fromkeys([*due, *(each for each in named if each)]))
    shown = opening.shown(references, WayOut.PAGE, officer, at=clock.now())
    return [
        (
            reference,
            f"{shown[reference].title} ({reference})" if shown[reference].title else reference,
            DestructionGround.RETENTION_OVER
            if reference in due
            else DestructionGround.PURPOSE_FULFILLED,
        )
        for reference in references
    ]


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def destruction_list(request: HttpRequest, reference: str) -> HttpResponse:
    """One list: what stands on it, who drafted and who decides, what became of each line."""
    one, officer = queries.destruction_list(reference), officer_of(request.user)
    waits = one.state is ListState.DRAFTED
    approves = officer.may(Permission.APPROVE_DESTRUCTION)
    own = officer.reference == one.drafted_by
    context = {
        "one": one,
        "sign": Sign(gettext(LIST_WORDS[one.state]), *LIST_SIGNS[one.state]),
        "rows": [_entry(each) for each in one.entries],
        "drafted_by": telling.officer(one.drafted_by),
        "decided_by": telling.officer(one.decided_by) if one.decided_by else "",
        "approve": waits and approves and not own,
        "not_own": waits and approves and own,
        "not_role": waits and not approves,
        "withdraw": waits and own,
        "roles": holders(Permission.APPROVE_DESTRUCTION),
    }
    return render(request, "evidence/destruction_list.html", context)


def _entry(one: DestructionEntry) -> dict[str, Any]:
    held = queries.holds_on(one.item) if one.outcome is EntryOutcome.PENDING else ()
    return {
        "entry": one,
        "ground": gettext(DESTRUCTION_WORDS[one.ground]),
        "sign": Sign(gettext(ENTRY_WORDS[one.outcome]), *ENTRY_SIGNS[one.outcome]),
        "url": reverse("evidence:item", args=[one.item]),
        "hold": one.hold or (held[0].reference if held else ""),
    }


@require_POST
@officer_page(Permission.APPROVE_DESTRUCTION)
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """The second person approves: what no hold stands against is destroyed now, for good."""
    version = request.POST.get("version", "")
    done = destroying.approve(
        reference,
        by=officer_of(request.user),
        at=clock.now(),
        version=int(version) if version.isdecimal() else None,
    )
    count = sum(each.outcome is EntryOutcome.DESTROYED for each in done.entries)
    text = gettext("{reference} is carried out: {count} destroyed. Their proofs are kept.")
    messages.success(request, text.format(reference=reference, count=count))
    return redirect("evidence:destruction-list", reference)


@require_POST
@officer_page(Permission.APPROVE_DESTRUCTION)
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """The second person refuses: nothing on the list is destroyed by it."""
    destroying.refuse(reference, by=officer_of(request.user), at=clock.now())
    messages.success(request, gettext("The list is refused; everything on it is kept."))
    return redirect("evidence:destruction-list", reference)


@require_POST
@officer_page(Permission.VIEW_EVIDENCE)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Who drafted the list takes it back."""
    destroying.withdraw(reference, by=officer_of(request.user), at=clock.now())
    messages.success(request, gettext("The list is withdrawn; everything on it is kept."))
    return redirect("evidence:destruction-list", reference)
