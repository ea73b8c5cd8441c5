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

from comity.exchange.envelope import LogStatement

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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code with its facts; the words are the reader's catalogue's."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


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
    further: Mapping[str, Any] = field(default_factory=dict)

    def payload(self) -> bytes:
        """The canonical bytes that are signed."""
        raise NotImplementedError


def read_evidence(payload: bytes) -> Evidence:
    """The evidence of a payload; limits and forms checked, nothing of it verified."""
    raise NotImplementedError
