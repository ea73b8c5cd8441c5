# SPDX-License-Identifier: Apache-2.0
"""The registers: what was given out, assurances and their breaches, originals, uses, destructions.

References, codes and days only, so that each can be read by whoever oversees and saved whole.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.catalogues import N_
from comity.evidence.forms.ending import AssuranceForm
from comity.evidence.forms.using import PROCEEDING_WORDS
from comity.evidence.item import STATE_WORDS
from comity.evidence.lifetime import DESTRUCTION_WORDS, DISCLOSED_WORDS, Assurance
from comity.evidence.pages import telling
from comity.evidence.queries import registers as queries
from comity.evidence.queries.lifetime import destroyed_entries
from comity.evidence.queries.registers import Register
from comity.evidence.queries.seeing import narrowed_to
from comity.evidence.queries.statements import all_uses
from comity.evidence.services import disclosing
from comity.exchange.queries.ledger import partner_choices

NAMES: dict[Register, str] = {
    Register.DISCLOSURES: N_("Disclosures"),
    Register.ASSURANCES: N_("Assurances"),
    Register.ORIGINALS: N_("Originals"),
    Register.USES: N_("Uses"),
    Register.DESTRUCTIONS: N_("Destructions"),
}
ABOUT: dict[Register, str] = {
    Register.DISCLOSURES: N_("What was given out: to whom, when, under what."),
    Register.ASSURANCES: N_("Assurances of confidence and limits of purpose, and their breaches."),
    Register.ORIGINALS: N_("Partners' originals and things that are or were here."),
    Register.USES: N_("Uses of items in proceedings."),
    Register.DESTRUCTIONS: N_("What was destroyed, on which list, and the digest of what it was."),
}
Cells = list[dict[str, str]]


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def register(request: HttpRequest, name: str) -> HttpResponse:
    which = _named(name)
    officer = officer_of(request.user)
    columns, rows = TABLES[which](narrowed_to(officer))
    context = {
        "registers": [
            {"name": gettext(NAMES[each]), "code": each.value, "here": each is which}
            for each in Register
        ],
        "heading": gettext(NAMES[which]),
        "about": gettext(ABOUT[which]),
        "code": which.value,
        "columns": columns,
        "rows": rows,
        "form": AssuranceForm(partners=partner_choices(), initial={"on": clock.today()})
        if which is Register.ASSURANCES and officer.may(Permission.RELEASE_EVIDENCE)
        else None,
        "may_disclose": which is Register.DISCLOSURES and officer.may(Permission.RELEASE_EVIDENCE),
    }
    return render(request, "evidence/register.html", context)


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def save(request: HttpRequest, name: str) -> HttpResponse:
    """The register as a file that a spreadsheet opens: what the officer may see of it."""
    which, seen_by = _named(name), narrowed_to(officer_of(request.user))
    response = HttpResponse(queries.as_csv(which, seen_by), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{which.value}.csv"'
    return response


@require_http_methods(["POST"])
@officer_page(Permission.RELEASE_EVIDENCE)
def assure(request: HttpRequest) -> HttpResponse:
    """Enter an assurance, given or received."""
    form = AssuranceForm(request.POST, partners=partner_choices())
    if form.is_valid():
        given = form.cleaned_data
        made = attempted(
            form,
            lambda: disclosing.record_assurance(
                given["partner"],
                given["text"],
                ours=given["ours"] == "ours",
                by=officer_of(request.user),
                at=clock.now(),
                given_on=given["on"],
                instrument=given["instrument"],
                item=given["item"].strip().upper(),
            ),
        )
        if made is not None:
            messages.success(request, gettext("Entered as {it}.").format(it=made.reference))
            return redirect("evidence:register", Register.ASSURANCES.value)
    for error in [*form.non_field_errors(), *(e for each in form for e in each.errors)]:
        messages.error(request, error)
    return redirect("evidence:register", Register.ASSURANCES.value)


def _named(name: str) -> Register:
    if name not in frozenset(Register):
        raise Http404
    return Register(name)


def _cell(text: str, url: str = "") -> dict[str, str]:
    return {"text": text, "url": url}


def _item(reference: str) -> dict[str, str]:
    return _cell(reference, reverse("evidence:item", args=[reference]) if reference else "")


def _disclosures(officer: str) -> tuple[list[str], list[Cells]]:
    columns = [gettext(each) for each in ("Item", "To whom", "Under", "With what", "Day", "Entry")]
    return columns, [
        [
            _item(one.item),
            _cell(" ".join(filter(None, (gettext(DISCLOSED_WORDS[one.to]), one.recipient)))),
            _cell(" ".join(filter(None, (one.instrument, one.article)))),
            _cell(one.source),
            _cell(telling.day(one.on)),
            _cell(one.reference, reverse("evidence:disclosure", args=[one.reference])),
        ]
        for one in queries.disclosures(officer=officer)
    ]


def _assurances(officer: str) -> tuple[list[str], list[Cells]]:
    columns = [gettext(each) for each in ("Assurance", "Partner", "Under", "Given", "Breached")]
    return columns, [_assurance(one) for one in queries.assurances(officer=officer)]


def _assurance(one: Assurance) -> Cells:
    given = gettext("by us, {day}") if one.ours else gettext("to us, {day}")
    return [
        _cell(one.reference, reverse("evidence:assurance", args=[one.reference])),
        _cell(telling.administration(one.partner)),
        _cell(one.instrument),
        _cell(given.format(day=telling.day(one.given_on))),
        _cell(telling.day(one.breached_on)),
    ]


def _originals(officer: str) -> tuple[list[str], list[Cells]]:
    columns = [gettext(each) for each in ("Item", "Owner", "State", "Back by", "Sent back")]
    return columns, [
        [
            _item(one.item),
            _cell(telling.administration(one.supplier)),
            _cell(gettext(STATE_WORDS[one.state])),
            _cell(telling.day(one.return_by)),
            _cell(telling.day(one.confirmed_on or one.sent_back_on)),
        ]
        for one in queries.originals(officer=officer)
    ]


def _uses(officer: str) -> tuple[list[str], list[Cells]]:
    columns = [gettext(each) for each in ("Item", "What for", "Proceeding", "Under", "Day")]
    return columns, [
        [
            _item(one.item),
            _cell(telling.word(one.purpose)),
            _cell(gettext(PROCEEDING_WORDS[one.proceeding])),
            _cell(" ".join(filter(None, (one.instrument, one.article)))),
            _cell(telling.day(one.on)),
        ]
        for one in all_uses(officer=officer)
    ]


def _destructions(officer: str) -> tuple[list[str], list[Cells]]:
    columns = [gettext(each) for each in ("Item", "List", "Ground", "Digest", "Day")]
    return columns, [
        [
            _item(one.item),
            _cell(one.list, reverse("evidence:destruction-list", args=[one.list])),
            _cell(gettext(DESTRUCTION_WORDS[one.ground])),
            _cell(one.digest),
            _cell(telling.day(one.at)),
        ]
        for one in destroyed_entries(officer=officer)
    ]


TABLES: dict[Register, Callable[[str], tuple[list[str], list[Cells]]]] = {
    Register.DISCLOSURES: _disclosures,
    Register.ASSURANCES: _assurances,
    Register.ORIGINALS: _originals,
    Register.USES: _uses,
    Register.DESTRUCTIONS: _destructions,
}
COLUMNS = (
    N_("Item"), N_("To whom"), N_("Under"), N_("With what"), N_("Day"), N_("Assurance"),
    N_("Partner"), N_("Given"), N_("Breached"), N_("Owner"), N_("State"), N_("Back by"),
    N_("Sent back"), N_("What for"), N_("Proceeding"), N_("List"), N_("Ground"), N_("Digest"),
    N_("Entry"),
)  # fmt: skip
"""Every heading of a column, for the catalogues."""
