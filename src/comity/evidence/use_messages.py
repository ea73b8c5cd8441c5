# SPDX-License-Identifier: Apache-2.0
"""What two administrations write to each other about the use of an item: the bodies of messages.

A notice of a use and its acknowledgement, a request for consent and its answer, a court's ruling.
An item is named by its identity, which both know; what passes from hand to hand is told in
`hand_over_messages`. Members that this release does not know are left as they are; the ledger
keeps the whole message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import N_
from comity.exchange.members import CODE, IDENTIFIER, NOTE, Members
from comity.reference.taxonomy import Purpose

NOTICE = "evidence.use-notice/1"
CONSENT_REQUEST = "evidence.consent-request/1"
CONSENT_ANSWER = "evidence.consent-answer/1"
RULING = "evidence.ruling/1"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST_TEXT = 20_000


class Half(StrEnum):
    """Which half of a pair a message is."""

    STATEMENT = "statement"
    CONFIRMATION = "confirmation"


class Occasion(StrEnum):
    """For what an item is used, or to whom it goes."""

    USE = "use"
    DISCLOSURE = "disclosure"
    COMPELLED = "compelled"
    """A disclosure that a court or the law compels."""


OCCASION_WORDS: dict[Occasion, str] = {
    Occasion.USE: N_("use"),
    Occasion.DISCLOSURE: N_("disclosure"),
    Occasion.COMPELLED: N_("compelled disclosure"),
}


class ConsentOutcome(StrEnum):
    """What a supplier answers to a request for consent."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """It was given, and counts no longer from now on."""


class RulingOutcome(StrEnum):
    """What a court decided on an item before it."""

    ADMITTED = "admitted"
    ADMITTED_IN_PART = "admitted-in-part"
    EXCLUDED = "excluded"
    CHALLENGED = "challenged"
    """Its admission is contested and not decided yet."""
    NOT_RELIED_ON = "not-relied-on"


RULING_WORDS: dict[RulingOutcome, str] = {
    RulingOutcome.ADMITTED: N_("admitted in evidence"),
    RulingOutcome.ADMITTED_IN_PART: N_("admitted in part"),
    RulingOutcome.EXCLUDED: N_("excluded"),
    RulingOutcome.CHALLENGED: N_("challenged, not decided yet"),
    RulingOutcome.NOT_RELIED_ON: N_("not relied on"),
}


@dataclass(frozen=True, slots=True)
class UseNotice:
    """We used or shall use your item, or pass it on."""

    item: str
    """Its identity."""
    occasion: Occasion
    purpose: Purpose
    proceeding: Proceeding
    on: date
    """The day of the use, past or intended."""
    recipient: Recipient | None = None
    recipient_code: str = ""
    instrument: str = ""
    article: str = ""
    text: str = ""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        return filled(
            half=Half.STATEMENT,
            item=self.item,
            occasion=self.occasion,
            purpose=self.purpose,
            proceeding=self.proceeding,
            on=self.on.isoformat(),
            recipient=self.recipient,
            recipient_code=self.recipient_code,
            instrument=self.instrument,
            article=self.article,
            text=self.text,
        )


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Your statement is in our register, under this reference of ours."""

    reference: str

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        return filled(half=Half.CONFIRMATION, reference=self.reference)


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """May we use your item for this, or pass it on to them?"""

    item: str
    occasion: Occasion
    purpose: Purpose
    proceeding: Proceeding = Proceeding.NONE
    recipient: Recipient | None = None
    recipient_code: str = ""
    """Code of the administration or state that it would go to."""
    until: date | None = None
    """Until when it is wanted, where it is wanted for a time."""
    instrument: str = ""
    article: str = ""
    text: str = ""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        return filled(
            item=self.item,
            occasion=self.occasion,
            purpose=self.purpose,
            proceeding=self.proceeding,
            recipient=self.recipient,
            recipient_code=self.recipient_code,
            until=self.until.isoformat() if self.until else "",
            instrument=self.instrument,
            article=self.article,
            text=self.text,
        )


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """What we answer; it speaks of the request that its message replies to, and of nothing else."""

    outcome: ConsentOutcome
    until: date | None = None
    """The last day on which it counts; None for no end."""
    conditions: str = ""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        return filled(
            outcome=self.outcome,
            until=self.until.isoformat() if self.until else "",
            conditions=self.conditions,
        )


