# SPDX-License-Identifier: Apache-2.0
"""A hand-over: an item goes from one hand to another, and both sides must have said so.

Until the other side answers, the item is in the hands of whoever proposed it. What both confirmed
becomes an event of its custody; what was refused changes nothing and stays on record. A thing may
arrive before its record: it is confirmed all the same, and enters custody with the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from comity.catalogues import N_
from comity.evidence.custody import NO_WORDS, CustodyWords


class HandOverState(StrEnum):
    """How far a hand-over has come."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


HAND_OVER_WORDS: dict[HandOverState, str] = {
    HandOverState.PROPOSED: N_("waits for the other side"),
    HandOverState.CONFIRMED: N_("confirmed by both sides"),
    HandOverState.REFUSED: N_("refused"),
    HandOverState.WITHDRAWN: N_("withdrawn"),
}


class RefusalReason(StrEnum):
    """Why the other side did not take it over."""

    NOT_RECEIVED = "not-received"
    SEAL_BROKEN = "seal-broken"
    ANOTHER_THING = "another-thing"
    DAMAGED = "damaged"
    DIGEST_DIFFERS = "digest-differs"
    NOT_COMPETENT = "not-competent"
    NOT_EXPECTED = "not-expected"


REFUSAL_WORDS: dict[RefusalReason, str] = {
    RefusalReason.NOT_RECEIVED: N_("it did not arrive"),
    RefusalReason.SEAL_BROKEN: N_("its seal was broken"),
    RefusalReason.ANOTHER_THING: N_("it is not the thing that was described"),
    RefusalReason.DAMAGED: N_("it is damaged"),
    RefusalReason.DIGEST_DIFFERS: N_("its content is not what was announced"),
    RefusalReason.NOT_COMPETENT: N_("we are not competent for it"),
    RefusalReason.NOT_EXPECTED: N_("we do not expect it"),
}

DOUBTFUL = frozenset(
    {
        RefusalReason.NOT_RECEIVED,
        RefusalReason.SEAL_BROKEN,
        RefusalReason.ANOTHER_THING,
        RefusalReason.DAMAGED,
        RefusalReason.DIGEST_DIFFERS,
    }
)
"""Refusals that say something of the item itself: its custody has a gap until somebody knows."""

ANSWER_WITHIN = timedelta(days=7)
"""After so long without an answer the desk says so."""
WATCHED_FOR = timedelta(days=30)
"""For so long after its end it is looked whether what we said of a hand-over arrived."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over as it is known."""

    reference: str
    item: str
    """Reference of the item; empty where its record is not here."""
    state: HandOverState
    giver: str
    """Reference of the officer who hands it over."""
    officer: str
    """Reference of the officer who is to take it over; empty for another administration."""
    administration: str
    """Code of the administration that is to take it over; empty for an officer of ours."""
    proposed_at: datetime
    purpose: str = ""
    for_good: bool = False
    words: CustodyWords = NO_WORDS
    answered_by: str = ""
    answered_at: datetime | None = None
    reason: RefusalReason | None = None
    message: str = ""
    incoming: bool = False
    """Whether another administration hands it over to us: `administration` is the giver then."""
    their_reference: str = ""
    identity: str = ""
    """Of the item, where another administration is on the other side."""
    what: str = ""
    """The kind of thing, as another administration says."""
    on: date | None = None
    """The day on which it was handed to its carrier."""
    problem: str = ""
    """Why what we said last did not reach the other administration: a code of the exchange."""
    version: int = 1

    @property
    def waits(self) -> bool:
        """Whether the other side has not answered yet."""
        return self.state is HandOverState.PROPOSED

    def late(self, at: datetime) -> bool:
        """Whether an answer is overdue."""
        return self.waits and at - self.proposed_at > ANSWER_WITHIN
