# SPDX-License-Identifier: Apache-2.0
"""Two instruments, or an instrument and a model text, side by side."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from comity.accounts.permissions import Permission
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.agreements import queries
from comity.agreements.comparison import (
    MATTER_WORDS,
    RELATION_WORDS,
    Comparison,
    Relation,
    Row,
    Side,
)
from comity.agreements.comparison import compare as compared
from comity.agreements.forms.searching import CompareForm
from comity.agreements.pages import provisions, words
from comity.agreements.pages.answering import shown, suggestions
from comity.agreements.provision import ProvisionType
from comity.agreements.provision_parameters import parameter
from comity.agreements.queries.why import anchor
from comity.agreements.state_words import BASIS_WORDS

TONES: dict[Relation, str] = {
    Relation.SAME: "unknown",
    Relation.WIDER: "yes",
    Relation.STRICTER: "person",
    Relation.DIFFERENT: "consent",
    Relation.ONLY_FIRST: "yes-notice",
    Relation.ONLY_SECOND: "channel",
    Relation.SECOND_NOT_KNOWN: "unknown",
    Relation.FIRST_NOT_KNOWN: "unknown",
}


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def compare(request: HttpRequest) -> HttpResponse:
    asked = "first" in request.GET and "second" in request.GET
    form = CompareForm(request.GET if asked else None, initial=request.GET.dict())
    context: dict[str, Any] = {"form": form, **suggestions()}
    if asked and form.is_valid():
        register = queries.register()
        first, second = form.cleaned_data["first"], form.cleaned_data["second"]
        found = attempted(
            form, lambda: compared(register.instrument(first), register.instrument(second))
        )
        if found is not None:
            context |= _shown(found, only_differing=form.cleaned_data["only_differing"])
            context["first"] = register.instrument(first)
            context["second"] = register.instrument(second)
    return shown(request, "compare", context)


def _shown(found: Comparison, *, only_differing: bool) -> dict[str, Any]:
    rows = found.differing() if only_differing else found.rows
    return {
        "compared": True,
        "groups": [
            (gettext(MATTER_WORDS[matter]), [_row(row, found) for row in group])
            for matter, group in groupby(rows, key=lambda row: row.matter)
        ],
        "count": len(rows),
        "differing": len(found.differing()),
        "only_first": len(found.only_first()),
        "only_second": len(found.only_second()),
    }


def _row(row: Row, found: Comparison) -> dict[str, Any]:
    relation = gettext(RELATION_WORDS[row.relation])
    return {
        "topic": topic_in_words(row.topic),
        "relation": relation.format(first=found.first, second=found.second),
        "tone": TONES[row.relation],
        "first": _side(row.first),
        "second": _side(row.second),
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "value": provisions.in_words(side.value),
        "article": side.article,
        "anchor": anchor(side.article),
        "basis": gettext(BASIS_WORDS[side.basis]),
    }


def topic_in_words(topic: str) -> str:
    """A code's words; for `<provision type>.<parameter>` what the parameter says of itself."""
    kind, dot, name = topic.partition(".")
    if kind in set(ProvisionType):
        said = gettext(provisions.TYPE_WORDS[ProvisionType(kind)])
        known = parameter(ProvisionType(kind), name) if dot else None
        return f"{said}: {gettext(known.about).rstrip('.')}" if known else said
    return words.words_of(topic)
