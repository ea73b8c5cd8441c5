# SPDX-License-Identifier: Apache-2.0
"""What two administrations write to each other when a thing passes from hand to hand.

An offer, its answer, and the offer taken back. The return of an original is a hand-over for good
in a kind of its own, which names the day and the way alone. An answer and a withdrawal speak of
the offer to which their message replies, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from comity.evidence.custody import NO_WORDS, CustodyWords
from comity.evidence.hand_over import RefusalReason
from comity.evidence.use_messages import LONGEST_TEXT, Half, day, half_of
from comity.exchange.members import CODE, IDENTIFIER, NOTE, Members, filled

HAND_OVER = "evidence.hand-over/1"
RETURN = "evidence.return/1"
MOST_MARKS = 50


class Said(StrEnum):
    """What a message about a hand-over says."""

    OFFER = "offer"
    ANSWER = "answer"
    WITHDRAWAL = "withdrawal"


class Term(StrEnum):
    """For how long it is handed over."""

    FOR_A_TIME = "for-a-time"
    FOR_GOOD = "for-good"


OF_A_RETURN: Mapping[Half, Said] = {Half.STATEMENT: Said.OFFER, Half.CONFIRMATION: Said.ANSWER}
"""What the halves of `evidence.return/1` say."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An item of this identity is on its way to you: say that you have it, or why not."""

    item: str
    """Its identity."""
    on: date
    """The day on which it was handed to its carrier."""
    hand_over: str
    """The sender's reference of the hand-over."""
    for_good: bool = False
    what: str = ""
    """The kind of thing, a code of `item.ItemKind`; another one is left as it is."""
    words: CustodyWords = NO_WORDS
    kind: str = HAND_OVER
    """Of the message; a return says the day and the way alone."""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        named = {"item": self.item, "on": self.on.isoformat(), "hand_over": self.hand_over}
        if self.kind == RETURN:
            return filled({**named, "half": str(Half.STATEMENT), "how": self.words.reason})
        return filled(
            {
                **named,
                "says": str(Said.OFFER),
                "term": str(Term.FOR_GOOD if self.for_good else Term.FOR_A_TIME),
                "what": self.what,
                "place": self.words.place,
                "reason": self.words.reason,
                "counterpart": self.words.counterpart,
                "marks": list(self.words.marks),
            }
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """We have it, or why we do not take it over."""

    reference: str
    """The answerer's own reference of it."""
    refused_for: str = ""
    """A code of `hand_over.RefusalReason`; empty where it is in hand."""
    kind: str = HAND_OVER
    """Of the message: that of the offer."""

    @property
    def confirmed(self) -> bool:
        """Whether it is in hand."""
        return not self.refused_for

    @property
    def reason(self) -> RefusalReason | None:
        """Why it is not taken over; None for a code that this release does not know, too."""
        return RefusalReason(self.refused_for) if self.refused_for in REASONS else None

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        says = {"says": str(Said.ANSWER)}
        if self.kind == RETURN:
            says = {"half": str(Half.CONFIRMATION)}
        return filled({**says, "reference": self.reference, "refused_for": self.refused_for})


REASONS = frozenset(RefusalReason)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """We keep it after all; it stands for the return of an original as well."""

    hand_over: str
    """The sender's reference of the hand-over."""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        return {"says": str(Said.WITHDRAWAL), "hand_over": self.hand_over}


def said_in(body: Mapping[str, Any], kind: str) -> Said:
    """What a body of one of the two kinds says.

    Raises:
        WireFormError: it does not say.
    """
    if kind == RETURN:
        return OF_A_RETURN[half_of(body, RETURN)]
    return Members(body, kind).code("says", Said)


def read_offer(body: Mapping[str, Any], kind: str = HAND_OVER) -> Offer:
    """The offer of a body of either kind.

    Raises:
        WireFormError, WireLimitError: a member is missing, or of another form.
    """
    said = Members(body, kind)
    item, on = said.text("item", IDENTIFIER), day(said, "on")
    hand_over = said.text("hand_over", CODE)
    if kind == RETURN:
        words = CustodyWords(reason=said.text_or_none("how", NOTE, most=LONGEST_TEXT))
        return Offer(item, on, hand_over, for_good=True, words=words, kind=kind)
    return Offer(
        item,
        on,
        hand_over,
        for_good=said.code("term", Term) is Term.FOR_GOOD,
        what=said.text_or_none("what", CODE),
        words=CustodyWords(
            place=said.text_or_none("place", NOTE, most=LONGEST_TEXT),
            reason=said.text_or_none("reason", NOTE, most=LONGEST_TEXT),
            counterpart=said.text_or_none("counterpart", NOTE, most=LONGEST_TEXT),
            marks=said.texts("marks", most=MOST_MARKS),
        ),
    )


def read_answer(body: Mapping[str, Any], kind: str = HAND_OVER) -> Answer:
    """The answer of a body of either kind."""
    said = Members(body, kind)
    return Answer(said.text("reference", CODE), said.text_or_none("refused_for", CODE), kind)


def read_withdrawal(body: Mapping[str, Any]) -> Withdrawal:
    """The withdrawal of a body."""
    return Withdrawal(Members(body, HAND_OVER).text("hand_over", CODE))
