# SPDX-License-Identifier: Apache-2.0
"""One message: its whole life on one line, its proofs, the law as both sides see it, what to do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.exchange import words
from comity.exchange.message_life import Clock, Lived, Step, Tone, clocks, life
from comity.exchange.message_state import Direction
from comity.exchange.pages import law, signs, telling
from comity.exchange.queries.ledger import conversation
from comity.exchange.queries.messages import (
    MessageEvidence,
    MessageRecord,
    evidences,
    message,
)
from comity.exchange.queries.own import kinds, own_code
from comity.exchange.queries.partner_records import partner_record
from comity.exchange.services.operating import try_again
from comity.exchange.services.posting import withdraw

EVIDENCE_FILE = "application/vnd.comity.evidence+json"


@require_safe
@officer_page(Permission.VIEW_MESSAGES)
def show(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, message(reference))


@require_safe
@officer_page(Permission.VIEW_MESSAGES)
def evidence(request: HttpRequest, reference: str, identifier: str) -> HttpResponse:
    """An evidence byte for byte, as it was signed."""
    found = [each for each in evidences(reference) if each.evidence.id == str(identifier)]
    if not found:
        raise Http404
    response = HttpResponse(found[0].document, content_type=EVIDENCE_FILE)
    name = f"{reference}-{found[0].evidence.kind.value}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@officer_page(Permission.OPERATE_EXCHANGE)
def again(request: HttpRequest, reference: str) -> HttpResponse:
    """Send it now, whatever it was put off or given up for."""
    try_again(reference, by=officer_of(request.user), at=clock.now())
    text = gettext("{reference} is tried again now.").format(reference=reference)
    messages.success(request, text)
    if request.POST.get("next") == "queue":
        return redirect("exchange:queue")
    return redirect("exchange:message", reference)


@require_POST
@officer_page(Permission.SEND_MESSAGES)
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw what has not left."""
    withdraw(reference, by=officer_of(request.user), at=clock.now())
    text = gettext("{reference} is withdrawn; it never left.").format(reference=reference)
    messages.success(request, text)
    return redirect("exchange:message", reference)


def _page(request: HttpRequest, record: MessageRecord, **said: Any) -> HttpResponse:
    """The page of a message. Any: values for the template."""
    at, officer = clock.now(), officer_of(request.user)
    known = evidences(record.reference)
    partner = partner_record(record.partner)
    kind = kinds().get(record.kind)
    lived = _lived(record, known, binding=partner.partner.binding, kind=kind)
    rows = [telling.ledger_row(row) for row in conversation(record.conversation)]
    for row in rows:
        row["here"] = row["row"].reference == record.reference
    context = {
        "one": record,
        "sign": signs.message_sign(record.state),
        "outgoing": record.direction is Direction.OUT,
        "kind": gettext(kind.says) if kind else record.kind,
        "partner": telling.administration(record.partner, partner.partner.name),
        "problem": telling.problem(record.problem),
        "next_act": telling.next_act(record.problem),
        "steps": [_step(step, record, known) for step in life(lived, at=at)],
        "clocks": [_clock(each) for each in clocks(lived, at=at)],
        "law": law.sides(record.law, record.their_law),
        "size": telling.size(record.size),
        "parts": [{"part": each, "size": telling.size(each.size)} for each in record.parts],
        "conversation": rows if len(rows) > 1 else [],
        "journal_url": _journal(record, officer),
        **said,
    }
    return render(request, "exchange/message.html", context)


def _lived(
    record: MessageRecord, known: tuple[MessageEvidence, ...], *, binding: Any, kind: Any
) -> Lived:
    """What the life is told from. Any: of the partner and of the table of kinds."""
    outgoing = record.direction is Direction.OUT
    return Lived(
        direction=record.direction,
        state=record.state,
        sender=own_code() if outgoing else record.partner,
        submitted_by=record.submitted_by,
        created_at=record.created_at,
        recorded_at=record.recorded_at,
        expires_at=record.expires_at,
        attempts=record.attempts,
        next_try_at=record.next_try_at,
        problem=record.problem,
        binding=binding,
        for_the_desk=kind.for_the_desk if kind else True,
        evidences=tuple(each.evidence for each in known),
    )


def _step(step: Step, record: MessageRecord, known: tuple[MessageEvidence, ...]) -> dict[str, Any]:
    """One step of the life for the `life` include."""
    kept = next((each for each in known if step.evidence and each.evidence is step.evidence), None)
    future = step.tone is Tone.FUTURE
    return {
        "at": step.at,
        "what": gettext(words.step_words(step.what, awaited=future)),
        "by": _who(step.by, record),
        "tone": step.tone.value,
        "future": future,
        "reason": telling.problem(step.reason),
        "evidence": step.evidence,
        "digest": kept.digest if kept else "",
        "told_at": kept.told_at if kept else None,
        "to_tell": kept.to_tell if kept else False,
        "ours": bool(step.evidence and step.evidence.by == own_code()),
        "url": reverse("exchange:evidence", args=[record.reference, step.evidence.id])
        if step.evidence
        else "",
    }


def _who(by: str, record: MessageRecord) -> str:
    if not by or by.startswith("OFF-"):
        return by
    return gettext("our node") if by == own_code() else telling.administration(by)


def _clock(one: Clock) -> dict[str, Any]:
    return {
        "what": gettext(words.AWAITED_WORDS[one.kind]),
        "until": one.until,
        "state": "overdue" if one.until <= clock.now() else "soon" if one.pressing else "running",
    }


def _journal(record: MessageRecord, officer: Officer) -> str:
    if not officer.may(Permission.VIEW_JOURNAL):
        return ""
    return f"{reverse('desk:journal')}?subject={record.reference}"
