# SPDX-License-Identifier: Apache-2.0
"""Values of the exchange as a reader meets them: problems, sizes, kinds, who acted."""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext

from comity.accounts.queries import officer_by_reference
from comity.accounts.services.answering import language
from comity.errors import NotFoundError
from comity.exchange import words
from comity.exchange.ledger import LedgerRow
from comity.exchange.pages import signs
from comity.exchange.queries.own import kinds
from comity.reference.countries import country_name


def problem(code: str) -> str:
    """What stood in the way, in the reader's language; empty for none."""
    return words.problem_in_words(code, language()) if code else ""


def next_act(code: str) -> str:
    """What would change it; empty where nothing is known."""
    return words.next_act(code, language())


def size(count: int) -> str:
    """A number of bytes with its unit."""
    return str(filesizeformat(count))


def administration(code: str, name: str = "") -> str:
    """An administration by name and code."""
    country = country_name(code, language())
    known = name or (country if country != code else "")
    return f"{known} ({code})" if known else code


def kind(name: str) -> str:
    """A kind of message in words; its code where this node has no such kind."""
    known = kinds().get(name)
    return gettext(known.says) if known else name


def officer(reference: str) -> str:
    """An officer of ours by name and reference; a machine, or somebody unknown, as it is."""
    try:
        return f"{officer_by_reference(reference).display_name} ({reference})"
    except NotFoundError:
        return reference


def ledger_row(row: LedgerRow) -> dict[str, Any]:
    """A message as the lists of every page show it."""
    return {
        "row": row,
        "url": reverse("exchange:message", args=[row.reference]),
        "partner": administration(row.partner, row.partner_name),
        "partner_url": reverse("exchange:partner", args=[row.partner]),
        "kind": kind(row.kind),
        "sign": signs.message_sign(row.state, row.direction),
        "direction": gettext(words.DIRECTION_WORDS[row.direction]),
        "problem": problem(row.problem),
        "size": size(row.size),
    }
