# SPDX-License-Identifier: Apache-2.0
"""One message: its whole life on one line, its proofs, the law as both sides see it, what to do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.exchange import words
from comity.exchange.draft import file_name
from comity.exchange.forms.acting import RefusalForm
from comity.exchange.message_life import Clock, Happening, Lived, Step, Tone, clocks, life
from comity.exchange.message_state import Direction, MessageState, may_follow
from comity.exchange.pages import conditions, law, letters, opened, signs, telling
from comity.exchange.partner import Binding
from comity.exchange.queries.ledger import conversation
from comity.exchange.queries.ledger_evidences import message_evidence
from comity.exchange.queries.letters import dispatches
from comity.exchange.queries.markings import marking
from comity.exchange.queries.messages import (
    MessageEvidence,
    MessageRecord,
    evidences,
    message,
)
from comity.exchange.queries.own import kinds, own_code
from comity.exchange.queries.partner_records import partner_record
from comity.exchange.services.opening import (
    MAY_REFUSE,
    NOT_WHOLE,
    open_message,
    open_part,
    refuse_message,
)
from comity.exchange.services.operating import TRYABLE, try_again
from comity.exchange.services.posting import withdraw

EVIDENCE_FILE = "application/vnd.comity.evidence+json"
ENVELOPE_FILE = "application/vnd.comity.envelope+json"
SAVED_AS = "application/octet-stream"
"""Whatever a partner says that it is: a browser must not open it."""


@require_safe
@officer_page(Permission.VIEW_MESSAGES)
def show(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, message(reference))


@require_safe
@officer_page(Permission.VIEW_MESSAGES)
def evidence(request: HttpRequest, reference: str, identifier: str) -> HttpResponse:
    """An evidence byte for byte, as it was signed."""
    found = message_evidence(reference, str(identifier))
    return _file(found.document, f"{reference}-{found.evidence.kind.value}.json", EVIDENCE_FILE)


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


@require_POST
@officer_page(Permission.VIEW_MESSAGES)
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """The message with its content: an act that is journalled, and the first one is told."""
    content = open_message(reference, by=officer_of(request.user), at=clock.now())
    return _page(request, message(reference), opened=opened.shown(content))


@require_POST
@officer_page(Permission.VIEW_MESSAGES)  # type: ignore[arg-type]  # it passes streams too
def save_part(request: HttpRequest, reference: str, number: int) -> FileResponse:
    """A file of the message, never shown by the browser but saved."""
    part = open_part(reference, number, by=officer_of(request.user), at=clock.now())
    response = FileResponse(
        part.content, as_attachment=True, filename=file_name(part.name), content_type=SAVED_AS
    )
    response["Content-Length"] = str(part.size)
    response["Content-Security-Policy"] = "sandbox"
    return response


@require_POST
@officer_page(Permission.VIEW_MESSAGES)
def save_envelope(request: HttpRequest, reference: str) -> HttpResponse:
    """The signed document, byte for byte."""
    content = open_message(reference, by=officer_of(request.user), at=clock.now())
    return _file(content.document, f"{reference}.json", ENVELOPE_FILE)


@require_POST
@officer_page(Permission.SEND_MESSAGES)
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Refuse what came in, for one of the reasons of the list."""
    form = RefusalForm(request.POST)
    if form.is_valid():
        by, reason = officer_of(request.user), form.cleaned_data["reason"]
        done = attempted(form, lambda: refused(reference, reason, by=by, at=clock.now()))
        if done:
            text = gettext("{reference} is refused; its sender is told why.")
            messages.success(request, text.format(reference=reference))
            return redirect("exchange:message", reference)
    return _page(request, message(reference), refusal_form=form)


def refused(reference: str, reason: str, *, by: Officer, at: datetime) -> bool:
    """Refuse, and say that it was done."""
    refuse_message(reference, reason, by=by, at=at)
    return True


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
        "sign": signs.message_sign(record.state, record.direction),
        "outgoing": record.direction is Direction.OUT,
        "kind": telling.kind(record.kind),
        "partner": telling.administration(record.partner, partner.partner.name),
        "problem": telling.problem(record.problem),
        "next_act": telling.next_act(record.problem),
        "steps": [_step(step, record, known) for step in life(lived, at=at)],
        "clocks": [_clock(each) for each in clocks(lived, at=at)],
        "law": law.sides(record.law, record.their_law),
        "size": telling.size(record.size),
        "parts": _parts(record, said.get("opened")),
        "decided_by": _named(((record.law or {}).get("decision") or {}).get("by", "")),
        "sent_by": _named(record.submitted_by),
        "opened_by": _named(record.opened_by),
        "conversation": rows if len(rows) > 1 else [],
        "journal_url": _journal(record, officer),
        "may": _may(record, officer, for_a_person=kind is None or kind.for_the_desk),
        "refusal_form": RefusalForm(),
        "by_letter": partner.partner.binding is Binding.LETTER,
        "dispatches": [letters.dispatch_row(line) for line in dispatches(record.reference)],
        **conditions.of(record, marking(record.reference)),
        **said,
    }
    return render(request, "exchange/message.html", context)


def _parts(record: MessageRecord, content: Any) -> list[dict[str, Any]]:
    """The files; with their names where the content was opened. Any: what `opened` shows."""
    names = content["names"] if content else {}
    return [
        {
            "part": each,
            "number": each.number + 1,
            "name": names.get(each.number, ""),
            "size": telling.size(each.size),
        }
        for each in record.parts
    ]


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _may(record: MessageRecord, officer: Officer, *, for_a_person: bool) -> dict[str, Any]:
    """What this officer can do with the message now; a role that never may sees no act.

    What nodes tell one another is read by whoever likes, and neither answered nor refused.
    """
    incoming = record.direction is Direction.IN and for_a_person
    outgoing = record.direction is Direction.OUT
    sends = officer.may(Permission.SEND_MESSAGES)
    operates = officer.may(Permission.OPERATE_EXCHANGE)
    return {
        "sends": sends,
        "read": record.state not in NOT_WHOLE,
        "opens": incoming and sends and may_follow(record.state, MessageState.OPENED),
        "refuse": incoming and sends and record.state in MAY_REFUSE,
        "try_again": outgoing and operates and record.state in TRYABLE,
        "withdraw": outgoing and sends and record.state is MessageState.QUEUED,
        "answer": incoming and sends and record.state not in NOT_WHOLE,
    }


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
        "attempts": record.attempts if step.what is Happening.ATTEMPTED else 0,
        "url": reverse("exchange:evidence", args=[record.reference, step.evidence.id])
        if step.evidence
        else "",
    }


def _named(officer: str) -> str:
    """An officer of ours by name; empty for nobody."""
    return telling.officer(officer) if officer else ""


def _who(by: str, record: MessageRecord) -> str:
    if not by or by.startswith("OFF-"):
        return _named(by)
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
