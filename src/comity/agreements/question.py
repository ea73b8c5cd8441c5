# SPDX-License-Identifier: Apache-2.0
"""The five questions that the engine answers: ask, release, use, disclose, retain.

Each carries its day (`on`); `known_on` replays what was known on a past day. Authorities are
written `US` or `US/CBP`. Codes are the taxonomy's; whoever builds a question from text lets
`taxonomy.code_of` refuse an unknown code first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
)


class Recipient(StrEnum):
    """To whom an item received is disclosed."""

    OTHER_AUTHORITY = "OTHER_AUTHORITY"
    THIRD_STATE = "THIRD_STATE"
    COURT = "COURT"
    DEFENCE = "DEFENCE"
    PUBLIC = "PUBLIC"


class Proceeding(StrEnum):
    """The proceeding in which an item is used, where the use is in one."""

    NONE = "none"
    ADMINISTRATIVE = "administrative"
    CIVIL = "civil"
    CRIMINAL = "criminal"


@dataclass(frozen=True, slots=True)
class Item:
    """What the engine needs to know of an item: never its content."""

    classes: frozenset[InformationClass] = frozenset()
    """Empty means unknown, and unknown is never better than `person-must-decide`."""
    caveats: frozenset[Caveat] = frozenset()
    handling: HandlingCode | None = None
    personal_data: bool | None = None
    judicially_obtained: bool | None = None
    return_or_destroy_by: date | None = None
    audience: frozenset[str] | None = None
    """Named recipients; None for no list. An empty list is nobody, never everybody."""


@dataclass(frozen=True, slots=True)
class Ask:
    """May `asker` ask `asked` for these forms, on these offences, for these purposes?"""

    asker: str
    asked: str
    forms: tuple[FormOfAssistance, ...]
    purposes: tuple[Purpose, ...]
    on: date
    offences: tuple[Offence, ...] = ()
    requested_on: date | None = None
    """The day an earlier request was received, for one still to be completed."""
    facts: tuple[Item, ...] = ()
    """The items whose facts the request discloses; empty when it discloses only its own words."""
    assurances_given: bool | None = None
    """Whether the asked side assured confidence and purpose limits for those facts."""
    assurance_breached: bool | None = None
    """Whether the asked side is known to have broken one; None where nobody looked."""
    consent_given: bool = False
    """Whether the asked side consented beforehand to the purpose."""
    under: str = ""
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """May `supplier` supply this item to `receiver` for these purposes?"""

    supplier: str
    receiver: str
    forms: tuple[FormOfAssistance, ...]
    purposes: tuple[Purpose, ...]
    on: date
    item: Item = Item()
    offences: tuple[Offence, ...] = ()
    requested_on: date | None = None
    assurances_given: bool | None = None
    """Whether the receiver assured confidence and purpose limits (19 CFR 103.33(b)(1) type)."""
    assurance_breached: bool | None = None
    """Whether the receiver is known to have broken such an assurance; None where nobody looked."""
    consent_given: bool = False
    """Whether the authority that must consent (a prosecutor, a judge, the originator) did."""
    under: str = ""
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """May `holder` use, for this purpose, an item that `supplier` supplied on that day?"""

    holder: str
    supplier: str
    purpose: Purpose
    on: date
    supplied_on: date | None
    proceeding: Proceeding = Proceeding.NONE
    offences: tuple[Offence, ...] = ()
    item: Item = Item()
    form: FormOfAssistance | None = None
    """The form under which the item came, where known: a standing ruling speaks of one form."""
    requested_on: date | None = None
    """The day the request was received, for an item supplied after the instrument had ended."""
    under: str = ""
    consent_given: bool = False
    notice_given: bool = False
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class Disclose:
    """May `holder` pass an item that `supplier` supplied on to this recipient?"""

    holder: str
    supplier: str
    recipient: Recipient
    on: date
    supplied_on: date | None
    recipient_code: str = ""
    """The third state's code or the authority's name, where known."""
    compelled: bool = False
    """True when a court or the law obliges the holder."""
    offences: tuple[Offence, ...] = ()
    item: Item = Item()
    requested_on: date | None = None
    """The day the request was received, for an item supplied after the instrument had ended."""
    under: str = ""
    consent_given: bool = False
    notice_given: bool = False
    assurances_given: bool | None = None
    """Whether the recipient assured confidence and purpose limits."""
    assurance_breached: bool | None = None
    """Whether the recipient is known to have broken such an assurance; None where nobody looked."""
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class Retain:
    """May `holder` keep, on this day, an item that `supplier` supplied on that day?"""

    holder: str
    supplier: str
    on: date
    supplied_on: date | None
    purpose_fulfilled: bool | None = None
    item: Item = Item()
    requested_on: date | None = None
    """The day the request was received, for an item supplied after the instrument had ended."""
    under: str = ""
    known_on: date | None = None


Question = Ask | Release | Use | Disclose | Retain
