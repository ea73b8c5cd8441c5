# SPDX-License-Identifier: Apache-2.0
"""Coverage: whom an administration can ask for what on a day; the world, the table, the gaps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.agreements import export, queries
from comity.agreements.agreement_state import Sure
from comity.agreements.coverage import GAP_WORDS, Coverage, Gap, PartnerCoverage
from comity.agreements.forms.searching import CoverageForm
from comity.agreements.pages import words
from comity.agreements.pages.answering import shown, suggestions
from comity.agreements.verdict import VERDICT_WORDS, Verdict
from comity.catalogues import N_
from comity.reference.taxonomy import FormOfAssistance, Purpose

COLUMNS = (
    "partner",
    "name",
    "verdict",
    "forms_permitted",
    "purposes_permitted",
    "gap",
    "instruments",
    "signed_not_in_force",
)
FIRST_YEAR = 1970
PERMITTED, IN_FORCE = "permitted", "in-force"
GROUPS: dict[str, str] = {
    PERMITTED: N_("Can be asked for something on this day"),
    IN_FORCE: N_("In force, but nothing is permitted without more"),
    **{
        gap: GAP_WORDS[gap]
        for gap in (
            Gap.AWAITING_CONFIRMATION,
            Gap.SIGNED_ONLY,
            Gap.OTHER_SUBJECT,
            Gap.ENDED,
            Gap.NOTHING,
        )
    },
}
"""Where a partner stands on the page, what can be asked first."""


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def coverage(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if not form.is_valid():
        return shown(request, "coverage", {"form": form, **suggestions()})
    of, on = form.cleaned_data["of"], form.cleaned_data["on"]
    found = queries.coverage_of(of, on)
    partners = [(each, _best(found, each, form)) for each in found.partners]
    context = {
        "form": form,
        "of": of,
        "of_name": words.party_name(of),
        "on": on,
        "cells": _cells(partners, of=of, on=on),
        "groups": _groups(partners),
        "says": _sentence(partners, of),
        "waiting": _waiting(found),
        "to_confirm": _to_confirm(found),
        "years": {"first": FIRST_YEAR, "last": clock.today().year + 1},
        "query": request.GET.urlencode(),
        "may_confirm": officer_of(request.user).may(Permission.CONFIRM_FORCE),
        **suggestions(),
    }
    return shown(request, "coverage", context)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def coverage_csv(request: HttpRequest) -> HttpResponse:
    form, documents = _documents(request)
    if documents is None:
        return shown(request, "coverage", {"form": form, **suggestions()})
    rows = [{name: _flat(value) for name, value in each.items()} for each in documents]
    response = HttpResponse(export.csv_text(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    name = f"coverage-{form.cleaned_data['of']}-{form.cleaned_data['on']}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def coverage_json(request: HttpRequest) -> HttpResponse:
    form, documents = _documents(request)
    if documents is None:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    given = {"administration": form.cleaned_data["of"], "on": form.cleaned_data["on"]}
    return JsonResponse({**given, "partners": documents})


def partner_document(each: PartnerCoverage, best: Verdict) -> dict[str, Any]:
    """One partner as programs read it."""
    return {
        "partner": each.partner,
        "name": words.party_name(each.partner),
        "verdict": best.value,
        "forms_permitted": [form.value for form in each.forms],
        "purposes_permitted": [purpose.value for purpose in each.purposes],
        "gap": each.gap.value if each.gap else None,
        "instruments": [one.reference for one in each.instruments],
        "signed_not_in_force": [one.reference for one in each.awaiting],
    }


def _form(request: HttpRequest) -> CoverageForm:
    """The form as sent, with this node's own administration and today where nothing is said."""
    data = request.GET.copy()
    data.setdefault("of", queries.own_administration())
    data.setdefault("on", clock.today().isoformat())
    year = request.GET.get("year", "")
    if year.isdecimal():
        data["on"] = _in_year(str(data["on"]), int(year))
    return CoverageForm(data)


