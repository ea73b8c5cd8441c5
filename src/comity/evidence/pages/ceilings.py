# SPDX-License-Identifier: Apache-2.0
"""The ceilings above the desk and towards each partner: what they are, and setting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page, require
from comity.accounts.services.answering import attempted, holders
from comity.evidence.forms.ceilings import CODES, CeilingForm
from comity.evidence.pages import telling
from comity.evidence.queries.ceilings import DESK, ceiling_set, ceilings_set
from comity.evidence.record_documents import CeilingSet
from comity.evidence.services.ceilings import set_ceiling
from comity.evidence.way_out import WAY_WORDS, WayOut
from comity.exchange.queries.ledger import partner_choices
from comity.handling.ceiling import PART_WORDS, Ceiling, CeilingPart
from comity.reference.taxonomy import label


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.VIEW_PARTNERS)
def ceilings(request: HttpRequest) -> HttpResponse:
    """Every ceiling that stands; for an administrator the form of the one that is chosen."""
    officer = officer_of(request.user)
    partners = dict(partner_choices())
    asked = request.POST.get("partner", "") or request.GET.get("partner", "")
    partner = asked if asked in partners else DESK
    given = request.POST if request.method == "POST" else None
    form = CeilingForm(given, initial=CeilingForm.values_of(ceiling_set(partner)))
    if request.method == "POST":
        require(officer, Permission.ADMINISTER_PARTNERS)
        if form.is_valid():
            made = attempted(
                form,
                lambda: set_ceiling(form.ceiling(), partner=partner, by=officer, at=clock.now()),
            )
            if made is not None:
                text = gettext("The ceiling for {whom} is set, and holds from now on.")
                messages.success(request, text.format(whom=_whom(partner)))
                return redirect(_address(partner))
    may = officer.may(Permission.ADMINISTER_PARTNERS)
    context = {
        "rows": [_row(one) for one in _standing(partners)],
        "chosen": partner,
        "whom": _whom(partner),
        "choices": [(DESK, _whom(DESK)), *((code, _whom(code)) for code in partners)],
        "form": form if may else None,
        "roles": holders(Permission.ADMINISTER_PARTNERS),
    }
    return render(request, "evidence/ceilings.html", context)


def _standing(partners: dict[str, str]) -> list[CeilingSet]:
    """The desk's ceiling first, then those of partners that have one."""
    found = {one.partner: one for one in ceilings_set()}
    desk = found.pop(DESK, CeilingSet(DESK, ceiling_set()))
    return [desk, *(found[code] for code in sorted(found))]


def _row(one: CeilingSet) -> dict[str, Any]:
    """One ceiling in words. Any: values for the template."""
    return {
        "partner": one.partner,
        "whom": _whom(one.partner),
        "url": _address(one.partner),
        "limits": limits(one.ceiling),
        "set_by": telling.officer(one.set_by) if one.set_by else "",
        "set_at": date_format(one.set_at, "SHORT_DATETIME_FORMAT") if one.set_at else "",
    }


def limits(ceiling: Ceiling) -> list[tuple[str, str]]:
    """What a ceiling limits, part by part, in words; nothing for no limit at all."""
    found = []
    for part in CODES:
        limit = getattr(ceiling, part.value)
        if limit is not None:
            words = ", ".join(sorted(_word(part, code) for code in limit))
            found.append((gettext(PART_WORDS[part]), words or gettext("nothing")))
    if not ceiling.personal_data:
        found.append((gettext(PART_WORDS[CeilingPart.PERSONAL_DATA]), gettext("none")))
    return found


def _word(part: CeilingPart, code: Any) -> str:
    """One code in words. Any: a code of the part."""
    return gettext(WAY_WORDS[WayOut(code)] if part is CeilingPart.WAYS else label(code))


def _whom(partner: str) -> str:
    return telling.administration(partner) if partner else gettext("our own desk")


def _address(partner: str) -> str:
    url = reverse("evidence:ceilings")
    return f"{url}?partner={partner}" if partner else url
