# SPDX-License-Identifier: Apache-2.0
"""What is known of an item, field by field, with what others say of the same field beside it."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from comity.catalogues import N_
from comity.evidence.item import Claim, Description, Item
from comity.evidence.pages import opening, telling
from comity.evidence.pages.opening import Shown
from comity.evidence.services.items import CLAIMABLE

FIELD_WORDS: dict[str, str] = {
    "title": N_("Title"),
    "text": N_("Description"),
    "marks": N_("Marks"),
    "acquired-at": N_("When it came into hands"),
    "place": N_("Where"),
    "acquired-by": N_("By whom"),
    "how": N_("How"),
    "power": N_("Under what power"),
    "third-party-rights": N_("Rights of third parties"),
    "other": N_("Something else"),
}
JUDICIALLY = N_("By order of a judicial authority")
RETURN_BY = N_("To be given back by")


def claimable() -> list[tuple[str, str]]:
    """The fields of which somebody can say something else."""
    return [(name, gettext(FIELD_WORDS[name])) for name in CLAIMABLE]


def of_item(item: Item, shown: Shown) -> dict[str, Any]:
    """The facts and their claims for the item's page. Any: values for the template."""
    if shown.description is None:
        return {"description": [], "disagree": False}
    claims = opening.claims(shown.let)
    facts = [
        {
            "name": gettext(FIELD_WORDS[name]),
            "said": value,
            "claims": [_claim(each) for each in claims if each.field == name],
        }
        for name, value in _said(shown.description).items()
    ]
    facts.append(_judicially(shown.description))
    others = [_claim(each) for each in claims if each.field == "other"]
    if others:
        name = gettext(FIELD_WORDS["other"])
        facts.append({"name": name, "said": gettext("see beside"), "claims": others})
    if item.return_by:
        facts.append({"name": gettext(RETURN_BY), "said": telling.day(item.return_by)})
    return {"description": facts, "disagree": bool(claims)}


def _said(one: Description) -> dict[str, str]:
    """What the description says of each field; empty for what nobody said."""
    took = one.acquisition
    return {
        "title": one.title,
        "text": one.text,
        "marks": "\n".join(one.marks),
        "acquired-at": date_format(took.at, "DATETIME_FORMAT") if took.at else "",
        "place": took.place,
        "acquired-by": took.by,
        "how": took.how,
        "power": took.power,
        "third-party-rights": one.third_party_rights,
    }


def _judicially(one: Description) -> dict[str, Any]:
    known = one.acquisition.judicially_obtained
    said = "" if known is None else gettext("yes") if known else gettext("no")
    return {"name": gettext(JUDICIALLY), "said": said}


def _claim(one: Claim) -> dict[str, Any]:
    return {"text": one.text, "author": telling.officer(one.author), "at": one.at}
