# SPDX-License-Identifier: Apache-2.0
"""The registers: what was given out, which assurances were given and breached, which originals.

Rows are values with codes, days and references only, so that a register can be exported whole.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.evidence import models
from comity.evidence.hand_over import HandOverState
from comity.evidence.item import ItemState
from comity.evidence.lifetime import Assurance, DisclosedTo, Disclosure
from comity.evidence.queries.cases import in_cases_of
from comity.storage.services import unseal_record

ASSURANCE = "evidence assurance"


class UnknownDisclosureError(NotFoundError):
    """The register of disclosures has no such line."""

    code = "disclosure-unknown"
    message = N_("There is no disclosure {reference}.")
    remedy = N_("The register of disclosures lists them all.")


class UnknownAssuranceError(NotFoundError):
    """There is no such assurance."""

    code = "assurance-unknown"
    message = N_("There is no assurance {reference}.")
    remedy = N_("The register of assurances lists them all.")


class Register(StrEnum):
    """The registers that can be exported."""

    DISCLOSURES = "disclosures"
    ASSURANCES = "assurances"
    ORIGINALS = "originals"
    USES = "uses"
    DESTRUCTIONS = "destructions"


@dataclass(frozen=True, slots=True)
class Original:
    """An original or a thing of a partner's that is or was here."""

    item: str
    identity: str
    kind: str
    supplier: str
    supplied_on: date | None
    return_by: date | None
    state: ItemState
    sent_back_on: date | None
    confirmed_on: date | None

    def days_left(self, today: date) -> int | None:
        """Days until it must be back; None without a day or once it is."""
        if self.return_by is None or self.state is ItemState.RETURNED:
            return None
        return (self.return_by - today).days


def disclosures(
    *, item: str = "", recipient: str = "", since: date | None = None, officer: str = ""
) -> tuple[Disclosure, ...]:
    """What was given out, the latest first.

    For an officer, without items in case files that others alone work on.
    """
    rows = models.Disclosure.objects.select_related("item").filter(in_cases_of(officer, "item"))
    conditions = {"item__reference": item, "recipient": recipient, "on__gte": since}
    rows = rows.filter(**{name: value for name, value in conditions.items() if value})
    return tuple(_as_disclosure(row) for row in rows)


def disclosure(reference: str) -> Disclosure:
    """One line of the register of disclosures.

    Raises:
        UnknownDisclosureError: there is none.
    """
    row = models.Disclosure.objects.select_related("item").filter(reference=reference).first()
    if row is None:
        raise UnknownDisclosureError(reference=reference)
    return _as_disclosure(row)


def assurance(reference: str) -> Assurance:
    """One line of the register of assurances.

    Raises:
        UnknownAssuranceError: there is none.
    """
    row = models.Assurance.objects.select_related("item").filter(reference=reference).first()
    if row is None:
        raise UnknownAssuranceError(reference=reference)
    return _as_assurance(row)


def assurance_words(reference: str) -> tuple[str, str]:
    """What was assured, and how it was broken, in words; empty once they were erased."""
    row = models.Assurance.objects.filter(reference=reference).first()
    if row is None:
        raise UnknownAssuranceError(reference=reference)
    said, broken = (
        unseal_record(bytes(sealed), ASSURANCE).decode() if sealed else ""
        for sealed in (row.sealed, row.sealed_breach)
    )
    return said, broken


def partners_holding(item: str) -> tuple[str, ...]:
    """The partner administrations to which an item was given."""
    rows = models.Disclosure.objects.filter(item__reference=item, to=DisclosedTo.PARTNER)
    return tuple(sorted(set(rows.values_list("recipient", flat=True))))


def assurances(
    *, partner: str = "", breached: bool | None = None, officer: str = ""
) -> tuple[Assurance, ...]:
    """Assurances of confidence and purpose limits, ours and partners', the latest first."""
    rows = models.Assurance.objects.select_related("item").filter(in_cases_of(officer, "item"))
    rows = rows.filter(partner=partner) if partner else rows
    rows = rows if breached is None else rows.filter(breached_on__isnull=not breached)
    return tuple(_as_assurance(row) for row in rows)