def _in_year(day: str, year: int) -> str:
    """The same day in another year, for the slider; the last of February where there is none."""
    month_and_day = day[4:] if len(day) == 10 else "-12-31"
    return f"{year:04}{'-02-28' if month_and_day == '-02-29' else month_and_day}"


def _documents(request: HttpRequest) -> tuple[CoverageForm, list[dict[str, Any]] | None]:
    form = _form(request)
    if not form.is_valid():
        return form, None
    found = queries.coverage_of(form.cleaned_data["of"], form.cleaned_data["on"])
    return form, [partner_document(each, _best(found, each, form)) for each in found.partners]


def _best(found: Coverage, each: PartnerCoverage, form: CoverageForm) -> Verdict:
    """The best verdict of what one is interested in."""
    wanted, purpose = form.cleaned_data["form"], form.cleaned_data["purpose"]
    if not wanted and not purpose:
        return each.best
    return found.best(
        each.partner,
        forms=(FormOfAssistance(wanted),) if wanted else tuple(FormOfAssistance),
        purposes=(Purpose(purpose),) if purpose else tuple(Purpose),
    )


def _cells(
    partners: list[tuple[PartnerCoverage, Verdict]], *, of: str, on: date
) -> list[dict[str, Any]]:
    """What the map draws: every partner with its verdict, and ourselves."""
    verdicts = {verdict: gettext(VERDICT_WORDS[verdict]) for verdict in Verdict}
    day = f"?of={of}&on={on.isoformat()}"
    cells: list[dict[str, Any]] = [
        {
            "code": each.partner,
            "name": words.party_name(each.partner),
            "verdict": best.value,
            "word": verdicts[best],
            "url": reverse("agreements:partner", args=[each.partner]) + day,
        }
        for each, best in partners
    ]
    home = {"code": of, "name": words.party_name(of), "word": gettext("Ourselves"), "home": True}
    return [*cells, home]


def _row(each: PartnerCoverage, best: Verdict) -> dict[str, Any]:
    return {
        "code": each.partner,
        "name": words.party_name(each.partner),
        "verdict": best.value,
        "forms": len(each.forms),
        "purposes": len(each.purposes),
        "gap": gettext(GAP_WORDS[each.gap]) if each.gap else "",
        "instruments": each.instruments,
    }


def _groups(partners: list[tuple[PartnerCoverage, Verdict]]) -> list[dict[str, Any]]:
    """The partners by what stands between them and an answer; only groups that have any."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
    for each, best in partners:
        name = PERMITTED if best.permits else each.gap or IN_FORCE
        found[name].append(_row(each, best))
    return [
        {
            "title": gettext(GROUPS[name]),
            "rows": rows,
            "names_only": name == Gap.NOTHING,
            "gaps": name == PERMITTED and any(row["gap"] for row in rows),
        }
        for name, rows in found.items()
        if rows
    ]


def _sentence(partners: list[tuple[PartnerCoverage, Verdict]], of: str) -> str:
    count = sum(1 for _, best in partners if best.permits)
    text = ngettext(
        "{name} can ask {count} of {whole} partners for something on this day.",
        "{name} can ask {count} of {whole} partners for something on this day.",
        count,
    )
    return text.format(name=words.party_name(of), count=count, whole=len(partners))


def _waiting(found: Coverage) -> list[dict[str, Any]]:
    """Signed and not known to be in force, the longest wait first."""
    waiting = {one.reference: one for each in found.partners for one in each.awaiting}
    ordered = sorted(waiting.values(), key=lambda one: -(one.waiting_days or 0))
    return [
        {
            "one": one,
            "signed": words.day(one.signed_on),
            "years": round((one.waiting_days or 0) / 365.25, 1),
            "sign": words.sign_of(one.state),
        }
        for one in ordered
    ]


def _to_confirm(found: Coverage) -> int:
    """How many instruments have a force that nobody knows."""
    unknown = {
        one.reference
        for each in found.partners
        for one in each.instruments
        if one.state.in_force is Sure.UNKNOWN
    }
    return len(unknown)


def _flat(value: object) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)
