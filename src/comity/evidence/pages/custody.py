# SPDX-License-Identifier: Apache-2.0
"""Custody as a timeline, its acts by hand, and hand-overs that both sides confirm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission, roles_with
from comity.accounts.queries import officer_of, officer_records
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.evidence.custody import (
    ACT_WORDS,
    BY_HAND,
    FAULT_WORDS,
    Custody,
    CustodyAct,
    CustodyEvent,
    CustodyWords,
    Finding,
)
from comity.evidence.forms.keeping import CustodyForm, HandOverForm, RefusalForm
from comity.evidence.hand_over import HandOver, RefusalReason
from comity.evidence.item import Item, ItemState
from comity.evidence.pages import signs, telling
from comity.evidence.queries import custody as queries
from comity.evidence.queries import items
from comity.evidence.queries.keys import ItemErasedError
from comity.evidence.services import custody as services
from comity.evidence.services import handing_over, integrity
from comity.evidence.services.custody_reports import custody_report
from comity.evidence.way_out import Let
from comity.exchange.queries.ledger import partner_choices
from comity.reference.taxonomy import Purpose

MOST_OFFICERS = 500


def of_item(item: Item, let: Let, officer: Officer) -> dict[str, Any]:
    """The custody for the `custody` include. Any: values for the template."""
    found, words = _read(item, let)
    return {
        "sign": signs.certifiable_sign(item),
        "findings": list(dict.fromkeys(_finding(each) for each in found.findings)),
        "steps": _steps(found, words, journal=officer.may(Permission.VIEW_JOURNAL)),
        "acts": _acts(item, officer),
    }


def _read(item: Item, let: Let) -> tuple[Custody, Mapping[int, CustodyWords]]:
    """The custody, with what was written of its acts where the item may be seen and is there."""
    if let.permitted:
        with suppress(ItemErasedError):
            report = custody_report(let)
            return report.custody, report.words
    return queries.custody(item.reference), {}


def _steps(
    found: Custody, words: Mapping[int, CustodyWords], *, journal: bool
) -> list[dict[str, Any]]:
    wrong: dict[int, list[str]] = defaultdict(list)
    for finding in found.findings:
        wrong[finding.number].append(_finding(finding))
    steps = [_step(event, words.get(event.number), wrong[event.number]) for event in found.events]
    if journal:
        for step in steps:
            step["journal_url"] = f"{reverse('desk:journal')}?subject={found.item}"
    return steps


def _step(event: CustodyEvent, words: CustodyWords | None, wrong: list[str]) -> dict[str, Any]:
    counterpart = (words.counterpart if words else "") or _who(event.counterpart)
    return {
        "number": event.number,
        "at": event.at,
        "what": gettext(ACT_WORDS[event.act]),
        "by": telling.author(event.by, event.authority),
        "authority": event.authority,
        "findings": wrong,
        "reason": words.reason if words else "",
        "place": words.place if words else "",
        "counterpart": counterpart,
        "with_person": bool(words and words.counterpart) or event.counterpart.startswith("OFF-"),
        "marks": words.marks if words else (),
        "purpose": telling.word(Purpose(event.purpose))
        if event.purpose in frozenset(Purpose)
        else event.purpose,
        "digest": event.digest,
        "previous": event.previous,
        "before": event.digest_before,
        "after": event.digest_after,
        "proved": not wrong,
    }


def _who(reference: str) -> str:
    """Who stood on the other side: an officer of ours, or an administration."""
    if not reference or reference.startswith("OFF-"):
        return telling.officer(reference) if reference else ""
    return telling.administration(reference) if len(reference) <= 3 else reference


def _finding(one: Finding) -> str:
    words = gettext(FAULT_WORDS[one.fault])
    if one.number:
        return gettext("{what} (act {number})").format(what=words, number=one.number)
    return words


def _acts(item: Item, officer: Officer) -> list[dict[str, Any]]:
    """What can be done in custody, and why not where it cannot be done now."""
    if not officer.may(Permission.KEEP_EVIDENCE):
        return []
    gone = gettext("It was destroyed.") if item.state is ItemState.DESTROYED else ""
    waits = any(each.waits for each in queries.hand_overs(item.reference))
    under_way = gettext("A hand-over waits for its answer.") if waits else ""
    reference = item.reference
    return [
        act(gettext("Record an act"), "evidence:custody-act", reference, because=gone),
        act(gettext("Hand it over"), "evidence:hand-over", reference, because=gone or under_way),
        act(gettext("Checklist (ISO/IEC 27037)"), "evidence:checklist", reference),
    ]


def act(label: str, page: str, *parts: str, because: str = "") -> dict[str, Any]:
    """An act as a link, or as what it is with the reason why not now."""
    url = "" if because else reverse(page, args=parts)
    return {"label": label, "url": url, "because": because, "id": f"not-{page[9:]}"}


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.KEEP_EVIDENCE)
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """An act of custody by hand."""
    item = items.item(reference)
    given = request.POST if request.method == "POST" else None
    known = {"version": queries.custody(reference).events[-1].number}
    form = CustodyForm(given, acts=BY_HAND, initial=known)
    if request.method == "POST" and form.is_valid():
        officer = officer_of(request.user)
        done = attempted(form, lambda: _recorded(form, reference, officer))
        if done is not None:
            text = gettext("Recorded as act {number} of its custody.")
            messages.success(request, text.format(number=done.number))
            return redirect(f"{reverse('evidence:item', args=[reference])}#custody")
    context = {
        "item": item.reference,
        "form": form,
        "heading": gettext("Record an act of custody"),
        "lead": gettext(
            "You are the one who did it. The content is read now, and its digest stands with it."
        ),
        "submit": gettext("Record it"),
    }
    return render(request, "evidence/item_act.html", context)


def _recorded(form: CustodyForm, reference: str, officer: Officer) -> CustodyEvent:
    given = form.cleaned_data
    new = services.NewAct(
        CustodyAct(given["act"]),
        form.words(),
        given["purpose"],
        happened_at=_aware(given["done_at"]),
    )
    after = given["version"]
    return services.record_by_hand(reference, new, by=officer, at=clock.now(), after=after)


def _aware(given: datetime | None) -> datetime | None:
    return timezone.make_aware(given) if given and timezone.is_naive(given) else given


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.KEEP_EVIDENCE)
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand an item to somebody; it stays ours until the other side says that it has it."""
    item, officer = items.item(reference), officer_of(request.user)
    given = request.POST if request.method == "POST" else None
    form = HandOverForm(given, officers=keepers(but=officer), partners=partner_choices())
    if request.method == "POST" and form.is_valid():
        done = attempted(form, lambda: _proposed(form, reference, officer))
        if done is not None:
            text = gettext("{reference} waits for the other side; until then you have it.")
            messages.success(request, text.format(reference=done.reference))
            return redirect(f"{reverse('evidence:item', args=[reference])}#custody")
    context = {
        "item": item.reference,
        "form": form,
        "heading": gettext("Hand it over"),
        "lead": gettext("It counts as handed over once both sides have said so."),
        "submit": gettext("Hand it over"),
    }
    return render(request, "evidence/item_act.html", context)


