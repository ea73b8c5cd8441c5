# SPDX-License-Identifier: Apache-2.0
"""One item: what it shows, what may be done with it, its custody, its claims, its ways, its acts.

Everything of its words and its content comes through the one door; where that says no, the page
shows why and what would change it, and nothing of the item but its reference and its custody.
"""

from __future__ import annotations

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
from comity.accounts.services.answering import attempted, holders
from comity.accounts.services.sending import sent_once
from comity.agreements.queries.why import panel
from comity.agreements.question import Proceeding
from comity.agreements.verdict import Verdict
from comity.evidence.forms.keeping import ClaimForm, PutInCaseForm
from comity.evidence.forms.using import PersonsDecisionForm
from comity.evidence.item import RANK_WORDS, Channel, Item, ItemState
from comity.evidence.lifetime import FLAG_WORDS, Flag, FlagCode
from comity.evidence.pages import (
    conditions,
    custody,
    described,
    duties,
    hand_overs,
    opening,
    previews,
    said,
    signs,
    telling,
)
from comity.evidence.pages.custody import act
from comity.evidence.pages.opening import Shown
from comity.evidence.queries import items as queries
from comity.evidence.queries.cases import case_file, open_case_files
from comity.evidence.queries.certified_copies import certified_copies_of
from comity.evidence.queries.custody import verified_at
from comity.evidence.queries.decisions import OVERSEES
from comity.evidence.queries.intake import examination
from comity.evidence.queries.lifetime import destroyed, flags_on
from comity.evidence.queries.packages import packages_of
from comity.evidence.services import items as services
from comity.evidence.services import way_out
from comity.evidence.services.flags import clear_flag
from comity.evidence.serving import download_headers
from comity.evidence.way_out import A_COURT, Let, WayOut


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def show(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, queries.item(reference))


@require_POST
@officer_page(Permission.VIEW_EVIDENCE)  # type: ignore[arg-type]  # it passes streams too
def save(request: HttpRequest, reference: str) -> FileResponse:
    """The file, never shown by the browser but saved, under a name that is its reference."""
    item, officer = queries.item(reference), officer_of(request.user)
    (let,) = way_out.let_out([reference], WayOut.EXPORT, by=officer, at=clock.now())
    found = examination(reference)
    headers = download_headers(
        reference, item.media_type, size=item.size, dangerous=bool(found and found.dangerous)
    )
    return FileResponse(way_out.content(let), headers=headers)


@require_POST
@officer_page(Permission.KEEP_EVIDENCE)
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what somebody knows otherwise of one field."""
    form = ClaimForm(request.POST, fields=described.claimable())
    if form.is_valid():
        given, by = form.cleaned_data, officer_of(request.user)
        done = attempted(
            form,
            lambda: sent_once(
                request,
                lambda: _claimed(
                    services.claim(reference, given["field"], given["text"], by=by, at=clock.now())
                ),
            ),
        )
        if done:
            messages.success(request, gettext("It stands beside what was said before."))
            return redirect(f"{reverse('evidence:item', args=[reference])}#description")
    return _page(request, queries.item(reference), claim_form=form)


@require_POST
@officer_page(Permission.KEEP_EVIDENCE)
def put_in_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Put the item into a case file, whose purpose it inherits."""
    form = PutInCaseForm(request.POST, cases=_cases(officer_of(request.user)))
    if form.is_valid():
        given, by = form.cleaned_data, officer_of(request.user)
        done = attempted(
            form,
            lambda: services.put_in_case(
                reference, given["case"], by=by, at=clock.now(), version=given["version"]
            ),
        )
        if done is not None:
            text = gettext("It lies in {case} now, and is read for its purpose.")
            messages.success(request, text.format(case=done.case))
            return redirect("evidence:item", reference)
    return _page(request, queries.item(reference), case_form=form)


def _claimed(_: None) -> str:
    """What a claim, which has no reference, is known by."""
    return "claim"


def _cases(officer: Officer) -> list[tuple[str, str]]:
    """The open case files that the officer may put items into."""
    mine = open_case_files("" if officer.roles & OVERSEES else officer.reference)
    return [(case.reference, f"{case.reference}: {telling.word(case.purpose)}") for case in mine]


