# SPDX-License-Identifier: Apache-2.0
"""Recalls: what suppliers take back, the chain of holders, and who has answered what so far."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page, require
from comity.accounts.services.answering import attempted, holders
from comity.accounts.services.sending import sent_once
from comity.evidence.forms.ending import (
    CorrectionForm,
    RecallAnswerForm,
    RecallForm,
    pairs,
)
from comity.evidence.pages import described, telling
from comity.evidence.pages.conditions import laid
from comity.evidence.pages.signs import Sign
from comity.evidence.queries import items
from comity.evidence.queries import recalls as queries
from comity.evidence.queries.registers import partners_holding
from comity.evidence.queries.seeing import narrowed_to, require_seen
from comity.evidence.recall import (
    DECIDED,
    DEMAND_WORDS,
    GROUND_WORDS,
    OUTCOME_WORDS,
    Copy,
    Demand,
    Ground,
    Outcome,
    Recall,
)
from comity.evidence.services import correcting, recalling
from comity.handling.marking import read_marking

SIGNS: dict[Outcome, tuple[str, str]] = {
    Outcome.PENDING: ("schedule", "yes-notice"),
    Outcome.DELETED: ("check_circle", "yes"),
    Outcome.CORRECTED: ("check_circle", "yes"),
    Outcome.NARROWED: ("check", "yes-conditions"),
    Outcome.HELD_FOR_LAW: ("lock", "consent"),
    Outcome.NOT_HELD: ("remove_circle", "yes"),
    Outcome.DECLINED: ("do_not_disturb", "no"),
    Outcome.KEPT_FROM_ANOTHER: ("check", "yes-conditions"),
    Outcome.UNKNOWN: ("help", "unknown"),
}


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def recalls(request: HttpRequest) -> HttpResponse:
    """Those asked of us, or ours; unless asked otherwise, the first of these that has any."""
    found, theirs = _asked_for(
        request.GET.get("show", ""), clock.today(), narrowed_to(officer_of(request.user))
    )
    context = {"rows": [_row(one) for one in found], "theirs": theirs}
    return render(request, "evidence/recalls.html", context)


def _asked_for(show: str, today: date, officer: str) -> tuple[tuple[Recall, ...], bool]:
    """The recalls to be shown, and whether they are those that were asked of us."""
    theirs = () if show == "ours" else queries.recalls(ours=False, today=today, officer=officer)
    if theirs or show == "theirs":
        return theirs, True
    ours = queries.recalls(ours=True, today=today, officer=officer)
    return ours, not (ours or show == "ours")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.VIEW_EVIDENCE)
def recall(request: HttpRequest, reference: str) -> HttpResponse:
    """One recall with its chain; who holds the item here answers."""
    one, officer = queries.recall(reference, today=clock.today()), officer_of(request.user)
    require_seen([one.item] if one.item else [], officer)
    decides = not one.ours and one.copy.outcome not in DECIDED - {Outcome.HELD_FOR_LAW}
    may = officer.may(Permission.DECIDE_ON_USE)
    form = RecallAnswerForm(request.POST if request.method == "POST" else None, demand=one.demand)
    if request.method == "POST" and decides and form.is_valid():
        require(officer, Permission.DECIDE_ON_USE)
        done = attempted(form, lambda: _decided(form, reference, officer))
        if done is not None:
            text = gettext("{partner} is told, in a signed message.")
            partner = telling.administration(one.asked_by)
            messages.success(request, text.format(partner=partner))
            return redirect("evidence:recall", reference)
    context = {
        **_row(one),
        "words": queries.demand_of(reference),
        "fields": _corrections(reference),
        "narrowed": _narrowed(reference),
        "form": form if decides and may else None,
        "roles": holders(Permission.DECIDE_ON_USE) if decides and not may else "",
        "chain": _branch(one.copy),
        "own_url": reverse("evidence:item", args=[one.item]) if one.item else "",
        "decided_by": telling.officer(one.decided_by) if one.decided_by else "",
    }
    return render(request, "evidence/recall.html", context)


def _corrections(reference: str) -> list[tuple[str, str]]:
    """What is right instead, field by field."""
    words = described.FIELD_WORDS
    said = queries.demand_of(reference).corrections
    return [(gettext(words[n]) if n in words else n, text) for n, text in said.items()]


def _narrowed(reference: str) -> list[str]:
    """What is laid on the item from now on, a line for each condition."""
    marking = queries.demand_of(reference).marking
    return laid(read_marking(marking), words=True) if marking is not None else []


def _decided(form: RecallAnswerForm, reference: str, officer: Officer) -> Recall:
    given = form.cleaned_data
    return recalling.decide_recall(
        reference,
        Outcome(given["outcome"]),
        given["text"],
        by=officer,
        at=clock.now(),
        until=given["until"],
    )


def _row(one: Recall) -> dict[str, Any]:
    """A recall for the lists and its page. Any: values for the template."""
    settled = sum(copy.outcome in DECIDED for copy in one.copies)
    return {
        "recall": one,
        "demand": gettext(DEMAND_WORDS[one.demand]),
        "ground": gettext(GROUND_WORDS[one.ground]),
        "item": one.item,
        "origin": telling.administration(one.origin),
        "asked_by": telling.administration(one.asked_by) if one.asked_by else "",
        "answered": settled,
        "copies": len(one.copies),
        "unknown": one.count(Outcome.UNKNOWN),
        "due": telling.day(one.answer_by),
        "late": clock.today() > one.answer_by and not one.settled,
        "sign": outcome_sign(one.copy.outcome) if not one.ours else _whole(one),
    }


def _whole(one: Recall) -> Sign:
    if one.settled:
        return Sign(gettext("every copy is accounted for"), "check_circle", "yes")
    if one.count(Outcome.UNKNOWN):
        return Sign(gettext("some copies are unknown"), "help", "unknown")
    return Sign(gettext("answers are awaited"), "schedule", "yes-notice")


def outcome_sign(outcome: Outcome) -> Sign:
    """What became of one copy."""
    return Sign(gettext(OUTCOME_WORDS[outcome]), *SIGNS[outcome])


def _branch(copy: Copy, depth: int = 0) -> list[dict[str, Any]]:
    """The chain as a flat list, each line with how deep it stands. Any: values for the template."""
    return list(_lines(copy, depth))


def _lines(copy: Copy, depth: int) -> Iterator[dict[str, Any]]:
    yield {
        "depth": depth,
        "level": depth + 1,
        "name": telling.administration(copy.administration),
        "sign": outcome_sign(copy.outcome),
        "at": copy.at,
        "until": telling.day(copy.until),
        "verified": getattr(copy, "verified", False),
        "first": depth == 0,
    }
    for holder in copy.holders:
        yield from _lines(holder, depth + 1)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.RELEASE_EVIDENCE)
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back an item that we supplied."""
    item = items.item(reference)
    form = RecallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = officer_of(request.user)
        made = attempted(form, lambda: sent_once(request, lambda: _begun(form, reference, by)))
        if made is not None:
            text = gettext("{reference}: every holder is asked; the answers come in here.")
            messages.success(request, text.format(reference=made))
            return redirect("evidence:recall", made)
    partners = partners_holding(reference)
    names = ", ".join(map(telling.administration, partners))
    context = {
        "form": form,
        "item": item.reference,
        "heading": gettext("Recall it"),
        "lead": gettext(
            "It was passed on to: {holders}. They ask those to whom they gave it."
        ).format(holders=names or gettext("nobody")),
        "submit": gettext("Ask every holder"),
    }
    return render(request, "evidence/item_act.html", context)


