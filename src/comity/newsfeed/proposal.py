# SPDX-License-Identifier: Apache-2.0
"""What an announced event would change in the register, or why it would change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from comity.agreements.claim import Claim
from comity.agreements.records import ProposalKind
from comity.agreements.register import Register
from comity.catalogues import N_
from comity.newsfeed.announcement import AnnouncedEvent
from comity.newsfeed.article import Article
from comity.newsfeed.sayings import Saying


class ChangeKind(StrEnum):
    """What sort of change to the register an announcement leads to."""

    NEW_INSTRUMENT = "new-instrument"
    NEW_CLAIM = "new-claim"
    CONFLICT = "conflict"
    """A claim that cannot be true together with one that the register has."""


CHANGE_WORDS: dict[ChangeKind, str] = {
    ChangeKind.NEW_INSTRUMENT: N_("New instrument"),
    ChangeKind.NEW_CLAIM: N_("New claim"),
    ChangeKind.CONFLICT: N_("Conflict between sources"),
}


@dataclass(frozen=True, slots=True)
class ClaimSide:
    """One side of a comparison: who says what of the same event."""

    instrument: str
    event: str
    date: str
    """As precise as it is known; empty for an unknown day."""
    confidence: str
    source: str
    url: str = ""
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What would change, in a sentence, and the content for `agreements.services.propose`."""

    kind: ChangeKind
    instrument: str
    """The reference in the register; for a new instrument the one it would get."""
    why: Saying
    """What would change, in one sentence, with the permanent code of the case."""
    content: Mapping[str, Any]
    """In the form of the instrument files."""
    ours: ClaimSide
    """The claim as the announcement makes it."""
    against: tuple[ClaimSide, ...] = ()
    """Claims of the register on the same event: those that disagree first."""
    notes: tuple[Saying, ...] = field(default=())
    """What whoever decides should know: announced only; several instruments fit; and so on."""

    @property
    def proposal_kind(self) -> ProposalKind:
        """The kind of proposal that carries it."""
        new = self.kind is ChangeKind.NEW_INSTRUMENT
        return ProposalKind.INSTRUMENT if new else ProposalKind.CLAIM


@dataclass(frozen=True, slots=True)
class NothingToPropose:
    """Why an event changes nothing in the register."""

    why: Saying
    instrument: str = ""
    """The instrument that the event is about, where the register has it."""


def proposed_change(
    event: AnnouncedEvent, article: Article, register: Register, *, read_on: date
) -> Change | NothingToPropose:
    """Hold one announced event against the register."""
    raise NotImplementedError  # the next commit


def side_of(claim: Claim, instrument: str) -> ClaimSide:
    """A claim of the register as one side of a comparison."""
    raise NotImplementedError  # the next commit
