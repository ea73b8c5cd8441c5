# SPDX-License-Identifier: Apache-2.0
"""Packages: what was packed and received, and the builder with the law's answer for each item.

The builder asks the law for every item before anything is built; what may not go stands with its
reason. A small bundle for a court is built while one waits, a larger one by the worker; its file
is kept for its officer. A package for a partner goes as a message.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, beside, keys, language
from comity.accounts.services.sending import sent_once
from comity.agreements.queries import register
from comity.catalogues import N_
from comity.evidence.forms.packing import MOST_PARTS, Offered, PackageForm, RedactionForm
from comity.evidence.item import CaseFile, Item, ItemState
from comity.evidence.package import KIND_WORDS, Disclosure
from comity.evidence.pages import described, opening, rows, telling
from comity.evidence.pages.opening import Shown
from comity.evidence.pages.ordering import order_row
from comity.evidence.queries import items
from comity.evidence.queries import packages as queries
from comity.evidence.queries.cases import UnknownCaseFileError, case_file
from comity.evidence.queries.decisions import OVERSEES, decide
from comity.evidence.queries.items import ItemSearch
from comity.evidence.queries.packages import PackageRecord, PackedLine
from comity.evidence.queries.packing_orders import file_kept_until, orders_not_packed
from comity.evidence.queries.seeing import narrowed_to, require_seen
from comity.evidence.redaction import NEVER_WITHHELD
from comity.evidence.services import packing_orders, redacting, releasing
from comity.evidence.services.waiting_for_witness import witnessed
from comity.evidence.services.way_out import may_give, require_way
from comity.evidence.way_out import A_COURT, REFUSAL_WORDS, IntendedUse, WayOut
from comity.exchange.message_state import Direction
from comity.exchange.queries.ledger import partner_choices
from comity.handling.redaction import REASON_WORDS, RedactionReason
from comity.reference.taxonomy import Purpose

PACKAGES_ON_A_PAGE = 50
MOST_ITEMS = 1_000


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def packages(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request.user)
    seen_by = narrowed_to(officer)
    page = queries.packages(officer=seen_by, **keys(request.GET), size=PACKAGES_ON_A_PAGE)
    context = {
        "rows": [_row(one) for one in page.rows],
        "may_pack": may_give(officer, A_COURT),
        "orders": [order_row(one) for one in orders_not_packed(by=officer)],
        **beside(request.GET, page),
    }
    return render(request, "evidence/packages.html", context)


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def package(request: HttpRequest, reference: str) -> HttpResponse:
    """One package: what it holds and what was withheld; its file is kept for who had it packed."""
    officer = officer_of(request.user)
    one = queries.package(reference, officer=narrowed_to(officer))
    context = {
        **_row(one),
        "lines": [_line(each) for each in one.items],
        "made_by": telling.officer(one.made_by),
        "message_url": reverse("exchange:message", args=[one.message]) if one.message else "",
        "kept_until": file_kept_until(one.reference, by=officer),
    }
    return render(request, "evidence/package.html", context)


def _row(one: PackageRecord) -> dict[str, Any]:
    out = one.direction is Direction.OUT
    purpose = one.purpose if one.purpose in frozenset(Purpose) else ""
    return {
        "package": one,
        "kind": gettext(KIND_WORDS[one.kind]),
        "out": out,
        "partner": telling.administration(one.partner) if one.partner else "",
        "purpose": telling.word(Purpose(purpose)) if purpose else "",
        "size": telling.size(one.size),
        "withheld": one.withheld,
    }


def _line(one: PackedLine) -> dict[str, Any]:
    reasons = [
        f"{gettext(REASON_WORDS[RedactionReason(code)])}: {count}"
        for code, count in one.withheld.items()
        if code in frozenset(RedactionReason)
    ]
    return {
        "line": one,
        "disclosure": disclosure_words(one.disclosure),
        "withheld": reasons,
        "url": reverse("evidence:item", args=[one.item]),
    }


def disclosure_words(code: Disclosure) -> str:
    """How much of an item is in a package."""
    return {
        Disclosure.WHOLE: gettext("whole"),
        Disclosure.REDACTED: gettext("redacted"),
        Disclosure.RECORD: gettext("only what is recorded of it"),
    }[code]


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.VIEW_EVIDENCE)
def pack(request: HttpRequest) -> HttpResponse:
    """The builder: asked, it shows each verdict; told to build, it builds.

    It is there for whoever may give evidence to a court; a partner is offered to who releases.
    """
    officer = officer_of(request.user)
    require_way(officer, A_COURT)
    case = _case(request, officer)
    found = _items(request, case)
    require_seen([item.reference for item in found], officer)
    shown = opening.shown([i.reference for i in found], WayOut.PAGE, officer, at=clock.now())
    form = _form(request, case, found, shown, officer)
    verdicts: dict[str, dict[str, Any]] = {}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "build":
            done = attempted(form, lambda: sent_once(request, lambda: _build(form, case, officer)))
            if done is not None:
                return _told(request, done)
        verdicts = _verdicts(form, officer)
    references = [item.reference for item in found]
    stated = queries.stated_among(references)
    for row in (table := form.rows()):
        reference = row["item"].reference
        row["shown"] = rows.of_item(_named(found, reference), shown[reference])
        row["verdict"] = verdicts.get(reference)
        row["stated"] = reference in stated
    context = {
        "form": form,
        "case": case,
        "table": table,
        "may": {
            "redact": officer.may(Permission.KEEP_EVIDENCE),
            "certify": officer.may(Permission.CERTIFY_EVIDENCE),
        },
        "asked": bool(verdicts),
        "stopped": any(not each["permitted"] for each in verdicts.values()),
        "witnessed": bool(verdicts) and witnessed(queries.statements_on(references)),
        "instruments": sorted(register().instruments),
        "handling": opening.banner(each.let.marking for each in shown.values() if each.title),
    }
    return render(request, "evidence/pack.html", context)


def _case(request: HttpRequest, officer: Officer) -> CaseFile | None:
    named = request.POST.get("case") or request.GET.get("case", "")
    if not named:
        return None
    file = case_file(named)
    if officer.reference not in file.officers and not officer.roles & OVERSEES:
        raise UnknownCaseFileError(case=named)
    return file


def _items(request: HttpRequest, case: CaseFile | None) -> tuple[Item, ...]:
    """The items of the case, or those that the address names; what is gone cannot go."""
    if case is not None:
        found = items.items(ItemSearch(case=case.reference), size=MOST_ITEMS).rows
        found = tuple(reversed(found))
    else:
        given: QueryDict = request.POST if request.method == "POST" else request.GET
        references = [each.strip().upper() for each in given.getlist("item") if each.strip()]
        found = items.several(tuple(dict.fromkeys(references))[:MOST_ITEMS])
    return tuple(item for item in found if item.state is not ItemState.DESTROYED)


def _named(found: tuple[Item, ...], reference: str) -> Item:
    return next(item for item in found if item.reference == reference)


def _form(
    request: HttpRequest,
    case: CaseFile | None,
    found: tuple[Item, ...],
    shown: dict[str, Shown],
    officer: Officer,
) -> PackageForm:
    offered = [
        Offered(
            item.reference,
            shown[item.reference].title or item.reference,
            tuple(
                (each.reference, _of_redaction(len(each.withheld), each.reference))
                for each in queries.redactions_of(item.reference)
            ),
        )
        for item in found
    ]
    initial = {
        "purpose": case.purpose if case else Purpose.CRIMINAL_EVIDENCE,
        "goes_to": "COURT",
        "language": language(),
        "copy_language": language(),
    }
    releases = officer.may(Permission.RELEASE_EVIDENCE)
    if releases and request.GET.get("to"):
        initial |= {"goes_to": "partner", "partner": request.GET["to"]}
    given = request.POST if request.method == "POST" else None
    partners = partner_choices() if releases else None
    return PackageForm(given, partners=partners, items=offered, initial=initial)


def _of_redaction(count: int, reference: str) -> str:
    return gettext("{reference}: {count} parts").format(reference=reference, count=count)


def _verdicts(form: PackageForm, officer: Officer) -> dict[str, dict[str, Any]]:
    """The law's answer for each item that is to go; nothing is let out or recorded by it."""
    chosen = [choice.item for choice in form.chosen()]
    found = decide(
        chosen,
        WayOut.PACKAGE,
        by=officer,
        at=clock.now(),
        use=form.use(),
        recipient=form.recipient(),
    )
    return {
        each.reference: {
            "code": each.weighed.verdict.value,
            "permitted": each.weighed.permitted,
            "because": gettext(REFUSAL_WORDS[each.weighed.reason]) if each.weighed.reason else "",
            "url": _ask_url(each.reference, form.use()),
        }
        for each in found
    }