def _begun(form: RecallForm, reference: str, officer: Officer) -> str:
    given = form.cleaned_data
    made = recalling.recall(
        reference,
        Demand(given["demand"]),
        Ground(given["ground"]),
        given["text"],
        by=officer,
        at=clock.now(),
        corrections=pairs(given["corrections"]),
        marking=form.marking(),
        answer_by=given["answer_by"],
    )
    return made.reference


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.RELEASE_EVIDENCE)
def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell every partner that holds an item of ours what is right instead."""
    item = items.item(reference)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = officer_of(request.user)
        count = attempted(form, lambda: sent_once(request, lambda: _corrected(form, reference, by)))
        if count is not None:
            text = gettext("{count} holders are told what is right instead.")
            messages.success(request, text.format(count=count))
            return redirect("evidence:item", reference)
    context = {
        "form": form,
        "item": item.reference,
        "heading": gettext("Correct it"),
        "lead": gettext("What was said stays as it was; what is right stands beside it."),
        "submit": gettext("Tell every holder"),
    }
    return render(request, "evidence/item_act.html", context)


def _corrected(form: CorrectionForm, reference: str, officer: Officer) -> str:
    """How many are told."""
    given = form.cleaned_data
    told = correcting.correct(
        reference,
        pairs(given["corrections"]),
        given["text"],
        by=officer,
        at=clock.now(),
        replacement=given["replacement"].strip().upper(),
    )
    return str(len(told))
