# SPDX-License-Identifier: Apache-2.0
"""Evidence as the API sends and takes it; what is sent are `documents`, the same as commands print.

What a person wrote of an item stands in an answer only where the door let it out.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict

from comity.agreements.question import Proceeding, Recipient
from comity.evidence.copy_register import Conformance, CopyState
from comity.evidence.custody import BY_HAND, CustodyAct, Fault
from comity.evidence.forum_profiles import Capacity
from comity.evidence.item import ItemKind, ItemState, Rank
from comity.evidence.lifetime import DestructionGround, EntryOutcome, HoldGround, ListState
from comity.evidence.package import Disclosure, PackageKind
from comity.evidence.recall import DECIDED, Demand, Ground, Outcome
from comity.evidence.use import ConsentState
from comity.evidence.use_messages import ConsentOutcome, Occasion
from comity.exchange.message_state import Direction
from comity.handling.redaction import RedactionReason
from comity.reference.days import day_of
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
)


def _written_out(given: object) -> object:
    """A day is written as 2024-10-11; a bare number, which a library takes for one, is not."""
    if isinstance(given, str):
        return day_of(given)
    if isinstance(given, int | float):
        raise ValueError("not a day such as 2024-10-11")
    return given


def _an_instant(given: object) -> object:
    """An instant is written as 2024-10-11T08:15:00Z; a library reads numbers as well."""
    if isinstance(given, str) and not INSTANT.fullmatch(given):
        raise ValueError("not an instant such as 2024-10-11T08:15:00Z")
    if isinstance(given, int | float):
        raise ValueError("not an instant such as 2024-10-11T08:15:00Z")
    return given


INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}.*", re.ASCII)
Instant = Annotated[AwareDatetime, BeforeValidator(_an_instant)]
PLAIN = r"^[^\x00]*$"
Day = Annotated[date, BeforeValidator(_written_out)]
Words = Annotated[str, Field(max_length=2000, pattern=PLAIN)]
LongWords = Annotated[str, Field(max_length=20_000, pattern=PLAIN)]
Name = Annotated[str, Field(max_length=200, pattern=PLAIN)]
ItemCode = Annotated[str, Field(pattern=r"^ITM-[0-9]{5,12}$")]
OfficerCode = Annotated[str, Field(pattern=r"^OFF-[0-9]{5,12}$")]
PartnerCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$")]
CaseCode = Annotated[str, Field(max_length=60, pattern=r"^([A-Z0-9]+([./-][A-Z0-9]+)*)?$")]
InstrumentCode = Annotated[str, Field(max_length=80, pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")]
PartName = Annotated[str, Field(max_length=100, pattern=r"^[a-z0-9/_-]+$")]
Items = Annotated[list[ItemCode], Field(min_length=1, max_length=5000)]
REDACTION = r"^(RED-[0-9]{5,12})?$"
BY_HAND_CODES = "|".join(act.value for act in BY_HAND)
DECIDED_CODES = "|".join(sorted(outcome.value for outcome in DECIDED))


class Taken(Schema):
    """What is sent to us: a member that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


# Cases


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


# What proves


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


class CopyIn(Taken):
    """For which forum a copy is certified, in which languages, by whom."""

    profile: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9-]+$")]
    languages: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z]{2}$")]], Field(min_length=1, max_length=2)
    ]
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

    withheld: Annotated[list[WithheldIn], Field(min_length=1, max_length=2000)]


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
    withheld: Annotated[list[WithheldIn], Field(max_length=2000)] = Field(default_factory=list)
    redaction: Annotated[str, Field(pattern=REDACTION)] = ""


class PackageIn(Taken):
    """A package for a court."""

    items: Annotated[list[ChoiceIn], Field(min_length=1, max_length=5000)]
    court: Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]
    case: CaseCode = ""
    purpose: Purpose = Purpose.CRIMINAL_EVIDENCE
    proceeding: Proceeding = Proceeding.CRIMINAL


class ReleaseIn(Taken):
    """What a partner is to get, and for what."""

    items: Annotated[list[ChoiceIn], Field(min_length=1, max_length=5000)]
    to: PartnerCode
    purpose: Purpose
    form: FormOfAssistance = FormOfAssistance.SPONTANEOUS
    offences: Annotated[list[Offence], Field(max_length=100)] = Field(default_factory=list)
    under: InstrumentCode = ""
    in_reply_to: Annotated[str, Field(max_length=60, pattern=r"^[a-zA-Z0-9-]*$")] = ""
    case: CaseCode = ""
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


class PackageOut(Schema):
    """A package that was made here or came in, without its file."""

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
    items: list[PackedLineOut]


class PackagesOut(Schema):
    """Packages, the newest first."""

    items: list[PackageOut]
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
    unproved: bool
    digest: str
    facts: dict[str, str]
    steps: list[StepOut]


# What is done with an item until its end


class HandOverIn(Taken):
    """To whom an item goes: an officer of ours, or another administration."""

    officer: Annotated[str, Field(pattern=r"^(OFF-[0-9]{5,12})?$")] = ""
    administration: Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,19})?$")] = ""
    for_good: bool = False
    place: Name = ""
    reason: Words = ""
    marks: Annotated[list[Name], Field(max_length=50)] = Field(default_factory=list)


