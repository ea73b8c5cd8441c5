# SPDX-License-Identifier: Apache-2.0
"""Taking information back: what a supplier demands of every holder, and what each answers.

A recall has one identity in all administrations. Whoever passed the item on passes the recall on
and reports what came back, so that the supplier sees every copy: accounted for, or unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from comity.evidence.use_messages import (
    LONGEST_TEXT,
    day_or_none,
    filled,
)
from comity.exchange.members import ADMINISTRATION, IDENTIFIER, NOTE, Members
from comity.handling.marking import NOTHING, Marking, read_marking
from comity.reference.taxonomy import Caveat, Purpose, UseRule

RECALL = "evidence.recall/1"
RECALL_ANSWER = "evidence.recall-answer/1"
ANSWER_WITHIN = timedelta(days=30)
"""So long a holder has, where the supplier names no day."""
MOST_HOLDERS = 500
DEEPEST = 8
"""Links of a chain that one answer reports; what lies deeper is reported as unknown."""


class Demand(StrEnum):
    """What the supplier asks of every holder."""

    DELETE = "delete"
    CORRECT = "correct"
    NARROW = "narrow"
    """Use it within a marking that is stricter than the one it came with."""


DEMAND_WORDS: dict[Demand, str] = {
    Demand.DELETE: N_("delete"),
    Demand.CORRECT: N_("correct"),
    Demand.NARROW: N_("narrow the use"),
}


class Ground(StrEnum):
    """Why it is taken back."""

    INACCURATE = "inaccurate"
    SUPPLIED_IN_ERROR = "supplied-in-error"
    UNLAWFULLY_SUPPLIED = "unlawfully-supplied"
    ERASURE_OF_A_PERSON = "erasure-of-a-person"
    ASSURANCE_BREACHED = "assurance-breached"
    RETENTION_OVER = "retention-over"
    COURT_ORDER = "court-order"


GROUND_WORDS: dict[Ground, str] = {
    Ground.INACCURATE: N_("it is inaccurate"),
    Ground.SUPPLIED_IN_ERROR: N_("it was supplied in error"),
    Ground.UNLAWFULLY_SUPPLIED: N_("it should not have been supplied"),
    Ground.ERASURE_OF_A_PERSON: N_("a person's data are to be erased"),
    Ground.ASSURANCE_BREACHED: N_("an assurance was breached"),
    Ground.RETENTION_OVER: N_("it may be kept no longer"),
    Ground.COURT_ORDER: N_("a court ordered it"),
}


class Outcome(StrEnum):
    """What became of one copy."""

    PENDING = "pending"
    """A person at the holder has still to decide."""
    DELETED = "deleted"
    CORRECTED = "corrected"
    NARROWED = "narrowed"
    HELD_FOR_LAW = "held-for-law"
    """The holder must keep it: a legal hold, a proceeding, a law of records."""
    NOT_HELD = "not-held"
    """The holder has none, or has none any more."""
    DECLINED = "declined"
    KEPT_FROM_ANOTHER = "kept-from-another"
    """What came from the supplier is used no more; the same came from somebody else as well."""
    UNKNOWN = "unknown"
    """No answer came in time: nobody here knows."""


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.PENDING: N_("not decided yet"),
    Outcome.DELETED: N_("deleted"),
    Outcome.CORRECTED: N_("corrected"),
    Outcome.NARROWED: N_("use narrowed"),
    Outcome.HELD_FOR_LAW: N_("held for law"),
    Outcome.NOT_HELD: N_("not held"),
    Outcome.DECLINED: N_("declined"),
    Outcome.KEPT_FROM_ANOTHER: N_("kept from another source"),
    Outcome.UNKNOWN: N_("unknown: no answer"),
}
DECIDED = frozenset(Outcome) - {Outcome.PENDING, Outcome.UNKNOWN}
"""What a person answers; the rest is what is shown while nobody did."""
ANSWERS: dict[Demand, frozenset[Outcome]] = {
    Demand.DELETE: frozenset(
        {Outcome.DELETED, Outcome.HELD_FOR_LAW, Outcome.DECLINED, Outcome.NOT_HELD}
    ),
    Demand.CORRECT: frozenset(
        {
            Outcome.CORRECTED,
            Outcome.DELETED,
            Outcome.HELD_FOR_LAW,
            Outcome.DECLINED,
            Outcome.NOT_HELD,
        }
    ),
    Demand.NARROW: frozenset(
        {
            Outcome.NARROWED,
            Outcome.DELETED,
            Outcome.HELD_FOR_LAW,
            Outcome.DECLINED,
            Outcome.NOT_HELD,
        }
    ),
}
"""What can be answered to each demand; deleting satisfies every one."""


class UnknownRecallError(NotFoundError):
    """There is no such recall."""

    code = "recall-unknown"
    message = N_("There is no recall {reference}.")
    remedy = N_("The recall tracker lists those that we made and those that reached us.")


class RecallNotOursError(NotPermittedError):
    """Only who supplied an item can take it back."""

    code = "recall-not-ours"
    message = N_("{item} was supplied by {supplier}: only they can recall it.")
    remedy = N_("Tell them what is wrong with it; they decide whether to recall it.")


class NobodyHoldsItError(NotPermittedError):
    """The item was given to nobody."""

    code = "recall-nobody-holds"
    message = N_("{item} was passed on to no other administration, so nobody is to be asked.")
    remedy = N_("Correct or destroy it here.")


class RecallAnswerError(InvalidInputError):
    """The answer does not fit what was demanded."""

    code = "recall-answer-odd"
    message = N_("A demand to {demand} cannot be answered with {outcome}; expected {expected}.")
    remedy = N_("Choose one of these answers.")


class RecallDemandError(InvalidInputError):
    """A recall does not say what it asks for, or says what it does not ask for."""

    code = "recall-demand-odd"
    message = N_("A demand to {demand} says {expected}; found {found}.")
    remedy = N_("Say what is right instead to correct, and what is laid on it to narrow its use.")


class HoldMissingError(NotPermittedError):
    """Somebody answers that the law makes us keep it, and no hold says so."""

    code = "recall-without-hold"
    message = N_("{item} is under no legal hold, so it cannot be answered as held for law.")
    remedy = N_("Place the hold first, with its ground.")


class RecallDecidedError(ConflictError):
    """Somebody decided before."""

    code = "recall-decided"
    message = N_("{reference} was decided already: {outcome}.")
    remedy = N_("An item held for law can be decided again once the hold is lifted.")


class RecallUnaskedError(NotPermittedError):
    """An answer or a recall came from an administration that has no say in it."""

    code = "recall-of-others"
    message = N_("{partner} neither supplied this item to us nor was asked about it.")
    remedy = N_("Send it to the administrations between which the item passed.")


@dataclass(frozen=True, slots=True)
class Copy:
    """What is known of the copies at one administration, and at those it passed them on to."""

    administration: str
    outcome: Outcome
    at: datetime | None = None
    until: date | None = None
    """Until when it is held for law, where that is known."""
    holders: tuple[Copy, ...] = ()
    signed: Mapping[str, Any] | None = None
    """The message by which it said so itself, as it was signed; None for who reports it."""
    verified: bool = False
    """Whether its own signature was verified here; else it stands as who passed it on reports."""

    def every(self) -> Iterator[Copy]:
        """This one and all below it."""
        yield self
        for holder in self.holders:
            yield from holder.every()

    def document(self) -> dict[str, Any]:
        """As the wire format says it."""
        said = filled(
            administration=self.administration,
            outcome=self.outcome,
            at=self.at.isoformat() if self.at else "",
            until=self.until.isoformat() if self.until else "",
        )
        if self.holders:
            said["holders"] = [holder.document() for holder in self.holders]
        return {**said, "signed": self.signed} if self.signed else said


@dataclass(frozen=True, slots=True)
class RecallDemand:
    """The body of a recall, as it passes from hand to hand."""

    recall: str
    """Its identity, the same at every link of the chain."""
    item: str
    demand: Demand
    ground: Ground
    origin: str
    """Who began it."""
    answer_by: date
    text: str = ""
    corrections: Mapping[str, str] = field(default_factory=dict)
    """What is right instead, by field of the description; of a demand to correct."""
    marking: Mapping[str, Any] | None = None
    """`handling.marking` as a document; of a demand to narrow."""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        said = filled(
            recall=self.recall,
            item=self.item,
            demand=self.demand,
            ground=self.ground,
            origin=self.origin,
            answer_by=self.answer_by.isoformat(),
            text=self.text,
        )
        if self.corrections:
            said["corrections"] = dict(self.corrections)
        if self.marking:
            said["marking"] = dict(self.marking)
        return said


@dataclass(frozen=True, slots=True)
class RecallAnswer:
    """The body of an answer: what became of our copy, and of those that we passed on."""

    recall: str
    number: int
    """Later answers have higher numbers, and take the place of earlier ones."""
    copy: Copy
    text: str = ""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        said = filled(recall=self.recall, text=self.text)
        return {**said, "number": self.number, "copy": self.copy.document()}


@dataclass(frozen=True, slots=True)
class Recall:
    """A recall as it is known here: one that we made, or one that reached us."""

    reference: str
    recall: str
    item: str
    identity: str
    demand: Demand
    ground: Ground
    origin: str
    asked_by: str
    """Who asked us; empty where we made it."""
    answer_by: date
    recorded_by: str
    recorded_at: datetime
    copy: Copy
    """Ours, and below it every holder that is known of."""
    decided_by: str = ""
    decided_at: datetime | None = None
    message: str = ""

    @property
    def ours(self) -> bool:
        """Whether we made it."""
        return not self.asked_by

    @property
    def copies(self) -> tuple[Copy, ...]:
        """Every copy that is known of; our own is none where we are the supplier."""
        every = tuple(self.copy.every())
        return every[1:] if self.ours else every

    def count(self, *outcomes: Outcome) -> int:
        """How many copies ended in one of these."""
        return sum(copy.outcome in outcomes for copy in self.copies)

    @property
    def settled(self) -> bool:
        """Whether every copy is accounted for."""
        return all(copy.outcome in DECIDED for copy in self.copies)


def as_of(copy: Copy, answer_by: date, today: date) -> Copy:
    """The copies as they are shown on a day: unanswered after the last day means unknown."""
    holders = tuple(as_of(holder, answer_by, today) for holder in copy.holders)
    late = copy.outcome is Outcome.PENDING and today > answer_by
    return replace(copy, holders=holders, outcome=Outcome.UNKNOWN if late else copy.outcome)


def narrowing(
    caveats: Iterable[Caveat] = (),
    not_for: Iterable[Purpose] = (),
    return_by: date | None = None,
    conditions: Iterable[str] = (),
) -> Marking | None:
    """What is laid on an item beside all that it came with; None for nothing.

    `not_for` are purposes for which it is to be used no longer.
    """
    laid = replace(
        NOTHING,
        caveats=frozenset(caveats),
        use_rules=frozenset((purpose, UseRule.PROHIBITED) for purpose in not_for),
        return_or_destroy_by=return_by,
        restrictions=frozenset(words.strip() for words in conditions if words.strip()),
    )
    return None if NOTHING.covers(laid) else laid


def check_demand(said: RecallDemand) -> None:
    """Raise `RecallDemandError` unless the recall says what its demand needs, and no more.

    Raises:
        MarkingUnreadableError, UnknownCodeError: what is to be laid on the item cannot be read.
    """
    laid = said.marking is not None and not NOTHING.covers(read_marking(said.marking))
    found = {Demand.CORRECT: bool(said.corrections), Demand.NARROW: laid}
    for demand, there in found.items():
        if there is not (demand is said.demand):
            raise RecallDemandError(
                demand=said.demand,
                expected=SAID_OF[said.demand],
                found="nothing" if not there else SAID_OF[demand],
            )


SAID_OF: dict[Demand, str] = {
    Demand.DELETE: "nothing but why",
    Demand.CORRECT: "what is right instead",
    Demand.NARROW: "what is laid on it",
}


def check_answer(demand: Demand, outcome: Outcome, *, here: bool = False) -> None:
    """Raise `RecallAnswerError` unless this answers the demand, and is true of what is `here`."""
    answers = ANSWERS[demand] - ({Outcome.NOT_HELD} if here else set())
    if outcome not in answers:
        expected = ", ".join(sorted(answers))
        raise RecallAnswerError(demand=demand, outcome=outcome, expected=expected)


def read_recall(body: Mapping[str, Any]) -> RecallDemand:
    """The recall of a body.

    Raises:
        WireFormError, WireLimitError: a member is missing, or of another form.
    """
    said = Members(body, RECALL)
    answer_by = day_or_none(said, "answer_by")
    if answer_by is None:
        raise said.refuse("answer_by", "a day")
    return RecallDemand(
        recall=said.text("recall", IDENTIFIER),
        item=said.text("item", IDENTIFIER),
        demand=said.code("demand", Demand),
        ground=said.code("ground", Ground),
        origin=said.text("origin", ADMINISTRATION, most=20),
        answer_by=answer_by,
        text=said.text_or_none("text", NOTE, most=LONGEST_TEXT),
        corrections=said.facts("corrections"),
        marking=said.mapping("marking") if said.has("marking") else None,
    )


def read_recall_answer(body: Mapping[str, Any]) -> RecallAnswer:
    """The answer of a body."""
    said = Members(body, RECALL_ANSWER)
    return RecallAnswer(
        recall=said.text("recall", IDENTIFIER),
        number=said.number("number", least=1, most=1_000_000),
        copy=said.one("copy", _read_copy),
        text=said.text_or_none("text", NOTE, most=LONGEST_TEXT),
    )


def read_copy(document: Mapping[str, Any]) -> Copy:
    """A copy as `Copy.document` wrote it."""
    return _read_copy(Members(document, RECALL_ANSWER))


def _read_copy(said: Members, depth: int = 0) -> Copy:
    at, outcome = said.text_or_none("at"), said.code("outcome", Outcome)
    deeper = depth >= DEEPEST and said.has("holders")
    return Copy(
        administration=said.text("administration", ADMINISTRATION, most=20),
        outcome=Outcome.UNKNOWN if deeper else outcome,
        at=_instant(said, at) if at else None,
        until=day_or_none(said, "until"),
        holders=said.each("holders", lambda one: _read_copy(one, depth + 1), most=MOST_HOLDERS)
        if depth < DEEPEST
        else (),
        signed=said.mapping("signed") if said.has("signed") else None,
    )


def _instant(said: Members, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise said.refuse("at", "an instant") from None
    if found.tzinfo is None:
        raise said.refuse("at", "an instant with its offset")
    return found
