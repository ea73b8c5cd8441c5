# SPDX-License-Identifier: Apache-2.0
"""The ways by which something of an item leaves, what is asked at the door, and what it answers.

Values only: whether an item may be let out is decided in `lawful_channel`, recorded and carried
out by `services.way_out`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from comity.agreements.assessment import Determination, Gate
from comity.agreements.question import Proceeding, Recipient
from comity.agreements.verdict import RANKS, Verdict
from comity.catalogues import N_
from comity.evidence.item import Channel
from comity.handling.marking import Marking
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose


class WayOut(StrEnum):
    """By which way something of an item leaves where it is kept."""

    PAGE = "page"
    API = "api"
    EXPORT = "export"
    REPORT = "report"
    SEARCH = "search"
    FIGURE = "figure"
    MESSAGE = "message"
    PACKAGE = "package"
    CERTIFIED_COPY = "certified-copy"
    COMMAND = "command"


WAY_WORDS: dict[WayOut, str] = {
    WayOut.PAGE: N_("read on a page"),
    WayOut.API: N_("read by a program"),
    WayOut.EXPORT: N_("exported as a file"),
    WayOut.REPORT: N_("quoted in a report"),
    WayOut.SEARCH: N_("shown in a search"),
    WayOut.FIGURE: N_("counted in a figure"),
    WayOut.MESSAGE: N_("sent in a message"),
    WayOut.PACKAGE: N_("packed"),
    WayOut.CERTIFIED_COPY: N_("copied and certified"),
    WayOut.COMMAND: N_("read at the command line"),
}

READING = frozenset(
    (WayOut.PAGE, WayOut.API, WayOut.SEARCH, WayOut.FIGURE, WayOut.REPORT, WayOut.COMMAND)
)
"""Ways by which the holder's own officers learn of an item, and nothing leaves the house."""


PARTNER = "PARTNER"
"""What a record says of a recipient that is a partner administration."""


class Refusal(StrEnum):
    """Why an item is not let out, where it is not the law that says so."""

    EVALUATION_ERROR = "evaluation-error"
    MARKING_UNREADABLE = "marking-unreadable"
    AUDIENCE_EMPTY = "audience-empty"
    RESTRICTED_IN_WORDS = "restricted-in-words"
    FACT_UNSETTLED = "fact-unsettled"
    USE_RULE = "use-rule"
    NOT_ON_THE_CASE = "not-on-the-case"
    PURPOSE_UNKNOWN = "purpose-unknown"
    ADMINISTRATION_UNKNOWN = "administration-unknown"
    NO_CHANNEL = "no-channel"
    SOURCE_MISSING = "source-missing"
    ABOVE_CEILING = "above-ceiling"
    NOTICE_FIRST = "notice-first"
    ERASED = "erased"


REFUSAL_WORDS: dict[Refusal, str] = {
    Refusal.EVALUATION_ERROR: N_("It could not be decided, so the answer is no."),
    Refusal.MARKING_UNREADABLE: N_("What was laid on it cannot be read, so the answer is no."),
    Refusal.AUDIENCE_EMPTY: N_("Its list of recipients names nobody."),
    Refusal.RESTRICTED_IN_WORDS: N_("A restriction in words is laid on it; a person reads it."),
    Refusal.FACT_UNSETTLED: N_("A fact about a part of it is unknown; a person settles it."),
    Refusal.USE_RULE: N_("Its supplier set a rule for this purpose."),
    Refusal.NOT_ON_THE_CASE: N_("It lies in a case file that the officer does not work on."),
    Refusal.PURPOSE_UNKNOWN: N_("It lies in no case file, and no purpose was stated."),
    Refusal.ADMINISTRATION_UNKNOWN: N_("The node does not know which administration runs it."),
    Refusal.NO_CHANNEL: N_("No way is recorded by which it came."),
    Refusal.SOURCE_MISSING: N_("What it was made of is not recorded."),
    Refusal.ABOVE_CEILING: N_("It lies above a ceiling that an administrator set."),
    Refusal.NOTICE_FIRST: N_("Its supplier must be told first."),
    Refusal.ERASED: N_("It was erased."),
}


@dataclass(frozen=True, slots=True)
class IntendedUse:
    """What an item is to be used for, where that is not the purpose of its case."""

    purpose: Purpose
    proceeding: Proceeding = Proceeding.NONE
    offences: tuple[Offence, ...] = ()


@dataclass(frozen=True, slots=True)
class IntendedRecipient:
    """To whom an item is to go: a partner administration, unless `recipient` says otherwise."""

    code: str = ""
    """The partner's or third state's code, or the authority's name."""
    recipient: Recipient | None = None
    forms: tuple[FormOfAssistance, ...] = (FormOfAssistance.SPONTANEOUS,)
    """The form of assistance under which a partner is given it."""
    requested_on: date | None = None
    compelled: bool = False
    """True when a court or the law obliges us."""
    assurances_given: bool | None = None
    assurance_breached: bool | None = None
    under: str = ""
    """The instrument under which it goes to a partner; empty for the best one."""


A_COURT = IntendedRecipient(recipient=Recipient.COURT)


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be done with an item."""

    way: WayOut
    on: date
    own: str
    """Code of our administration."""
    use: IntendedUse
    recipient: IntendedRecipient | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """One question and how much of its answer counts for this act."""

    determination: Determination
    gates: frozenset[Gate]
    """The gates whose findings count."""
    verdict: Verdict
    blocked: bool
    """True while a notice is due before the act."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is said of one channel, or of a whole item: the verdict, and why it is no better."""

    verdict: Verdict
    channel: Channel | None = None
    answers: tuple[Answered, ...] = ()
    reason: Refusal | None = None
    laid: tuple[Verdict, ...] = ()
    """What the markings themselves leave, beside the law."""
    markings: tuple[Marking, ...] = ()
    """Of the channel relied on for the item, and for each that it was made of."""
    by_person: bool = field(default=False)
    """Whether the matter was a person's to decide, and a person did."""

    @property
    def permitted(self) -> bool:
        """Whether the act may be done now."""
        blocked = self.reason is Refusal.NOTICE_FIRST
        return self.verdict.permits and not blocked

    @property
    def determination(self) -> Determination | None:
        """The law's answer that limits most; none where the law was not asked."""
        if not self.answers:
            return None
        return max(self.answers, key=lambda each: RANKS[each.verdict]).determination


@dataclass(frozen=True, slots=True)
class Let:
    """Whether one item may be let out, as it was decided and recorded."""

    item: str
    way: WayOut
    permitted: bool
    verdict: Verdict
    channel: Channel | None
    """The channel relied on; the least restrictive one where none is lawful."""
    determination: Determination | None
    reason: Refusal | None
    decision: str
    """Reference of the record of this decision; empty where it was not recorded."""
    marking: Marking
    """What is laid on whatever is let out: the join over all that the item was made of, by the
    channels relied on; by every channel where it is refused."""
    conditions: tuple[Determination, ...] = ()
    """Every answer of the law that counted, for whoever shows conditions and obligations."""
