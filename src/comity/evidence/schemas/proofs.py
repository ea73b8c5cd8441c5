# SPDX-License-Identifier: Apache-2.0
"""Statements, certified copies, redactions, packages and verifications in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from comity.agreements.question import Proceeding
from comity.evidence.copy_register import Conformance, CopyState
from comity.evidence.forum_profiles import Capacity
from comity.evidence.package import Disclosure, PackageKind
from comity.evidence.packing import LONGEST_WAIT, PackingStep
from comity.evidence.packing_order import OrderState
from comity.evidence.schemas.words import (
    PLAIN,
    REDACTION,
    CaseCode,
    InstrumentCode,
    ItemCode,
    Items,
    LongWords,
    Name,
    PartName,
    PartnerCode,
    Taken,
    Words,
)
from comity.exchange.message_state import Direction
from comity.handling.redaction import RedactionReason
from comity.reference.taxonomy import (
    FormOfAssistance,
    Offence,
    Purpose,
)


class StatementIn(Taken):
    """Items that are certified at once, as they are now."""

    items: Items
    under: InstrumentCode = ""
    article: Name = ""


class StatementOut(Schema):
    """A sealed statement on items."""

    reference: str
    root: str
    items: list[str]
    leaves: int
    at: datetime
    pilot: bool = Field(description="Whether its seal or time stamp is of the pilot authority.")


class OfficialIn(Taken):
    """Who signs, as the certificate is to name them."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]
    capacity: Capacity
    position: Name = ""
    place: Name = ""


CopyLanguages = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z]{2}$")]], Field(min_length=1, max_length=2)
]


class CopyIn(Taken):
    """For which forum a copy is certified, in which languages, by whom."""

    profile: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9-]+$")]
    languages: CopyLanguages
    official: OfficialIn
    under: InstrumentCode = ""
    article: Name = ""


class CopyOut(Schema):
    """A number of the register; fetch the copy as the content of the item `copy`."""

    number: str
    item: str
    copy_item: str = Field(alias="copy", description="Its item; empty until it is issued.")
    profile: str
    languages: list[str]
    state: CopyState
    pages: int
    digest: str
    pilot: bool
    conformance: Conformance


class CopiesOut(Schema):
    """Certified copies, the newest first."""

    items: list[CopyOut]
    next: str | None = Field(description="Give it as `after` for the next page.")


class WithheldIn(Taken):
    """A part of a certified item that is withheld, and why."""

    part: PartName
    reason: RedactionReason


class RedactionIn(Taken):
    """Which parts of a certified item are withheld, each for its reason."""

    withheld: Annotated[list[WithheldIn], Field(min_length=1)]


class RedactionOut(Schema):
    """What was decided to be withheld."""

    reference: str
    item: str
    withheld: dict[str, RedactionReason]
    following: int = Field(0, description="Further parts that would show it, withheld with them.")
    made_by: str
    made_at: datetime


class RedactionsOut(Schema):
    """The redactions of an item, the latest first."""

    items: list[RedactionOut]


class ChoiceIn(Taken):
    """An item that is to go, and what is withheld of it."""

    item: ItemCode
    withheld: list[WithheldIn] = Field(default_factory=list)
    redaction: Annotated[str, Field(pattern=REDACTION)] = ""


class CopiesIn(Taken):
    """Certified copies to go in beside the items that go whole."""

    profile: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9-]*$")] = Field(
        "", description="For which forum; empty: the latest copy of each item that has one."
    )
    languages: CopyLanguages = Field(default_factory=lambda: ["en"])
    official: OfficialIn | None = Field(
        None, description="Who certifies what has no such copy yet; without: nothing is certified."
    )


class PackageIn(Taken):
    """A package for a court."""

    items: Annotated[list[ChoiceIn], Field(min_length=1)]
    court: Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]
    case: CaseCode = ""
    purpose: Purpose = Purpose.CRIMINAL_EVIDENCE
    proceeding: Proceeding = Proceeding.CRIMINAL
    copies: CopiesIn | None = None
    language: Literal["en", "fr"] = Field("en", description="Of the index page inside.")
    wait_for_witness: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] = Field(
        0, description="Seconds to wait until a partner has witnessed the journal."
    )


class PackingOrderOut(Schema):
    """An order to pack, and how far it has come."""

    reference: str
    state: OrderState
    items: int
    step: PackingStep | None = None
    done: int
    total: int
    attempts: int
    package: str = Field(description="Its package, once it is packed: fetch its file there.")
    asked_at: datetime
    ended_at: datetime | None = None
    failure: str = Field(description="Code of the error that stopped it.")
    failed: str = Field("", description="The same in words, with what to do next.")


class DraftOut(Schema):
    """The pages of a certificate that nobody sealed: pictures marked as a draft."""

    item: str
    profile: str
    pages: list[str] = Field(description="PNG, in base64.")


class ReleaseIn(Taken):
    """What a partner is to get, and for what."""

    items: Annotated[list[ChoiceIn], Field(min_length=1)]
    to: PartnerCode
    purpose: Purpose
    form: FormOfAssistance = FormOfAssistance.SPONTANEOUS
    offences: Annotated[list[Offence], Field(max_length=100)] = Field(default_factory=list)
    under: InstrumentCode = ""
    in_reply_to: Annotated[str, Field(max_length=60, pattern=r"^[a-zA-Z0-9-]*$")] = ""
    case: CaseCode = ""
    copies: CopiesIn | None = None
    text: LongWords = ""
    decision: Words = Field("", description="Why it goes where the law leaves it to you.")


class PackedOut(Schema):
    """A package that was made."""

    reference: str
    kind: PackageKind
    digest: str
    size: int
    items: list[str]
    withheld: int
    message: str


class PackedLineOut(Schema):
    """An item in a package, and how much of it."""

    item: str
    number: int
    disclosure: Disclosure
    withheld: dict[str, int]


class PackageListedOut(Schema):
    """A package that was made here or came in, without its file, with how much it holds."""

    reference: str
    named: str
    kind: PackageKind
    direction: Direction
    partner: str
    case: str
    purpose: str
    instrument: str
    digest: str
    size: int
    made_by: str
    at: datetime
    message: str
    count: int = Field(description="How many items it holds.")
    withheld: int = Field(description="How many of their parts were withheld.")


class PackageOut(PackageListedOut):
    """A package that was made here or came in, without its file, with what it holds."""

    items: list[PackedLineOut]


class PackagesOut(Schema):
    """Packages, the newest first."""

    items: list[PackageListedOut]
    next: str | None = Field(description="Give it as `after` for the next page.")


class StepOut(Schema):
    """One step of the verification; `state` is the worst of what it found."""

    step: int
    checks: str
    does_not_prove: str
    state: Literal["holds", "fails", "not-proved"]
    findings: list[dict[str, str]]


class ReportOut(Schema):
    """What the verification found, as `verify.py` reports it."""

    holds: bool
    identity: Literal["proved", "not-proved"]
    unproved: bool
    digest: str
    facts: dict[str, str]
    steps: list[StepOut]