def _page(request: HttpRequest, item: Item, **given: Any) -> HttpResponse:
    """The page of an item. Any: forms that were sent and refused."""
    officer, at = officer_of(request.user), clock.now()
    shown = opening.shown([item.reference], WayOut.PAGE, officer, at=at)[item.reference]
    let = shown.let
    words = let.permitted or officer.may(Permission.DECIDE_ON_USE)
    context = {
        "item": item,
        "title": shown.title,
        "opened": let.permitted,
        "handling": opening.banner([let.marking]) if let.permitted else "",
        "sign": signs.item_sign(item.state),
        "kind": signs.kind_word(item.kind),
        "icon": signs.kind_icon(item.kind),
        "rank": gettext(RANK_WORDS[item.rank]),
        "size": telling.size(item.size),
        "panel": panel(let.determination, officer) if let.determination else None,
        "preview": previews.of_item(item, let, asked=request.GET.get("page", "")),
        "custody": custody.of_item(item, let, officer),
        "hand_over": hand_overs.of_item(item.reference, officer),
        "channels": [_channel(each, let, words=words) for each in item.channels],
        "duties": duties.chips(item.reference),
        "said": said.of_item(item.reference),
        "made_from": item.derived_from,
        "made_of_it": queries.derived_from(item.reference),
        "verified": _verified(item, officer),
        "added_by": telling.officer(item.added_by),
        "flags": [_flag(each, officer) for each in flags_on(item.reference)],
        "copies": certified_copies_of(item.reference),
        "packages": packages_of(item.reference),
        "decision": let.decision,
        "journal_url": _journal(item, officer),
        "decision_form": _decision(item, let, officer),
        "deciders": holders(Permission.DECIDE_ON_USE)
        if let.verdict is Verdict.PERSON_MUST_DECIDE and not let.permitted
        else "",
        **described.of_item(item, shown),
        **conditions.of_item(item, let, officer, at=at),
        **_what_can_be_done(item, shown, officer, given),
    }
    gone = item.state is ItemState.DESTROYED  # its record and its proofs are shown all the same
    return render(request, "evidence/item.html", context, status=410 if gone else 200)


def _gone(item: Item) -> str:
    """What became of an item that is no longer; empty while it is."""
    if item.state is not ItemState.DESTROYED:
        return ""
    end = destroyed(item.reference)
    if end is None:
        return gettext("It was destroyed.")
    text = gettext("It was destroyed on {day}; the list and certificate is {list}.")
    return text.format(day=telling.day(end.at), list=end.list)


def _flag(one: Flag, officer: Officer) -> dict[str, Any]:
    return {"what": gettext(FLAG_WORDS[one.code]), "code": one.code.value, "source": one.source,
            "may": officer.may(Permission.KEEP_EVIDENCE)}  # fmt: skip


