# SPDX-License-Identifier: Apache-2.0
"""“What may I do with this?”: each answer of the law as a sentence with a mark, and whom to ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services.answering import language
from comity.agreements.queries import register
from comity.catalogues import translate
from comity.evidence.conditions import (
    Answer,
    Contact,
    Stand,
    contact_words,
    laid_words,
    stand_words,
)
from comity.evidence.item import Item, ItemState
from comity.evidence.pages import telling
from comity.evidence.queries.conditions import conditions_of
from comity.evidence.way_out import Let
from comity.handling.marking import Marking
from comity.reference.taxonomy import Purpose, label

LOOKS: dict[Stand, tuple[str, str]] = {
    Stand.YES: ("yes", "check_circle"),
    Stand.YES_THEN_TELL: ("yes", "check_circle"),
    Stand.YES_UNDER_CONDITIONS: ("yes", "check_circle_outline"),
    Stand.TELL_FIRST: ("first", "notifications"),
    Stand.ASK_FIRST: ("first", "mail"),
    Stand.PERSON: ("person", "person"),
    Stand.OTHER_CHANNEL: ("no", "directions"),
    Stand.NO: ("no", "do_not_disturb"),
}
"""Tone and icon of each answer: never colour alone."""
FIRST = (
    Purpose.CRIMINAL_EVIDENCE,
    Purpose.ADMIN_PROCEEDING,
    Purpose.OTHER_AUTHORITY,
    Purpose.THIRD_STATE,
)
"""What officers ask most; the rest stands folded away."""
USES = frozenset(Purpose) - {Purpose.OTHER_AUTHORITY, Purpose.THIRD_STATE, Purpose.PUBLIC}


def of_item(item: Item, let: Let, officer: Officer, *, at: datetime) -> dict[str, Any]:
    """The box for the item's page. Any: values for the template."""
    if item.state is ItemState.DESTROYED:
        return {"answers": [], "more_answers": [], "laid": [], "contacts": []}
    found = conditions_of(item.reference, by=officer, on=at.date())
    first = [p for p in (found.purpose, *FIRST) if p is not None]
    order = list(dict.fromkeys(first))
    shown = [_answer(found.answer(purpose), item, officer) for purpose in order]
    rest = [one for one in found.answers if one.purpose not in order]
    return {
        "answers": shown,
        "more_answers": [_answer(one, item, officer) for one in rest],
        "laid": laid(found.laid, words=let.permitted or officer.may(Permission.DECIDE_ON_USE)),
        "contacts": [_contact(one) for one in found.contacts],
        "ask_url": reverse("evidence:use", args=[item.reference]),
    }


def _answer(one: Answer, item: Item, officer: Officer) -> dict[str, Any]:
    tone, icon = LOOKS[one.stand]
    first, *rest = stand_words(one, language())
    return {
        "tone": tone,
        "icon": icon,
        "what": translate(label(one.purpose), language()) + ":",
        "says": first,
        "more": " ".join(rest),
        **_duty(one, item, officer),
    }


def _duty(one: Answer, item: Item, officer: Officer) -> dict[str, str]:
    """The button that does the duty, for whoever may."""
    words = {
        Stand.TELL_FIRST: gettext("Tell them"),
        Stand.ASK_FIRST: gettext("Ask them"),
    }.get(one.stand, "")
    if not words or one.purpose not in USES or not officer.may(Permission.USE_EVIDENCE):
        return {}
    url = reverse("evidence:use", args=[item.reference])
    return {"act": words, "url": f"{url}?purpose={one.purpose}"}


def _contact(one: Contact) -> dict[str, str]:
    try:
        url = reverse("exchange:partner", args=[one.administration])
    except NoReverseMatch:
        url = ""
    return {"says": contact_words(one, language()), "url": url}


def laid(marking: Marking, *, words: bool) -> list[str]:
    """What is laid on an item, in sentences; without the supplier's own words where not seen."""
    found = laid_words(marking, language(), day=telling.day)
    hidden = len(marking.restrictions)
    if words or not hidden:
        return found
    return [*found[:-hidden], gettext("A restriction in its supplier's words.")]


def instrument_url(reference: str) -> str:
    """The page of an instrument that the register has; empty for any other."""
    if not reference or reference not in register().instruments:
        return ""
    return reverse("agreements:instrument", args=[reference])