class HandOverOut(Schema):
    """A hand-over, which both sides confirm."""

    reference: str
    item: str
    state: str
    giver: str
    officer: str
    administration: str
    incoming: bool
    for_good: bool
    proposed_at: datetime
    answered_by: str
    answered_at: datetime | None
    reason: str | None


class UseIn(Taken):
    """A use in a proceeding."""

    purpose: Purpose
    proceeding: Proceeding = Proceeding.NONE
    forum: Annotated[str, Field(min_length=1, max_length=300, pattern=PLAIN)]
    on: Day | None = None


class UseOut(Schema):
    """A use that was recorded, with the law on which it rests."""

    reference: str
    item: str
    purpose: Purpose
    proceeding: Proceeding
    on: date
    supplier: str
    instrument: str
    article: str
    verdict: str


class ScopeIn(Taken):
    """The act of which a supplier is told or asked."""

    occasion: Occasion = Occasion.USE
    purpose: Purpose
    proceeding: Proceeding = Proceeding.NONE
    recipient: Recipient | None = None
    recipient_code: Annotated[str, Field(max_length=60, pattern=PLAIN)] = ""
    text: LongWords = ""


class NoticeIn(ScopeIn):
    """A notice to the supplier, before or after the use."""

    on: Day | None = None


class ConsentIn(ScopeIn):
    """A request for the supplier's consent."""

    until: Day | None = None


class ScopeOut(Schema):
    """The act of which it speaks."""

    occasion: Occasion
    purpose: Purpose
    proceeding: Proceeding
    recipient: Recipient | None
    recipient_code: str


class NoticeOut(ScopeOut):
    """A notice; it counts as given once its message left."""

    reference: str
    direction: Direction
    item: str
    partner: str
    on: date
    instrument: str
    article: str
    message: str
    given: bool
    acknowledged_at: datetime | None


class ConsentOut(ScopeOut):
    """A request for consent and its answer."""

    reference: str
    direction: Direction
    item: str
    partner: str
    state: ConsentState
    wanted_until: date | None
    until: date | None
    conditions: str
    instrument: str
    article: str
    message: str
    answer_message: str


class ConsentAnswerIn(Taken):
    """Our answer to a partner's request."""

    outcome: ConsentOutcome
    until: Day | None = None
    conditions: LongWords = ""


class SaidOut(Schema):
    """What was recorded of an item's use, and what was told and asked about it."""

    uses: list[UseOut]
    notices: list[NoticeOut]
    consents: list[ConsentOut]


class CorrectionIn(Taken):
    """A field of an item's description, and what is right in it."""

    field: Annotated[str, Field(max_length=40, pattern=r"^[a-z-]+$")]
    text: Annotated[str, Field(min_length=1, max_length=2000, pattern=PLAIN)]


class RecallIn(Taken):
    """What every holder of an item of ours is asked, and why."""

    demand: Demand = Demand.DELETE
    ground: Ground
    text: LongWords = ""
    corrections: Annotated[list[CorrectionIn], Field(max_length=50)] = Field(default_factory=list)
    narrow: Annotated[list[Caveat], Field(max_length=50)] = Field(
        [], description="Caveats that are laid on it from now on."
    )
    answer_by: Day | None = None


class RecallDecisionIn(Taken):
    """What becomes of our copy."""

    outcome: Annotated[str, Field(pattern=f"^({DECIDED_CODES})$")]
    text: LongWords = ""
    until: Day | None = None


class HeldCopyOut(Schema):
    """One administration's copy."""

    administration: str
    outcome: Outcome
    at: datetime | None
    until: date | None
    signed: bool
    verified: bool


class RecallOut(Schema):
    """A recall and every copy of the item."""

    reference: str
    recall: str
    item: str
    identity: str
    demand: Demand
    ground: Ground
    origin: str
    ours: bool
    answer_by: date
    copies: list[HeldCopyOut]


class RecallsOut(Schema):
    """Recalls, ours and those that reached us."""

    items: list[RecallOut]


class HoldIn(Taken):
    """A legal hold on one item or on one case file."""

    ground: HoldGround
    reason: Words = ""
    item: Annotated[str, Field(pattern=r"^(ITM-[0-9]{5,12})?$")] = ""
    case: CaseCode = ""


class HoldOut(Schema):
    """A legal hold."""

    reference: str
    item: str
    case: str
    ground: HoldGround
    stands: bool
    placed_by: str
    placed_at: datetime
    lifted_by: str
    lifted_at: datetime | None


class DestructionIn(Taken):
    """Items that are to be destroyed, and why."""

    items: Items
    ground: DestructionGround


class DestructionEntryOut(Schema):
    """What became of one item."""

    item: str
    ground: DestructionGround
    outcome: EntryOutcome
    digest: str
    hold: str


class DestructionOut(Schema):
    """A destruction list with its two persons."""

    reference: str
    state: ListState
    subject: str
    drafted_by: str
    drafted_at: datetime
    decided_by: str
    decided_at: datetime | None
    entries: list[DestructionEntryOut]


class DestructionsOut(Schema):
    """Destruction lists, the latest first."""

    items: list[DestructionOut]
