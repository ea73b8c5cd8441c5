# SPDX-License-Identifier: Apache-2.0
"""Items as lists show them: reference, what it is, state, from whom; titles as far as permitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from comity.accounts.officer import Officer
from comity.evidence.item import RANK_WORDS, Item
from comity.evidence.pages import opening, signs, telling
from comity.evidence.pages.opening import Shown
from comity.evidence.way_out import Refusal, WayOut


def of_items(
    items: Sequence[Item], way: WayOut, officer: Officer, *, at: datetime, hide: bool = False
) -> list[dict[str, Any]]:
    """The rows of these items, in their order. Any: values for the template.

    With `hide`, items of case files that the officer does not work on are left out: to whoever
    may not see one, it is as if there were none.
    """
    found = opening.shown([item.reference for item in items], way, officer, at=at)
    pairs = [(item, found[item.reference]) for item in items]
    hidden = Refusal.NOT_ON_THE_CASE
    return [of_item(i, shown) for i, shown in pairs if not hide or shown.let.reason is not hidden]


def of_item(item: Item, shown: Shown) -> dict[str, Any]:
    """One item's row. Any: values for the template."""
    suppliers = dict.fromkeys(channel.supplier for channel in item.channels)
    return {
        "item": item,
        "url": reverse("evidence:item", args=[item.reference]),
        "title": shown.title,
        "untold": shown.untold,
        "marks": shown.description.marks if shown.description else (),
        "marked": ", ".join(sorted(shown.let.marking.handling)),
        "marking": shown.let.marking,
        "kind": signs.kind_word(item.kind),
        "icon": signs.kind_icon(item.kind),
        "rank": gettext(RANK_WORDS[item.rank]),
        "size": telling.size(item.size),
        "sign": signs.item_sign(item.state),
        "supplier": ", ".join(telling.administration(code) for code in suppliers),
        "return_by": telling.day(item.return_by),
        "verdict": shown.let.verdict.value,
    }