def assured_by(partner: str) -> tuple[bool | None, bool | None]:
    """Whether a partner assured us, and whether it is known to have broken one; None: unknown."""
    rows = models.Assurance.objects.filter(partner=partner, ours=False)
    found = list(rows.values_list("breached_on", flat=True))
    if not found:
        return None, None
    return True, any(found)


def originals(*, supplier: str = "", here: bool = False, officer: str = "") -> tuple[Original, ...]:
    """Partners' originals and things, those to be returned first before the others."""
    rows = models.Item.objects.filter(in_cases_of(officer), channels__supplier__gt="")
    rows = rows.filter(rank="original").distinct()
    rows = rows.filter(channels__supplier=supplier) if supplier else rows
    rows = rows.filter(state=ItemState.HELD) if here else rows
    found = [_original(row) for row in rows.prefetch_related("channels")]
    return tuple(sorted(found, key=lambda one: (one.return_by or date.max, one.item)))


def register_rows(register: Register, officer: str = "") -> tuple[Mapping[str, Any], ...]:
    """A register's rows as plain values, in the order of its columns."""
    return tuple(_plain(value) for value in _values(register, officer))


def as_csv(register: Register, officer: str = "") -> str:
    """A register as a file that a spreadsheet opens; formulas in it are none."""
    rows = register_rows(register, officer)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue()


def as_json(register: Register) -> str:
    """A register as JSON."""
    document = {"register": register.value, "rows": list(register_rows(register))}
    return json.dumps(document, indent=2) + "\n"


def _as_disclosure(row: models.Disclosure) -> Disclosure:
    """A disclosure as a value."""
    return Disclosure(
        reference=row.reference,
        item=row.item.reference,
        identity=str(row.item.identity),
        to=DisclosedTo(row.to),
        recipient=row.recipient,
        instrument=row.instrument,
        article=row.article,
        source=row.source,
        message=row.message,
        on=row.on,
        recorded_by=row.recorded_by,
    )


def _as_assurance(row: models.Assurance) -> Assurance:
    """An assurance as a value."""
    return Assurance(
        reference=row.reference,
        partner=row.partner,
        ours=row.ours,
        instrument=row.instrument,
        item=row.item.reference if row.item else "",
        given_on=row.given_on,
        recorded_by=row.recorded_by,
        breached_on=row.breached_on,
        breach_recorded_by=row.breach_recorded_by,
    )


def _original(row: models.Item) -> Original:
    channel = next(one for one in row.channels.all() if one.supplier)
    returns = row.hand_overs.filter(for_good=True, administration=channel.supplier)
    sent = returns.exclude(state=HandOverState.WITHDRAWN).first()
    confirmed = sent is not None and sent.state == HandOverState.CONFIRMED
    return Original(
        item=row.reference,
        identity=str(row.identity),
        kind=row.kind,
        supplier=channel.supplier,
        supplied_on=channel.supplied_on,
        return_by=row.return_by,
        state=ItemState(row.state),
        sent_back_on=sent.on if sent else None,
        confirmed_on=sent.answered_at.date() if sent and confirmed and sent.answered_at else None,
    )


def _values(register: Register, officer: str) -> Iterable[Any]:  # any: values of several kinds
    match register:
        case Register.DISCLOSURES:
            return disclosures(officer=officer)
        case Register.ASSURANCES:
            return assurances(officer=officer)
        case Register.ORIGINALS:
            return originals(officer=officer)
        case Register.USES:
            from comity.evidence.queries.statements import all_uses

            return all_uses(officer=officer)
        case Register.DESTRUCTIONS:
            from comity.evidence.queries.lifetime import destroyed_entries

            return destroyed_entries(officer=officer)


def _plain(value: Any) -> dict[str, Any]:  # any: a value of a register
    names = [field.name for field in fields(value)]
    return {name: _json(getattr(value, name)) for name in names if name not in _WORDS}


_WORDS = frozenset({"forum"})
"""What a person wrote: it stays in the node, sealed."""


def _json(value: Any) -> Any:  # any: JSON
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def _cell(value: Any) -> str:  # any: a column's value
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
