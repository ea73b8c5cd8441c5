# SPDX-License-Identifier: Apache-2.0
"""Messages as the API sends and takes them; the documents are `message_documents`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict

from comity.exchange.ceilings import MOST
from comity.exchange.diagnosis import WhoActs
from comity.exchange.evidence import EvidenceKind
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.note import LONGEST_SUBJECT, LONGEST_TEXT, NOTE
from comity.exchange.partner import Binding, KeyUse, PartnerState
from comity.exchange.reasons import REFUSED_BY_A_PERSON
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


Day = Annotated[date, BeforeValidator(_written_out)]
KindName = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*/[1-9][0-9]{0,3}$")]
REFUSALS = "|".join(reason.value for reason in REFUSED_BY_A_PERSON)


PlainText = r"^[^\x00]*$"


class LawIn(Schema):
    """What is put to the law of both sides, from us to the partner, on the day of sending."""

    model_config = ConfigDict(extra="forbid")
    act: Literal["ask", "release"] = Field("ask", description="We ask, or we supply.")
    forms: Annotated[list[FormOfAssistance], Field(min_length=1, max_length=50)]
    purposes: Annotated[list[Purpose], Field(min_length=1, max_length=50)]
    offences: list[Offence] = Field(default_factory=list, max_length=100)
    under: Annotated[str, Field(max_length=80, pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")] = Field(
        "", description="Instrument; empty for the best one that is known."
    )
    classes: list[InformationClass] = Field(
        default_factory=list, max_length=50, description="What is supplied, by class."
    )
    personal_data: bool | None = None
    came_with: list[Caveat] = Field(
        default_factory=list, max_length=50, description="Caveats with which it came to us."
    )
    came_handling: HandlingCode | None = Field(
        None, description="The handling code with which it came to us."
    )


class MessageIn(Schema):
    """A message to a partner, as `comity send` takes it."""

    model_config = ConfigDict(extra="forbid")
    id: UUID = Field(description="Yours: the same id to the same partner is sent once.")
    to: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$")]
    kind: KindName = NOTE
    subject: Annotated[str, Field(max_length=LONGEST_SUBJECT, pattern=PlainText)] = ""
    text: Annotated[str, Field(max_length=LONGEST_TEXT, pattern=PlainText)] = ""
    body: dict[str, Any] | None = Field(None, description="Of another kind than a note.")
    files: list[Annotated[str, Field(max_length=2000)]] = Field(
        default_factory=list,
        max_length=1000,
        description="References that handing files over gave to the same officer.",
    )
    law: LawIn | None = None
    in_reply_to: Annotated[str, Field(pattern=r"^(MSG-[0-9]{5,12})?$")] = ""
    handling: HandlingCode | None = Field(None, description="The partner must keep it.")
    caveats: list[Caveat] = Field(
        default_factory=list, max_length=50, description="The partner must keep them."
    )
    case: Annotated[str, Field(max_length=60, pattern=PlainText)] = Field(
        "", description="A code, never a name."
    )
    decision: Annotated[str, Field(max_length=2000, pattern=PlainText)] = Field(
        "", description="Why it is sent where the law leaves it to you."
    )


class PostedOut(Schema):
    """What became of it. What the law or a ceiling stops is kept too, with the reason."""

    reference: str
    id: str
    digest: str
    partner: str
    state: MessageState
    accepted: bool
    needs_decision: bool
    decided: bool
    reason: str = Field(description="Code of why it was not accepted; empty where it was.")
    verdict: str
    law: dict[str, Any] | None


class KeptFileOut(Schema):
    """A file that was handed over: name it by its reference when you send."""

    reference: str
    name: str
    media_type: str
    size: int
    digest: str


class RefusalIn(Schema):
    """For which reason of the list an officer refuses a message."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(pattern=f"^({REFUSALS})$")]


class MessageRowOut(Schema):
    """A message as a list tells it: nothing of its content."""

    reference: str
    id: str
    direction: Direction
    partner: str
    kind: str
    state: MessageState
    case: str
    instrument: str
    article: str
    verdict: str
    their_verdict: str
    differs: bool = Field(description="Whether the two sides answer the law's question otherwise.")
    parts: int
    size: int = Field(description="Bytes of envelope and parts.")
    created_at: datetime
    recorded_at: datetime
    settled_at: datetime | None
    expires_at: datetime | None
    problem: str = Field(description="Code of what stands in the way; empty for nothing.")
    attempts: int
    next_try_at: datetime | None


class MessagesOut(Schema):
    """A page of the ledger, newest first."""

    items: list[MessageRowOut]
    next: str | None = Field(description="Give it as `after` for the next page.")


class DeliveryEvidenceOut(Schema):
    """One signed statement; its document is fetched on its own."""

    id: str
    kind: EvidenceKind
    by: str
    to: str
    at: datetime
    reason: str
    facts: dict[str, str]
    verdict: str
    parts: list[str]
    digest: str = Field(description="SHA-256 of the signed document.")
    told: bool = Field(description="Whether nothing is left to tell the partner of it.")


