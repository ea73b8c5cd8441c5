# SPDX-License-Identifier: Apache-2.0
"""Changes to the register: proposed by one person, accepted or rejected by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, beside, keys
from comity.agreements import queries, services
from comity.agreements.forms.confirming import DecisionForm
from comity.agreements.forms.proposing import ACT_WORDS, PROPOSAL_FORMS
from comity.agreements.lifecycle import Act
from comity.agreements.pages import words
from comity.agreements.pages.answering import shown, suggestions
from comity.agreements.records import (
    KIND_WORDS,
    STATE_WORDS,
    ProposalKind,
    ProposalRecord,
    ProposalState,
)
from comity.agreements.timeline import EVENT_WORDS
from comity.catalogues import N_

PART_WORDS: dict[str, str] = {
    "reference": N_("Reference"),
    "title": N_("Title"),
    "kind": N_("Kind"),
    "programme": N_("Programme"),
    "parties": N_("Parties"),
    "model": N_("Model text"),
    "event": N_("What happened"),
    "act": N_("Act"),
    "date": N_("Day"),
    "party": N_("Party"),
    "annex": N_("Annex"),
    "territory": N_("Territory"),
    "other": N_("The other instrument"),
    "confidence": N_("How far to trust it"),
    "note": N_("Note"),
    "code": N_("Authority"),
    "name": N_("Name of the authority"),
    "contact_point": N_("Contact point"),
    "designated_officials": N_("Designated officials"),
    "matters": N_("For which matters"),
    "source": N_("Source"),
    "sources": N_("Sources"),
    "claims": N_("Claims"),
    "read": N_("How much was read"),
}


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def proposals(request: HttpRequest) -> HttpResponse:
    given = request.GET.get("state", ProposalState.OPEN)
    state = ProposalState(given) if given in set(ProposalState) else None
    page = queries.proposals(state=state, **keys(request.GET))
    may_propose = officer_of(request.user).may(Permission.PROPOSE_REGISTER_CHANGE)
    context = {
        "rows": [_row(record) for record in page.rows],
        "states": [(s.value, gettext(STATE_WORDS[s])) for s in ProposalState],
        "state": given,
        "kinds": _kinds(request) if may_propose else [],
        **beside(request.GET, page),
    }
    return shown(request, "proposals", context)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def proposal(request: HttpRequest, reference: str) -> HttpResponse:
    record = queries.proposal(reference)
    officer = officer_of(request.user)
    is_open = record.state is ProposalState.OPEN
    own = officer.reference == record.proposed_by
    may_decide = officer.may(Permission.ACCEPT_REGISTER_CHANGE)
    context = {
        **_row(record),
        "parts": _parts(record),
        "own": own,
        "may_decide": is_open and may_decide,
        "may_withdraw": is_open
        and (may_decide or (own and officer.may(Permission.PROPOSE_REGISTER_CHANGE))),
        "decision": DecisionForm(initial={"version": record.version}),
    }
    return shown(request, "proposal", context, version=f"{reference}.{record.version}")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.PROPOSE_REGISTER_CHANGE)
def propose(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in set(ProposalKind):
        raise Http404
    wanted = ProposalKind(kind)
    first = {"read_on": clock.today()} | request.GET.dict()
    form = PROPOSAL_FORMS[wanted](request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, officer_of(request.user)
        made = attempted(
            form,
            lambda: services.propose(
                wanted,
                given["instrument"],
                form.content(),
                grounds=given["grounds"],
                by=by,
                at=clock.now(),
            ),
        )
        if made is not None:
            text = gettext("{reference} is proposed; a second person decides.")
            messages.success(request, text.format(reference=made.reference))
            return redirect("agreements:proposal", made.reference)
    context = {"form": form, "kind": kind, "what": gettext(KIND_WORDS[wanted]), **suggestions()}
    return shown(request, "proposal_form", context)


@require_POST
@officer_page(Permission.VIEW_REGISTER)
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept, reject or take back, as the button says; the service judges who may."""
    act = {
        "accept": services.accept_proposal,
        "reject": services.reject_proposal,
        "withdraw": services.withdraw_proposal,
    }.get(request.POST.get("decision", ""))
    if act is None:
        raise Http404
    form = DecisionForm(request.POST)
    form.is_valid()
    act(reference, **form.cleaned_data, by=officer_of(request.user), at=clock.now())
    return redirect("agreements:proposal", reference)


def _kinds(request: HttpRequest) -> list[tuple[str, str]]:
    """The sorts of change that this officer may propose."""
    may_act = officer_of(request.user).may(Permission.RECORD_LIFECYCLE_ACT)
    return [
        (kind.value, gettext(KIND_WORDS[kind]))
        for kind in ProposalKind
        if may_act or kind is not ProposalKind.LIFECYCLE_ACT
    ]


def _row(record: ProposalRecord) -> dict[str, Any]:
    return {
        "record": record,
        "kind": gettext(KIND_WORDS[record.kind]),
        "sign": words.record_sign(record.state, STATE_WORDS),
        "what": _what(record),
    }


def _what(record: ProposalRecord) -> str:
    """The change in one line."""
    content = record.content
    if "event" in content:
        happened = gettext(EVENT_WORDS[content["event"]])  # type: ignore[index]  # an event's code
        return f"{happened} {content.get('date', '')}".strip()
    if "act" in content:
        return f"{gettext(ACT_WORDS[Act(str(content['act']))])} {content.get('date', '')}".strip()
    return str(content.get("title") or content.get("contact_point") or content.get("code", ""))


def _parts(record: ProposalRecord) -> list[tuple[str, str]]:
    """What the change consists of, part by part."""
    return [
        (gettext(PART_WORDS.get(name, name)), _part(value))
        for name, value in record.content.items()
        if value not in ("", [], {}, None)
    ]


def _part(value: object) -> str:
    if isinstance(value, Mapping):
        return " · ".join(_part(each) for each in value.values() if each)
    if isinstance(value, list):
        return ", ".join(_part(each) for each in value)
    return words.words_of(value) if isinstance(value, str) and value.isupper() else str(value)
