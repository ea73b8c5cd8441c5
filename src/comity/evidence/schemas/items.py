# SPDX-License-Identifier: Apache-2.0
"""Case files, items and their custody as the API sends and takes them.

What a person wrote of an item stands in an answer only where the door let it out.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from comity.evidence.custody import CustodyAct, Fault
from comity.evidence.item import ItemKind, ItemState, Rank
from comity.evidence.schemas.words import (
    BY_HAND_CODES,
    PLAIN,
    CaseCode,
    Day,
    Instant,
    LongWords,
    Name,
    OfficerCode,
    Taken,
    Words,
)
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
)


class CaseIn(Taken):
    """A case file: its purpose is stated once, and inherited by what is put into it."""

    reference: Annotated[str, Field(max_length=60, pattern=r"^[A-Z0-9]+([./-][A-Z0-9]+)*$")] = (
        Field(description="A code with a number, never a name.")
    )
    purpose: Purpose
    offences: Annotated[list[Offence], Field(max_length=100)] = Field(default_factory=list)
    officers: Annotated[list[OfficerCode], Field(max_length=200)] = Field(default_factory=list)


class CaseOut(Schema):
    """A case file."""

    reference: str
    purpose: Purpose
    offences: list[Offence]
    officers: list[str]
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None


class CasesOut(Schema):
    """Case files, the newest first."""

    items: list[CaseOut]
    next: str | None = Field(description="Always null: the newest ones are listed.")


# Items


class ItemIn(Taken):
    """An item of our own: what it is, and how it came into hands."""

    kind: ItemKind = ItemKind.DOCUMENT
    rank: Rank = Rank.ORIGINAL
    title: Annotated[str, Field(min_length=1, max_length=300, pattern=PLAIN)]
    text: LongWords = ""
    case: CaseCode = ""
    marks: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)
    taken_at: Instant | None = None
    place: Name = ""
    from_whom: Name = ""
    how: Words = ""
    power: Words = Field("", description="The provision or order under which it was taken.")
    judicially_obtained: bool | None = None
    third_party_rights: Words = ""
    classes: Annotated[list[InformationClass], Field(max_length=50)] = Field(default_factory=list)
    caveats: Annotated[list[Caveat], Field(max_length=50)] = Field(default_factory=list)
    handling: HandlingCode | None = None
    personal_data: bool | None = None
    return_by: Day | None = None


class InCaseIn(Taken):
    """The case file into which an item is put."""

    case: Annotated[str, Field(max_length=60, pattern=r"^[A-Z0-9]+([./-][A-Z0-9]+)*$")]


class ChannelOut(Schema):
    """One way by which the item came, and what was laid on it then."""

    number: int
    supplier: str = Field(description="Empty for what is our own.")
    supplied_on: date | None
    instrument: str
    form: FormOfAssistance | None
    message: str
    marking: dict[str, Any]


class ItemOut(Schema):
    """What stands open of an item."""

    reference: str
    identity: str
    kind: ItemKind
    rank: Rank
    state: ItemState
    case: str
    media_type: str
    size: int | None
    digest: str
    certifiable: bool
    derived_from: list[str]
    return_by: date | None
    channels: list[ChannelOut]
    added_by: str
    added_at: datetime


class ItemsOut(Schema):
    """Items, the newest first, by what stands open of them."""

    items: list[ItemOut]
    next: str | None = Field(description="Give it as `after` for the next page.")


class OpenedItemOut(ItemOut):
    """An item as far as the law lets it out; `reading` says why or why not."""

    reading: dict[str, Any]
    description: dict[str, Any] | None = Field(None, description="Null where it was not let out.")
    claims: list[dict[str, Any]] = Field(default_factory=list)
    marking: dict[str, Any] | None = None


class ConditionsOut(Schema):
    """What may be done with an item, purpose by purpose, and whom to ask."""

    item: str
    on: date
    purpose: Purpose | None
    answers: list[dict[str, Any]]
    laid: dict[str, Any]
    channels: list[dict[str, Any]]
    return_by: date | None
    contacts: list[dict[str, Any]]
    sentences: list[str]


class CustodyIn(Taken):
    """An act of custody, as the officer who did it states it."""

    act: Annotated[str, Field(pattern=f"^({BY_HAND_CODES})$")]
    done_at: Instant | None = Field(None, description="Left out for now.")
    place: Name = ""
    reason: Words = ""
    counterpart: Name = ""
    marks: Annotated[list[Name], Field(max_length=50)] = Field(default_factory=list)
    purpose: Purpose | None = None


class EventOut(Schema):
    """One act of custody; `words` stand in it where they were let out."""

    item: str
    number: int
    act: CustodyAct
    at: datetime
    by: str
    role: str
    authority: str
    purpose: str
    counterpart: str
    digest_before: str
    digest_after: str
    outcome: str
    words_digest: str
    previous: str
    digest: str
    words: dict[str, Any] | None = None


class FindingOut(Schema):
    """A gap or a mismatch."""

    fault: Fault
    says: str
    number: int
    expected: str
    found: str


class CustodyOut(Schema):
    """An item's custody, and whether it holds; it stays when the item is destroyed."""

    item: str
    holds: bool
    events: list[EventOut]
    findings: list[FindingOut]