class EvidencesOut(Schema):
    """Every evidence of a message, in the order in which they were kept."""

    items: list[DeliveryEvidenceOut]


class FileOut(Schema):
    """One file of a message, without its name."""

    number: int
    media_type: str
    size: int
    digest: str
    whole: bool


class MessageOut(MessageRowOut):
    """One message with its proofs and both sides' law, without its content."""

    conversation: str
    in_reply_to: str | None
    digest: str = Field(description="SHA-256 of the envelope.")
    files: list[FileOut]
    law: dict[str, Any] | None
    their_law: dict[str, Any] | None
    evidences: list[DeliveryEvidenceOut]


class NamedFileOut(Schema):
    """One file of an opened message."""

    number: int
    name: str
    media_type: str
    size: int
    digest: str


class ContentOut(Schema):
    """What an officer opened."""

    reference: str
    state: MessageState
    subject: str
    body: dict[str, Any]
    handling: str
    caveats: list[str]
    question: dict[str, Any] | None
    files: list[NamedFileOut]


class StateOut(Schema):
    """How far a message has come after an act."""

    reference: str
    state: MessageState


# Partners


class PartnerKeyOut(Schema):
    """A public key by its name, and when it counts."""

    use: KeyUse
    key_id: str
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None
    holder: str


class PartnerCeilingsOut(Schema):
    """What a partner is allowed at most; null for no such ceiling."""

    message_bytes: int
    parts: int
    messages_a_day: int
    bytes_a_day: int
    waiting: int
    kinds: list[str] | None
    forms: list[str] | None


class PartnerOut(Schema):
    """A partner, with its keys by name and never by content."""

    code: str
    name: str
    state: PartnerState
    binding: Binding
    endpoint: str
    wire: int
    kinds: list[str]
    card_version: int
    fingerprint: str
    ceilings: PartnerCeilingsOut
    keys: list[PartnerKeyOut]
    proposed_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    reason: str = Field(description="Why it was suspended or ended.")
    reached_at: datetime | None
    heard_at: datetime | None
    problem: str = Field(description="Code of the last failure to reach it; empty for none.")
    failures: int
    version: int


class PartnersOut(Schema):
    """Partners by their codes."""

    items: list[PartnerOut]
    next: str | None = Field(description="Give it as `after` for the next page.")


class SignedDocument(Schema):
    """A signed document (DSSE), as it lies in the file of a card."""

    model_config = ConfigDict(extra="forbid")
    payload: Annotated[str, Field(max_length=1_500_000)]
    payloadType: Annotated[str, Field(max_length=100)]  # noqa: N815 - the specification's name
    signatures: Annotated[list[dict[str, str]], Field(max_length=20)]


class CardIn(Schema):
    """A partner's card, as a file or the address of an invitation gave it."""

    model_config = ConfigDict(extra="forbid")
    card: SignedDocument


class FingerprintIn(Schema):
    """The fingerprint as the partner said it, out of band."""

    model_config = ConfigDict(extra="forbid")
    fingerprint: Annotated[str, Field(max_length=60, pattern=r"^[0-9A-Za-z -]*$")]


class PartnerReasonIn(Schema):
    """Why a partner is suspended or ended, for those who read it later."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class CeilingsIn(Schema):
    """The ceilings to change; what is left out stays, null is no such ceiling."""

    model_config = ConfigDict(extra="forbid")
    message_bytes: Annotated[int, Field(ge=0, le=MOST)] | None = None
    parts: Annotated[int, Field(ge=0, le=MOST)] | None = None
    messages_a_day: Annotated[int, Field(ge=0, le=MOST)] | None = None
    bytes_a_day: Annotated[int, Field(ge=0, le=MOST)] | None = None
    waiting: Annotated[int, Field(ge=0, le=MOST)] | None = None
    kinds: Annotated[list[KindName], Field(max_length=500)] | None = None
    forms: Annotated[list[FormOfAssistance], Field(max_length=100)] | None = None


class PartnerFindingOut(Schema):
    """A fault between us and the partner, and what to do about it."""

    code: str
    fault: str
    who: WhoActs
    says: str
    do: str
    facts: dict[str, str]


class DiagnosisOut(Schema):
    """Every fault that was found; none where all is well."""

    partner: str
    well: bool
    findings: list[PartnerFindingOut]


class OwnCardOut(Schema):
    """Our card as it is now: what it says, and the signed document to hand out."""

    administration: str
    name: str
    version: int
    fingerprint: str
    issued_at: datetime
    endpoints: list[str]
    bindings: list[Binding]
    wire_versions: list[int]
    kinds: list[str]
    instruments: list[str]
    keys: list[PartnerKeyOut]
    officials: list[dict[str, Any]]
    hours: list[dict[str, Any]]
    time_zone: str
    document: SignedDocument
