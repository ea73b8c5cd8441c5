# SPDX-License-Identifier: Apache-2.0
"""What may be done with a message, in sentences: its handling, its caveats, its purpose."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from comity.exchange.message_state import Direction
from comity.exchange.queries.markings import Marking
from comity.exchange.queries.messages import MessageRecord
from comity.exchange.queries.own import own_code
from comity.reference.taxonomy import Caveat, FormOfAssistance, HandlingCode, Purpose, label


def of(record: MessageRecord, one: Marking) -> dict[str, Any]:
    """The banner, the sentences of the box, and the way to the question "may we use it?"."""
    return {
        "handling": "; ".join(_marks(one)),
        "conditions": list(_sentences(record, one)),
        "use_url": _use(record, one),
        "official": one.official,
    }


def _marks(one: Marking) -> list[str]:
    """What the banner of the page says: the handling code, then every caveat."""
    handling = [_word(one.handling, HandlingCode)] if one.handling else []
    return handling + [_word(caveat, Caveat) for caveat in one.caveats]


def _sentences(record: MessageRecord, one: Marking) -> list[str]:
    found = [_word(caveat, Caveat) + "." for caveat in one.caveats]
    if record.instrument:
        under = gettext("It stands under {instrument}.").format(instrument=record.instrument)
        if record.article:
            under = gettext("It stands under {instrument}, article {article}.").format(
                instrument=record.instrument, article=record.article
            )
        found.append(under)
    for template, name, codes in (
        (gettext("Form of assistance: {named}."), "forms", FormOfAssistance),
        (gettext("For these purposes only: {named}."), "purposes", Purpose),
    ):
        named = _named(one, name, codes)
        if named:
            found.append(template.format(named=named))
    return found


def _named(one: Marking, name: str, codes: Any) -> str:
    """The codes of the sender's question in words. Any: a list of codes."""
    given = (one.question or {}).get(name)
    if not isinstance(given, list | tuple):
        return ""
    return ", ".join(_word(str(code), codes) for code in given)


def _word(code: str, codes: Any) -> str:
    """The words of a code; the code itself where a newer partner's list has it. Any: a list."""
    return gettext(label(code)) if code in frozenset(codes) else code


def _use(record: MessageRecord, one: Marking) -> str:
    """The page that answers whether we may use what the partner sent."""
    if record.direction is not Direction.IN or not record.instrument:
        return ""
    asked: dict[str, Any] = {
        "kind": "use",
        "holder": own_code(),
        "supplier": record.partner,
        "supplied_on": record.created_at.date().isoformat(),
        "under": record.instrument,
        "caveats": [caveat for caveat in one.caveats if caveat in frozenset(Caveat)],
    }
    if one.handling in frozenset(HandlingCode):
        asked["handling"] = one.handling
    return f"{reverse('agreements:assess')}?{urlencode(asked, doseq=True)}"