@require_POST
@officer_page(Permission.KEEP_EVIDENCE)
def clear(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody has looked at what a flag points at."""
    code, source = request.POST.get("code", ""), request.POST.get("source", "")
    if code in frozenset(FlagCode):
        clear_flag(reference, FlagCode(code), source, by=officer_of(request.user), at=clock.now())
    return redirect("evidence:item", reference)


def _channel(one: Channel, let: Let, *, words: bool) -> dict[str, Any]:
    """One way by which it came. Any: values for the template."""
    return {
        "supplier": telling.administration(one.supplier),
        "on": telling.day(one.supplied_on),
        "instrument": one.instrument,
        "instrument_url": conditions.instrument_url(one.instrument),
        "form": telling.word(one.form) if one.form else "",
        "message": one.message,
        "message_url": reverse("exchange:message", args=[one.message]) if one.message else "",
        "laid": conditions.laid(one.marking, words=words),
        "relied_on": bool(let.channel and let.channel.number == one.number and let.permitted),
    }


def _decision(item: Item, let: Let, officer: Officer) -> PersonsDecisionForm | None:
    """The form of the person to whom the law leaves whether the item is read for its case."""
    left = let.verdict is Verdict.PERSON_MUST_DECIDE and not let.permitted
    if not left or not item.case or not officer.may(Permission.DECIDE_ON_USE):
        return None
    purpose = case_file(item.case).purpose
    return PersonsDecisionForm(initial={"purpose": purpose, "proceeding": Proceeding.NONE})


def _verified(item: Item, officer: Officer) -> dict[str, Any]:
    verifies = officer.may(Permission.KEEP_EVIDENCE) and item.state is not ItemState.DESTROYED
    return {
        "at": verified_at(item.reference),
        "url": reverse("evidence:verify-item", args=[item.reference]) if verifies else "",
    }


def _journal(item: Item, officer: Officer) -> str:
    if not officer.may(Permission.VIEW_JOURNAL):
        return ""
    return f"{reverse('desk:journal')}?subject={item.reference}"


def _what_can_be_done(
    item: Item, shown: Shown, officer: Officer, given: dict[str, Any]
) -> dict[str, Any]:
    """The one main act, the other acts, and the small forms. Any: values for the template."""
    gone = _gone(item)
    withheld = "" if item.certifiable else gettext("Its custody does not account for everything.")
    unseen = "" if shown.let.permitted else gettext("You may not see it for this purpose.")
    ours = item.began_here
    reference = item.reference
    may = officer.may
    acts = []
    if may(Permission.USE_EVIDENCE):
        acts.append(act(gettext("Use it"), "evidence:use", reference, because=gone))
    if may(Permission.CERTIFY_EVIDENCE):
        stop = gone or withheld or unseen
        acts.append(act(gettext("Certify a copy"), "evidence:certify", reference, because=stop))
    if way_out.may_give(officer, A_COURT):
        acts.append(_of(item, gettext("Pack it"), "evidence:pack", gone or unseen))
    if may(Permission.RELEASE_EVIDENCE):
        nothing = "" if ours else gettext("Only who supplied it can take it back.")
        acts.append(
            act(gettext("Recall it"), "evidence:recall-item", reference, because=nothing or gone)
        )
        acts.append(act(gettext("Correct it"), "evidence:correct", reference, because=nothing))
        acts.append(_of(item, gettext("Record a disclosure"), "evidence:disclose", gone))
    if may(Permission.HOLD_EVIDENCE) and not gone:
        acts.append(_hold(item))
    if may(Permission.KEEP_EVIDENCE):
        acts.append(act(gettext("Withhold parts"), "evidence:redact", reference, because=gone))
        if not item.is_object:
            acts.append(act(gettext("Blacken areas"), "evidence:blacken", reference, because=gone))
        own = gettext("It is our own.") if ours else ""
        acts.append(
            act(gettext("Return the original"), "evidence:return", reference, because=own or gone)
        )
    main = acts[0] if acts else {}
    return {
        "main": main,
        "acts": acts[1:],
        "forms": _forms(item, officer, given) if not gone else [],
        "gone": gone,
    }


def _of(item: Item, label: str, page: str, because: str) -> dict[str, Any]:
    """An act on a page that is told of the item in its address. Any: values for the template."""
    found = act(label, page, because=because)
    if found["url"]:
        found["url"] += f"?item={item.reference}"
    return found


def _hold(item: Item) -> dict[str, Any]:
    found = act(gettext("Put it on legal hold"), "evidence:hold")
    found["url"] += f"?target={item.reference}"
    return found


def _forms(item: Item, officer: Officer, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Acts so small that their form stands on the page. Any: values for the template."""
    if not officer.may(Permission.KEEP_EVIDENCE):
        return []
    found = [
        {
            "label": gettext("Say what you know otherwise"),
            "about": gettext("It stands beside what was said before, with you as its author."),
            "form": given.get("claim_form") or ClaimForm(fields=described.claimable()),
            "action": reverse("evidence:claim", args=[item.reference]),
            "submit": gettext("Say it"),
        }
    ]
    cases = _cases(officer)
    if cases:
        found.append(
            {
                "label": gettext("Put it into a case file"),
                "about": gettext("It is read for the purpose of that file from then on."),
                "form": given.get("case_form")
                or PutInCaseForm(initial={"case": item.case, "version": item.version}, cases=cases),
                "action": reverse("evidence:put-in-case", args=[item.reference]),
                "submit": gettext("Put it there"),
            }
        )
    return found


def who_may(permission: Permission) -> str:
    """The sentence that names the roles for an act."""
    return gettext("For these roles: {roles}.").format(roles=holders(permission))
