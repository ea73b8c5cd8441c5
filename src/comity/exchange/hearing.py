# SPDX-License-Identifier: Apache-2.0
"""Whether an evidence of a partner about a message of ours proves anything.

Pure: what was sent, what is known already and the instant are arguments. An evidence that proves
nothing changes nothing: it is answered "not taken", and somebody is told why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comity.errors import ComityError
from comity.exchange.arrival import CLOCKS_DIFFER, KeyRing
from comity.exchange.evidence import PAYLOAD_TYPE, Evidence, EvidenceKind, read_evidence
from comity.exchange.message_state import MessageState
from comity.exchange.reasons import ReasonCode
from comity.exchange.signed_document import read_signed
from comity.sealing.signing import Envelope as Signed

RECIPIENTS = frozenset(
    (
        EvidenceKind.RELAYED,
        EvidenceKind.REFUSED,
        EvidenceKind.DELIVERED,
        EvidenceKind.NOT_DELIVERED,
        EvidenceKind.OPENED,
        EvidenceKind.NOT_OPENED,
    )
)
"""What only the recipient can state."""
NEVER_LEFT = frozenset((MessageState.REJECTED, MessageState.WITHDRAWN))
WITHOUT_DIGEST = frozenset((ReasonCode.ENVELOPE_UNREADABLE, ReasonCode.WIRE_VERSION_UNKNOWN))
"""Reasons for which a recipient could not tell the envelope's digest."""


class Weight(StrEnum):
    """What an evidence is worth."""

    NEW = "new"
    KNOWN = "known"
    """The same bytes are kept already."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of ours, as far as its evidences concern it."""

    digest: str
    parts: tuple[str, ...]
    """Digests, in order."""
    state: MessageState
    created_at: datetime
    given: Mapping[EvidenceKind, tuple[str, datetime]]
    """Of the partner's evidences about it: digest of the document, and when it was made."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What an evidence is worth, and why where it is worth nothing."""

    weight: Weight
    reason: ReasonCode | None = None


_NEW, _KNOWN = Judged(Weight.NEW), Judged(Weight.KNOWN)


def read_statement(document: bytes) -> tuple[Signed, Evidence] | None:
    """The statement as it claims to be; None where it is none."""
    try:
        signed = read_signed(document, PAYLOAD_TYPE)
        return signed, read_evidence(signed.payload)
    except ComityError:
        return None


def judged(
    evidence: Evidence,
    signed: Signed,
    digest: str,
    *,
    sent: Sent | None,
    partner: str,
    own: str,
    ring: KeyRing,
    at: datetime,
) -> Judged:
    """What the statement is worth; `digest` is that of the whole document."""
    if evidence.by != partner or evidence.to != own:
        return _nothing(ReasonCode.EVIDENCE_OF_OTHERS)
    fault, _ = ring.judged(signed, evidence.at)
    if fault is not None:
        return _nothing(fault)
    if evidence.kind not in RECIPIENTS:
        return _nothing(ReasonCode.EVIDENCE_NOT_THEIRS_TO_GIVE)
    if sent is None or sent.state in NEVER_LEFT:
        return _nothing(ReasonCode.EVIDENCE_OF_UNKNOWN_MESSAGE)
    if evidence.envelope != sent.digest and not _could_not_tell(evidence):
        return _nothing(ReasonCode.EVIDENCE_OF_ANOTHER_ENVELOPE)
    if evidence.kind is EvidenceKind.RELAYED and evidence.parts != sent.parts:
        return _nothing(ReasonCode.EVIDENCE_PARTS_DIFFER)
    if not sent.created_at - CLOCKS_DIFFER <= evidence.at <= at + CLOCKS_DIFFER:
        return _nothing(ReasonCode.EVIDENCE_OUT_OF_TIME)
    return _beside(evidence, digest, sent)


def _beside(evidence: Evidence, digest: str, sent: Sent) -> Judged:
    """What it is worth beside what the partner stated before."""
    before = sent.given.get(evidence.kind)
    if before is not None:
        same = before[0] == digest
        return _KNOWN if same else _nothing(ReasonCode.EVIDENCE_CONTRADICTS)
    if _could_not_tell(evidence) and EvidenceKind.RELAYED in sent.given:
        # Whoever can write a file of that name could else undo what was receipted.
        return _nothing(ReasonCode.EVIDENCE_CONTRADICTS)
    refused = sent.given.get(EvidenceKind.REFUSED)
    if refused is not None and evidence.at > refused[1]:
        return _nothing(ReasonCode.EVIDENCE_CONTRADICTS)
    return _NEW


def _could_not_tell(evidence: Evidence) -> bool:
    code = evidence.reason.code if evidence.reason else ""
    refused = evidence.kind is EvidenceKind.REFUSED
    return refused and not evidence.envelope and code in WITHOUT_DIGEST


def _nothing(reason: ReasonCode) -> Judged:
    return Judged(Weight.NOTHING, reason)
