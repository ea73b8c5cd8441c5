# SPDX-License-Identifier: Apache-2.0
"""Hand-overs, uses, recalls, holds and destruction lists as the API sends and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema

from comity.agreements.question import Proceeding, Recipient
from comity.evidence.hand_over import RefusalReason
from comity.evidence.lifetime import (
    DestructionGround,
    EntryOutcome,
    FlagCode,
    HoldGround,
    ListState,
)
from comity.evidence.recall import Demand, Ground, Outcome
from comity.evidence.schemas.words import (
    DECIDED_CODES,
    PLAIN,
    CaseCode,
    Day,
    Items,
    LongWords,
    Name,
    Taken,
    Words,
)
from comity.evidence.use import ConsentState
from comity.evidence.use_messages import ConsentOutcome, Occasion
from comity.exchange.message_state import Direction
from comity.reference.taxonomy import (
    Caveat,
    Purpose,
)


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
    item: Annotated[str, Field(description="Empty where its record is not here.")]
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
    identity: str
    what: str
    on: date | None
    problem: Annotated[str, Field(description="Why what we said did not reach the other side.")]


class HandOverRefusalIn(Taken):
    """Why an item that was handed over or sent back is not taken over."""

    reason: RefusalReason


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
    not_for: Annotated[list[Purpose], Field(max_length=50)] = Field(
        [], description="Purposes for which it is to be used no longer."
    )
    return_by: Day | None = Field(None, description="By when it is to be returned or destroyed.")
    conditions: Annotated[list[Words], Field(max_length=50)] = Field(
        [], description="What is laid down in words; a person at the holder reads it."
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
    recall: str
    drafted_by: str
    drafted_at: datetime
    decided_by: str
    decided_at: datetime | None
    entries: list[DestructionEntryOut]


class DestructionsOut(Schema):
    """Destruction lists, the latest first."""

    items: list[DestructionOut]


class FlagIn(Taken):
    """Which flag on an item was looked at."""

    code: FlagCode
    source: Annotated[str, Field(min_length=1, max_length=40, pattern=PLAIN)]


class ClearedOut(Schema):
    """Whether there was such a flag."""

    item: str
    cleared: bool


class FlagOut(Schema):
    """What somebody must look at again on an item."""

    item: str
    code: FlagCode
    source: str
    at: datetime


class WaitingOut(Schema):
    """Everything that waits for an officer here."""

    hand_overs: list[HandOverOut]
    consents: list[ConsentOut]
    recalls: list[RecallOut]
    destruction_lists: list[DestructionOut]
    flags: list[FlagOut]