@dataclass(frozen=True, slots=True)
class CourtRuling:
    """What a court decided on your item."""

    item: str
    outcome: RulingOutcome
    on: date
    proceeding: Proceeding
    text: str = ""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        return filled(
            item=self.item,
            outcome=self.outcome,
            on=self.on.isoformat(),
            proceeding=self.proceeding,
            text=self.text,
        )


def half_of(body: Mapping[str, Any], kind: str) -> Half:
    """Which half of its pair a body is.

    Raises:
        WireFormError: it does not say.
    """
    return Members(body, kind).code("half", Half)


def read_notice(body: Mapping[str, Any]) -> UseNotice:
    """The notice of a body.

    Raises:
        WireFormError, WireLimitError: a member is missing, or of another form.
    """
    said = Members(body, NOTICE)
    return UseNotice(
        item=said.text("item", IDENTIFIER),
        occasion=said.code("occasion", Occasion),
        purpose=said.code("purpose", Purpose),
        proceeding=said.code("proceeding", Proceeding),
        on=day(said, "on"),
        recipient=said.code("recipient", Recipient) if said.has("recipient") else None,
        recipient_code=said.text_or_none("recipient_code", CODE),
        instrument=said.text_or_none("instrument", CODE),
        article=said.text_or_none("article"),
        text=said.text_or_none("text", NOTE, most=LONGEST_TEXT),
    )


def read_acknowledgement(body: Mapping[str, Any], kind: str = NOTICE) -> Acknowledgement:
    """The acknowledgement or confirmation of a body."""
    return Acknowledgement(Members(body, kind).text("reference", CODE))


def read_consent_request(body: Mapping[str, Any]) -> ConsentRequest:
    """The request for consent of a body."""
    said = Members(body, CONSENT_REQUEST)
    return ConsentRequest(
        item=said.text("item", IDENTIFIER),
        occasion=said.code("occasion", Occasion),
        purpose=said.code("purpose", Purpose),
        proceeding=said.code("proceeding", Proceeding),
        recipient=said.code("recipient", Recipient) if said.has("recipient") else None,
        recipient_code=said.text_or_none("recipient_code", CODE),
        until=day_or_none(said, "until"),
        instrument=said.text_or_none("instrument", CODE),
        article=said.text_or_none("article"),
        text=said.text_or_none("text", NOTE, most=LONGEST_TEXT),
    )


def read_consent_answer(body: Mapping[str, Any]) -> ConsentAnswer:
    """The answer of a body."""
    said = Members(body, CONSENT_ANSWER)
    return ConsentAnswer(
        outcome=said.code("outcome", ConsentOutcome),
        until=day_or_none(said, "until"),
        conditions=said.text_or_none("conditions", NOTE, most=LONGEST_TEXT),
    )


def read_ruling(body: Mapping[str, Any]) -> CourtRuling:
    """The ruling of a body."""
    said = Members(body, RULING)
    return CourtRuling(
        item=said.text("item", IDENTIFIER),
        outcome=said.code("outcome", RulingOutcome),
        on=day(said, "on"),
        proceeding=said.code("proceeding", Proceeding),
        text=said.text_or_none("text", NOTE, most=LONGEST_TEXT),
    )


def day(said: Members, name: str) -> date:
    """A day that must be there."""
    text = said.text(name)
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # such as 30 February
    raise said.refuse(name, "a day such as 2026-03-02")


def day_or_none(said: Members, name: str) -> date | None:
    """A day, or None where the member is missing."""
    return day(said, name) if said.has(name) else None


def filled(**members: Any) -> dict[str, Any]:  # any: JSON
    """The members that say something; one value has one spelling."""
    return {name: str(value) for name, value in members.items() if value not in (None, "")}
