# SPDX-License-Identifier: Apache-2.0
"""What one looks for in the ledger of messages, and a message as a list shows it.

One field takes whatever a person has at hand: a reference, an id, a digest or its beginning, a
case, a code of what stood in the way. `meaning_of` tells which it is; looking is `queries.ledger`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from comity.exchange.message_state import Direction, MessageState

SHORTEST_DIGEST = 8
"""Digits that a digest's beginning must have: fewer could be a case or a year."""
_REFERENCE = re.compile(r"[A-Za-z]{3}-[0-9]{5,12}")
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
_DIGEST = re.compile(rf"[0-9a-f]{{{SHORTEST_DIGEST},64}}")


class Meaning(StrEnum):
    """What the words of a search can be."""

    REFERENCE = "reference"
    ID = "id"
    """Of an envelope, or of the conversation."""
    DIGEST = "digest"
    """Of an envelope, a part or an evidence, or its beginning."""
    CODE = "code"
    """A case, or the code of a problem."""


@dataclass(frozen=True, slots=True)
class LedgerSearch:
    """Conditions that all must hold; an empty one does not matter."""

    words: str = ""
    partner: str = ""
    state: MessageState | None = None
    direction: Direction | None = None
    kind: str = ""
    case: str = ""
    problem: str = ""
    conversation: str = ""
    since: date | None = None
    until: date | None = None
    differs: bool = False
    """Only where the two sides answer the question of the law differently."""
    unopened: bool = False
    """Only what came in for officers and none has opened or refused; no nodes' own messages."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A message as a list shows it: nothing of its content."""

    reference: str
    identifier: str
    direction: Direction
    partner: str
    partner_name: str
    kind: str
    state: MessageState
    case: str
    instrument: str
    article: str
    verdict: str
    their_verdict: str
    differs: bool
    parts: int
    size: int
    """Bytes of envelope and parts."""
    created_at: datetime
    recorded_at: datetime
    settled_at: datetime | None
    expires_at: datetime | None
    problem: str
    attempts: int
    next_try_at: datetime | None


def meaning_of(words: str) -> tuple[Meaning, str]:
    """What the words of a search are, and how the tables write them."""
    words = words.replace("\0", "").strip()
    lower = words.lower()
    if _REFERENCE.fullmatch(words):
        return Meaning.REFERENCE, words.upper()
    if _UUID.fullmatch(lower):
        return Meaning.ID, str(UUID(lower))
    if _DIGEST.fullmatch(lower) and any(letter in "abcdef" for letter in lower):
        return Meaning.DIGEST, lower
    return Meaning.CODE, words