def _ask_url(reference: str, use: IntendedUse) -> str:
    """The page that says why, and offers what comes first."""
    url = reverse("evidence:use", args=[reference])
    return f"{url}?purpose={use.purpose}&proceeding={use.proceeding}"


def _build(form: PackageForm, case: CaseFile | None, officer: Officer) -> str:
    """Post it to the partner, or pack it now, or leave it to the worker: the package or order."""
    if form.to_partner:
        return releasing.release(form.wish(case), by=officer, at=clock.now()).reference
    wanted = form.wanted(case.reference if case else "")
    if packing_orders.at_once(wanted):
        return packing_orders.pack_now(wanted, by=officer, at=clock.now()).reference
    return packing_orders.order_package(wanted, by=officer, at=clock.now())


def _told(request: HttpRequest, done: str) -> HttpResponse:
    """Where to see it: the package, or the order that becomes one."""
    if done.startswith(packing_orders.LETTERS):
        return redirect("evidence:packing-order", done)
    message = queries.package(done).message
    text = gettext("{reference} is packed and verified; its file can be saved.")
    if message:
        text = gettext("{reference} is accepted and leaves in {message}.")
    messages.success(request, text.format(reference=done, message=message))
    return redirect("evidence:package", done)


# What is withheld


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.KEEP_EVIDENCE)
def redact(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide which fields and pages are withheld, each with its reason."""
    item, officer = items.item(reference), officer_of(request.user)
    names = queries.parts_of(reference)
    parts = [(name, part_words(name)) for name in names if _can_be_withheld(name)][:MOST_PARTS]
    form = RedactionForm(request.POST if request.method == "POST" else None, parts=parts)
    if request.method == "POST" and form.is_valid():
        made = attempted(
            form,
            lambda: redacting.redact(reference, form.withheld(), by=officer, at=clock.now()),
        )
        if made is not None:
            text = gettext(
                "{reference}: {count} further parts go with them, as they would show it."
            )
            messages.success(request, text.format(reference=made.reference, count=made.following))
            return redirect(f"{reverse('evidence:redact', args=[reference])}#made")
    shown = opening.shown([reference], WayOut.PAGE, officer, at=clock.now())[reference]
    context = {
        "item": item,
        "title": shown.title,
        "handling": opening.banner([shown.let.marking]),
        "form": form,
        "fields": [row for row in form.rows() if not row[0].startswith(("pages/", "chunks/"))],
        "pages": [_page(item, row, shown) for row in form.rows() if row[0].startswith("pages/")],
        "made": [_made(each) for each in queries.redactions_of(reference)],
        "certify": officer.may(Permission.CERTIFY_EVIDENCE),
    }
    return render(request, "evidence/redact.html", context)


def _can_be_withheld(name: str) -> bool:
    return name not in NEVER_WITHHELD and not name.startswith("chunks/")


def _page(item: Item, row: tuple[str, Any], shown: Shown) -> dict[str, Any]:
    number = int(row[0].partition("/")[2])
    picture = reverse("evidence:page", args=[item.reference, number]) if shown.title else ""
    return {"number": number, "field": row[1], "picture": picture}


def _made(one: queries.RedactionRecord) -> dict[str, Any]:
    return {
        "redaction": one,
        "parts": [
            (part_words(name), gettext(REASON_WORDS[reason]))
            for name, reason in one.withheld.items()
        ],
        "made_by": telling.officer(one.made_by),
    }


def part_words(name: str) -> str:
    """A part of an item in words: a field, a page, an act of custody."""
    kind, _, rest = name.partition("/")
    if kind == "pages":
        return gettext("Page {number}").format(number=int(rest))
    if kind == "custody":
        number, _, what = rest.partition("/")
        words = gettext(CUSTODY_PARTS.get(what, CUSTODY_PARTS[""]))
        return words.format(number=int(number)) if number.isdecimal() else name
    if name in OTHERS:
        return gettext(OTHERS[name])
    known = described.FIELD_WORDS.get(FIELDS.get(name, rest))
    return gettext(known) if known else name


FIELDS = {"acquisition/at": "acquired-at", "acquisition/by": "acquired-by"}
"""Parts of a statement that the item's page calls otherwise."""
OTHERS = {
    "item/media-type": N_("Type of the file"),
    "item/return-by": N_("To be given back by"),
    "item/derived-from": N_("What it was made from"),
    "description/file-name": N_("Name of the file"),
    "acquisition/judicially-obtained": N_("By order of a judicial authority"),
    "content/digest": N_("Digest of the file"),
    "content/size": N_("Size of the file"),
}
CUSTODY_PARTS = {
    "": N_("Custody, act {number}"),
    "digests": N_("Custody, act {number}: digests"),
    "words": N_("Custody, act {number}: what was written"),
}
