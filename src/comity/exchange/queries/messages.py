# SPDX-License-Identifier: Apache-2.0
"""One message with its whole life: what the ledger says, what was signed, what became of it.

Envelopes lie encrypted in the table; whoever opens one here has been asked for the permission by
the service that called, and the content never enters a list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.exchange import models
from comity.exchange.envelope import PAYLOAD_TYPE, Envelope, read_envelope
from comity.exchange.evidence import PAYLOAD_TYPE as EVIDENCE_TYPE
from comity.exchange.evidence import Evidence, EvidenceKind, read_evidence
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.signed_document import read_signed
from comity.storage.services import unseal_record

ENVELOPES = "exchange-envelope"
"""What sealed envelopes are sealed for."""
DECISIONS = "exchange-decision"
"""What the reason of a person's decision on sending is sealed for."""
PART_NAMES = "exchange-part-name"
PART_KEYS = "exchange-part-key"


class UnknownMessageError(NotFoundError):
    """The ledger has no such message."""

    code = "message-unknown"
    message = N_("The ledger has no message {reference}.")
    remedy = N_("Look for it by partner, case or digest with “comity message list”.")


@dataclass(frozen=True, slots=True)
class MessagePart:
    """One file of a message; its name is read with the envelope alone."""

    number: int
    media_type: str
    size: int
    digest: str
    blob: str
    """Its name in storage; empty until it is whole."""


@dataclass(frozen=True, slots=True)
class MessageEvidence:
    """One signed statement about the message."""

    evidence: Evidence
    document: bytes
    """The DSSE document, byte for byte."""
    digest: str
    recorded_at: datetime
    to_tell: bool
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """What the ledger says of one message."""

    reference: str
    identifier: str
    direction: Direction
    partner: str
    kind: str
    conversation: str
    in_reply_to: str
    case: str
    state: MessageState
    digest: str
    size: int
    created_at: datetime
    recorded_at: datetime
    expires_at: datetime | None
    settled_at: datetime | None
    instrument: str
    article: str
    verdict: str
    their_verdict: str
    law: Mapping[str, Any] | None
    their_law: Mapping[str, Any] | None
    differs: bool
    submitted_by: str
    opened_by: str
    opened_at: datetime | None
    attempts: int
    next_try_at: datetime | None
    problem: str
    parts: tuple[MessagePart, ...]


def message(reference: str) -> MessageRecord:
    """The message of this reference.

    Raises:
        UnknownMessageError: there is none.
    """
    rows = models.Message.objects.select_related("partner").prefetch_related("parts")
    row = rows.defer("sealed").filter(reference=reference).first()
    if row is None:
        raise UnknownMessageError(reference=reference)
    return _record(row)


def evidences(reference: str) -> tuple[MessageEvidence, ...]:
    """Every evidence about a message, ours and theirs, in the order in which they were kept."""
    rows = models.Evidence.objects.filter(message__reference=reference).order_by("pk")
    return tuple(_evidence(row) for row in rows)


def receipt(reference: str) -> MessageEvidence | None:
    """The receipt of a message, None while there is none."""
    found = [e for e in evidences(reference) if e.evidence.kind is EvidenceKind.RELAYED]
    return found[0] if found else None


def signed_document_of(reference: str) -> bytes:
    """The DSSE document of a message, byte for byte, for who passes on what its sender signed.

    Raises:
        UnknownMessageError: there is none of that reference.
    """
    row = models.Message.objects.filter(reference=reference).only("sealed").first()
    if row is None:
        raise UnknownMessageError(reference=reference)
    return envelope_document(row.sealed)


def envelope_document(sealed: bytes | memoryview) -> bytes:
    """The DSSE document of a sealed column, byte for byte as it was signed or received."""
    return unseal_record(bytes(sealed), ENVELOPES)


def envelope_in(document: bytes) -> Envelope:
    """The envelope of a document that was verified when it was kept."""
    return read_envelope(read_signed(document, PAYLOAD_TYPE).payload)


def evidence_in(document: bytes) -> Evidence:
    """The evidence of a document that was verified when it was kept."""
    return read_evidence(read_signed(document, EVIDENCE_TYPE).payload)


def _evidence(row: models.Evidence) -> MessageEvidence:
    document = bytes(row.document)
    return MessageEvidence(
        evidence=evidence_in(document),
        document=document,
        digest=hashlib.sha256(document).hexdigest(),
        recorded_at=row.recorded_at,
        to_tell=row.to_tell,
        told_at=row.told_at,
    )


def _record(row: models.Message) -> MessageRecord:
    return MessageRecord(
        reference=row.reference,
        identifier=str(row.identifier),
        direction=Direction(row.direction),
        partner=row.partner.code,
        kind=row.kind,
        conversation=str(row.conversation),
        in_reply_to=str(row.in_reply_to) if row.in_reply_to else "",
        case=row.case,
        state=MessageState(row.state),
        digest=row.digest,
        size=row.size,
        created_at=row.created_at,
        recorded_at=row.recorded_at,
        expires_at=row.expires_at,
        settled_at=row.settled_at,
        instrument=row.instrument,
        article=row.article,
        verdict=row.verdict,
        their_verdict=row.their_verdict,
        law=row.law,
        their_law=row.their_law,
        differs=row.differs,
        submitted_by=row.submitted_by,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        problem=row.problem,
        parts=tuple(
            MessagePart(part.number, part.media_type, part.size, part.digest, part.blob)
            for part in row.parts.all()
        ),
    )
