# SPDX-License-Identifier: Apache-2.0
"""What about evidence a person must look at: a closed list, each with its words and next act.

An alarm is raised once for one item and counts how often its cause was met again. It never hides
the item; it is closed with a reason, which does not mend what it tells of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import N_


class AlarmKind(StrEnum):
    """What is wrong."""

    CUSTODY_GAP = "custody-gap"
    CUSTODY_MISMATCH = "custody-mismatch"
    CONTENT_DAMAGED = "content-damaged"
    CONTENT_MISSING = "content-missing"
    HAND_OVER_DOUBTED = "hand-over-doubted"
    HAND_OVER_UNANSWERED = "hand-over-unanswered"
    HAND_OVER_UNDELIVERED = "hand-over-undelivered"
    HAND_OVER_CROSSED = "hand-over-crossed"
    SEAL_UNPROVED = "seal-unproved"


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """What a kind of alarm says, and the next act."""

    title: str
    remedy: str
    now: bool = False
    """Whether a person must look at once rather than today."""


ALARM_WORDS: Mapping[AlarmKind, AlarmWords] = {
    AlarmKind.CUSTODY_GAP: AlarmWords(
        N_("The custody of an item has a gap"),
        N_("Read in its custody what is not accounted for; nothing of it is certified meanwhile."),
    ),
    AlarmKind.CUSTODY_MISMATCH: AlarmWords(
        N_("The custody of an item does not agree with itself"),
        N_("Compare its custody with the journal and a backup; nothing of it is certified."),
        now=True,
    ),
    AlarmKind.CONTENT_DAMAGED: AlarmWords(
        N_("The stored content of an item is not what was put there"),
        N_("Restore its file from a backup and verify it again; nothing of it is certified."),
        now=True,
    ),
    AlarmKind.CONTENT_MISSING: AlarmWords(
        N_("The stored content of an item is missing"),
        N_("Restore its file from a backup and verify it again; nothing of it is certified."),
        now=True,
    ),
    AlarmKind.HAND_OVER_DOUBTED: AlarmWords(
        N_("Whoever was to take an item over says that something is wrong with it"),
        N_("Ask the other side what it found, and note in the custody what is known."),
        now=True,
    ),
    AlarmKind.HAND_OVER_UNANSWERED: AlarmWords(
        N_("A hand-over has waited for its answer for more than a week"),
        N_("Ask the other side whether it has the item, or withdraw the hand-over."),
    ),
    AlarmKind.HAND_OVER_UNDELIVERED: AlarmWords(
        N_("What was said of a hand-over did not reach the other administration"),
        N_("Read in the ledger why, and send the message again or withdraw the hand-over."),
    ),
    AlarmKind.HAND_OVER_CROSSED: AlarmWords(
        N_("The two sides of a hand-over said opposite things of it"),
        N_("Ask the other side who has the item, and note in the custody what is known."),
        now=True,
    ),
    AlarmKind.SEAL_UNPROVED: AlarmWords(
        N_("A package was refused: a seal in it leads to a root that is not trusted for its name"),
        N_(
            "Compare the fingerprint with the administration named, by telephone; trust the root "
            "only if it is the same, and ask for the package again."
        ),
        now=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as pages and commands show it."""

    reference: str
    kind: AlarmKind
    item: str
    """Reference of the item; empty where it is about none."""
    facts: Mapping[str, str]
    raised_at: datetime
    repeated: int = 0
    closed_at: datetime | None = None
    closed_by: str = ""

    @property
    def words(self) -> AlarmWords:
        """What it says, and the next act."""
        return ALARM_WORDS[self.kind]

    @property
    def open(self) -> bool:
        """Whether nobody has closed it yet."""
        return self.closed_at is None

    def as_dict(self) -> dict[str, Any]:
        """The alarm as a program reads it."""
        return {
            "reference": self.reference,
            "kind": self.kind.value,
            "item": self.item,
            "facts": dict(self.facts),
            "raised_at": self.raised_at.isoformat(),
            "repeated": self.repeated,
            "closed_at": self.closed_at.isoformat() if self.closed_at else None,
            "closed_by": self.closed_by,
        }
