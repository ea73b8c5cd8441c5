# SPDX-License-Identifier: Apache-2.0
"""Messages as the API sends and takes them; the documents are `message_documents`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict

from comity.exchange.evidence import EvidenceKind
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.reasons import REFUSED_BY_A_PERSON
from comity.reference.days import day_of


def _written_out(given: object) -> object:
    """A day is written as 2024-10-11; a bare number, which a library takes for one, is not."""
    if isinstance(given, str):
        return day_of(given)
    if isinstance(given, int | float):
        raise ValueError("not a day such as 2024-10-11")
    return given


Day = Annotated[date, BeforeValidator(_written_out)]
REFUSALS = "|".join(reason.value for reason in REFUSED_BY_A_PERSON)


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


class EvidenceOut(Schema):
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

    items: list[EvidenceOut]


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
    evidences: list[EvidenceOut]


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
