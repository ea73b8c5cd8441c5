# SPDX-License-Identifier: Apache-2.0
"""Signed statements of what became of an envelope, in the vocabulary of ETSI EN 319 522 (REM).

An evidence is made once, signed with DSSE and kept with its bytes: whoever asks again gets the
same bytes. The receipt is the evidence `relayed`: it exists only after the recipient's durable
commit and names the digest of every part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from comity.exchange import members as form
from comity.exchange import wire
from comity.exchange.envelope import LogStatement, read_log
from comity.exchange.members import Members, filled, instant_text, read_object
from comity.sealing.canonical_json import canonical

PAYLOAD_TYPE = "application/vnd.comity.evidence+json"


class EvidenceKind(StrEnum):
    """What is stated. The first group is the sender's node's, the second the recipient's."""

    SUBMISSION_ACCEPTED = "submission-accepted"
    SUBMISSION_REJECTED = "submission-rejected"
    RELAY_OVERDUE = "relay-overdue"
    """Warning: no receipt yet."""
    RELAY_FAILED = "relay-failed"
    """No receipt within the time, or given up."""
    DELIVERY_OVERDUE = "delivery-overdue"
    OPENING_OVERDUE = "opening-overdue"

    RELAYED = "relayed"
    """The receipt."""
    REFUSED = "refused"
    DELIVERED = "delivered"
    """It lies on the recipient's desk."""
    NOT_DELIVERED = "not-delivered"
    OPENED = "opened"
    NOT_OPENED = "not-opened"
    """Not opened in time."""


NEGATIVE = frozenset(
    {
        EvidenceKind.SUBMISSION_REJECTED,
        EvidenceKind.RELAY_FAILED,
        EvidenceKind.REFUSED,
        EvidenceKind.NOT_DELIVERED,
        EvidenceKind.NOT_OPENED,
    }
)


@dataclass(frozen=True, slots=True)
class LegalFinding:
    """How one side answered the question of the law, with what it knows."""

    verdict: str
    governing: str
    version: str
    """Digest of the governing instrument in that side's register; empty where it has none."""
    article: str
    findings: tuple[Mapping[str, Any], ...] = ()
    """Rule, holds, reason, article, basis of each: as `agreements.answers` writes them."""
    further: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The finding as the JSON object of the wire format."""
        optional = {
            "governing": self.governing,
            "version": self.version,
            "article": self.article,
            "findings": self.findings,
        }
        return {**self.further, **filled(optional), "verdict": self.verdict}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code with its facts; the words are the reader's catalogue's."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    further: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The reason as the JSON object of the wire format."""
        return {**self.further, **filled({"facts": self.facts}), "code": self.code}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement about one envelope."""

    id: str
    kind: EvidenceKind
    message: str
    """Id of the envelope."""
    envelope: str
    """Digest of the envelope; empty where it could not be opened."""
    by: str
    """The administration that states it."""
    to: str
    at: datetime
    parts: tuple[str, ...] = ()
    """In a receipt: the digest of every part, in order."""
    reason: Reason | None = None
    law: LegalFinding | None = None
    log: LogStatement | None = None
    witness: str = ""
    """The other side's checkpoint with our cosignature (a C2SP note)."""
    wire: int = wire.CURRENT
    further: Mapping[str, Any] = field(default_factory=dict)
    _payload: bytes = field(init=False, default=b"", repr=False, compare=False)
    """Spelled once; what is made from this value by `replace` spells its own."""

    def payload(self) -> bytes:
        """The canonical bytes that are signed."""
        if not self._payload:
            object.__setattr__(self, "_payload", canonical(self.as_dict()))
        return self._payload

    def as_dict(self) -> dict[str, Any]:
        """The evidence as the JSON object of the wire format."""
        optional = {
            "envelope": self.envelope,
            "parts": self.parts,
            "reason": self.reason.as_dict() if self.reason else None,
            "law": self.law.as_dict() if self.law else None,
            "log": self.log.as_dict() if self.log and self.wire > 1 else None,
            "witness": self.witness if self.wire > 1 else "",
        }
        return {
            **self.further,
            **filled(optional),
            "wire": self.wire,
            "id": self.id,
            "kind": self.kind.value,
            "message": self.message,
            "by": self.by,
            "to": self.to,
            "at": instant_text(self.at),
        }


def read_evidence(payload: bytes) -> Evidence:
    """The evidence of a payload; limits and forms checked, nothing of it verified."""
    members = read_object(payload, "evidence", wire.EVIDENCE_BYTES)
    version = wire.require_version(members.anything("wire"))
    evidence = Evidence(
        id=members.text("id", form.IDENTIFIER),
        kind=members.code("kind", EvidenceKind),
        message=members.text("message", form.IDENTIFIER),
        envelope=members.text_or_none("envelope", form.DIGEST),
        by=members.text("by", form.ADMINISTRATION, most=wire.ADMINISTRATION),
        to=members.text("to", form.ADMINISTRATION, most=wire.ADMINISTRATION),
        at=members.instant("at"),
        parts=members.texts("parts", form.DIGEST, most=wire.PARTS),
        reason=members.one_or_none("reason", _read_reason),
        law=members.one_or_none("law", _read_finding),
        log=members.one_or_none("log", read_log) if version > 1 else None,
        witness=members.text_or_none("witness", form.NOTE, most=wire.NOTE) if version > 1 else "",
        wire=version,
        further=members.rest(),
    )
    object.__setattr__(evidence, "_payload", payload)  # canonical, or it would not have been read
    return evidence


def _read_reason(members: Members) -> Reason:
    return Reason(
        code=members.text("code", form.CODE, most=wire.CODE),
        facts=members.facts("facts"),
        further=members.rest(),
    )


def _read_finding(members: Members) -> LegalFinding:
    return LegalFinding(
        verdict=members.text("verdict", form.CODE, most=wire.CODE),
        governing=members.text_or_none("governing", most=wire.REFERENCE),
        version=members.text_or_none("version", form.DIGEST),
        article=members.text_or_none("article", most=wire.CODE),
        findings=members.each("findings", Members.rest, most=wire.FINDINGS),
        further=members.rest(),
    )
