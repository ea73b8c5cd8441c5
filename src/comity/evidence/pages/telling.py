# SPDX-License-Identifier: Apache-2.0
"""Values of evidence as a reader meets them: administrations, officers, sizes, codes in words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext

from comity.accounts.queries import officer_by_reference
from comity.accounts.services.answering import language
from comity.agreements.queries import own_administration
from comity.errors import NotFoundError
from comity.exchange.queries.partner_records import partner_record
from comity.reference.countries import country_name
from comity.reference.taxonomy import label

MACHINES = frozenset(("EVIDENCE", "EXCHANGE", "NODE"))
"""The node's own parts, as records name who did what no officer did."""


def author(reference: str, authority: str) -> str:
    """Who did an act that some administration recorded: its officer, or its node."""
    if reference in MACHINES and authority != own_administration():
        return gettext("the node of {administration}").format(administration=authority)
    return officer(reference)


def size(count: int | None) -> str:
    """A number of bytes with its unit; empty where there is no file."""
    return str(filesizeformat(count)) if count is not None else ""


def administration(code: str) -> str:
    """An administration by name and code; ourselves for the empty code."""
    if not code:
        return gettext("our own")
    name = _partner_name(code) or country_name(code, language())
    return f"{name} ({code})" if name and name != code else code


def _partner_name(code: str) -> str:
    try:
        return partner_record(code).partner.name
    except NotFoundError:
        return ""


def officer(reference: str) -> str:
    """An officer of ours by name and reference; our machine by what it is, others as they are."""
    if reference in MACHINES:
        return gettext("this node")
    try:
        return f"{officer_by_reference(reference).display_name} ({reference})"
    except NotFoundError:
        return reference


def words(codes: Iterable[StrEnum]) -> str:
    """Codes of the taxonomy in words, in the order of their list."""
    return ", ".join(gettext(label(code)) for code in sorted(codes))


def word(code: StrEnum) -> str:
    """One code of the taxonomy in words."""
    return gettext(label(code))


def capital(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def day(value: object) -> str:
    """A day as the reader's language writes it."""
    return str(date_format(value, "DATE_FORMAT")) if value else ""  # type: ignore[arg-type]