def keepers(*, but: Officer) -> list[tuple[str, str]]:
    """Officers who keep evidence, by name, but this one."""
    return _officers(Permission.KEEP_EVIDENCE, but)


def workers(*, but: Officer) -> list[tuple[str, str]]:
    """Officers who may see evidence, by name, but this one."""
    return _officers(Permission.VIEW_EVIDENCE, but)


def _officers(permission: Permission, but: Officer) -> list[tuple[str, str]]:
    allowed = frozenset(roles_with(permission))
    return [
        (record.officer.reference, f"{record.officer.display_name} ({record.officer.reference})")
        for record in officer_records(limit=MOST_OFFICERS)
        if record.officer.active
        and record.officer.roles & allowed
        and record.officer.reference != but.reference
    ]


def _proposed(form: HandOverForm, reference: str, officer: Officer) -> HandOver:
    given, to = form.cleaned_data, form.cleaned_data["to"]
    ours = to.startswith("OFF-")
    return handing_over.propose(
        reference,
        officer=to if ours else "",
        administration="" if ours else to,
        for_good=given["for_good"],
        words=form.words(),
        by=officer,
        at=clock.now(),
    )


@require_POST
@officer_page(Permission.KEEP_EVIDENCE)
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """The other side has it."""
    done = handing_over.confirm(reference, by=officer_of(request.user), at=clock.now())
    if done.item:
        messages.success(request, gettext("You have it now; both sides stand in its custody."))
    else:
        text = gettext("The giver is told that you have it; it enters custody with its record.")
        messages.success(request, text)
    return redirect(_after(done))


@require_POST
@officer_page(Permission.KEEP_EVIDENCE)
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """The other side does not take it over, for one of the reasons of the list."""
    found, form = queries.hand_over(reference), RefusalForm(request.POST)
    if form.is_valid():
        why = RefusalReason(form.cleaned_data["why"])
        handing_over.refuse(reference, why, by=officer_of(request.user), at=clock.now())
        messages.success(request, gettext("It is not taken over; the giver is told why."))
    else:
        messages.error(request, gettext("Choose why it is not taken over."))
    return redirect(_after(found))


@require_POST
@officer_page(Permission.KEEP_EVIDENCE)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """The giver keeps it after all."""
    done = handing_over.withdraw(reference, by=officer_of(request.user), at=clock.now())
    messages.success(request, gettext("The hand-over is withdrawn; you keep it."))
    return redirect(_after(done))


def _after(done: HandOver) -> str:
    """Where a hand-over stands: in its item's custody, or in the list where there is no record."""
    if not done.item:
        return reverse("evidence:hand-overs")
    return f"{reverse('evidence:item', args=[done.item])}#custody"


@require_POST
@officer_page(Permission.KEEP_EVIDENCE)
def verify(request: HttpRequest, reference: str) -> HttpResponse:
    """Hold content and custody against the record now."""
    found = integrity.verify_item(reference, by=officer_of(request.user), at=clock.now())
    if found.holds:
        messages.success(request, gettext("Content and custody are what was recorded of them."))
    else:
        messages.error(request, gettext("Something does not hold; the page says what."))
    return redirect(f"{reverse('evidence:item', args=[reference])}#custody")
