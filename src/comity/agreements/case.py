# SPDX-License-Identifier: Apache-2.0
"""A question in the one shape that the rules read, whichever of the five it is.

`Case` says who acts, who supplies, who receives, on which day's law the act is judged, and for
what. `Answer` is what a rule gives back. Both are made for speed: a finding is built from an
answer only when somebody reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from comity.agreements.provision import Basis
from comity.agreements.question import (
    Ask,
    Disclose,
    Item,
    Proceeding,
    Question,
    Recipient,
    Release,
    Retain,
    Use,
)
from comity.agreements.register import country_of
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose


class Act(StrEnum):
    """The five acts."""

    ASK = "ask"
    RELEASE = "release"
    USE = "use"
    DISCLOSE = "disclose"
    RETAIN = "retain"


class Answer(NamedTuple):
    """A rule's answer: the best verdict it leaves open, and why."""

    limit: Verdict
    reason: str
    facts: Mapping[str, str] = {}
    article: str = ""
    basis: Basis | None = None


@cache
def fine(reason: str, about: FormOfAssistance | Purpose | Offence | None = None) -> Answer:
    """The answer that limits nothing, one for each reason and subject."""
    if about is None:
        return Answer(Verdict.PERMITTED, reason)
    return Answer(Verdict.PERMITTED, reason, {KEYS[type(about)]: about.value})


KEYS: dict[type[StrEnum], str] = {
    FormOfAssistance: "form",
    Purpose: "purpose",
    Offence: "offence",
}
"""The fact by which a reason names its subject."""

PURPOSE_OF_PROCEEDING: dict[Proceeding, Purpose] = {
    Proceeding.ADMINISTRATIVE: Purpose.ADMIN_PROCEEDING,
    Proceeding.CIVIL: Purpose.CIVIL_JUDICIAL,
    Proceeding.CRIMINAL: Purpose.CRIMINAL_EVIDENCE,
}
PURPOSES_OF_RECIPIENT: dict[Recipient, tuple[Purpose, ...]] = {
    Recipient.OTHER_AUTHORITY: (Purpose.OTHER_AUTHORITY,),
    Recipient.THIRD_STATE: (Purpose.THIRD_STATE,),
    Recipient.PUBLIC: (Purpose.PUBLIC,),
    # A court may be of any kind: the strictest of its purposes decides.
    Recipient.COURT: (Purpose.CRIMINAL_EVIDENCE, Purpose.CIVIL_JUDICIAL),
    # What the defence may demand is compelled disclosure, never a use of ours.
    Recipient.DEFENCE: (),
}


@dataclass(slots=True)
class Case:
    """The question, taken apart once for every rule."""

    question: Question
    act: Act
    acting: str
    partner: str
    supplier: str
    receiver: str
    forms: tuple[FormOfAssistance, ...]
    purposes: tuple[Purpose, ...]
    offences: tuple[Offence, ...]
    on: date
    law_day: date
    supply_day_known: bool
    items: tuple[Item, ...]
    """The items that the act is about: one, or the facts of a request; empty for a bare request."""
    consent: bool
    notice: bool
    compelled: bool
    recipient: Recipient | None = None
    recipient_code: str = ""
    requested_on: date | None = None

    @property
    def asks_or_supplies(self) -> bool:
        """Whether the act is one between the two administrations, not one of the holder alone."""
        return self.act is Act.ASK or self.act is Act.RELEASE


def case_of(question: Question) -> Case:
    """The question as a case."""
    case: Case = _CASES[type(question)](question)
    return case


def _ask(question: Ask) -> Case:
    return Case(
        question,
        Act.ASK,
        acting=question.asker,
        partner=question.asked,
        supplier=country_of(question.asked),
        receiver=country_of(question.asker),
        forms=question.forms,
        purposes=question.purposes,
        offences=question.offences,
        on=question.on,
        law_day=question.on,
        supply_day_known=True,
        items=question.facts,
        consent=question.consent_given,
        notice=False,
        compelled=False,
        requested_on=question.requested_on,
    )


def _release(question: Release) -> Case:
    return Case(
        question,
        Act.RELEASE,
        acting=question.supplier,
        partner=question.receiver,
        supplier=country_of(question.supplier),
        receiver=country_of(question.receiver),
        forms=question.forms,
        purposes=question.purposes,
        offences=question.offences,
        on=question.on,
        law_day=question.on,
        supply_day_known=True,
        items=(question.item,),
        consent=question.consent_given,
        notice=False,
        compelled=False,
        requested_on=question.requested_on,
    )


def _use(question: Use) -> Case:
    proceeding = PURPOSE_OF_PROCEEDING.get(question.proceeding)
    purposes: tuple[Purpose, ...] = (question.purpose,)
    if proceeding is not None and proceeding is not question.purpose:
        purposes = (question.purpose, proceeding)
    return Case(
        question,
        Act.USE,
        acting=question.holder,
        partner=question.supplier,
        supplier=country_of(question.supplier),
        receiver=country_of(question.holder),
        forms=(question.form,) if question.form is not None else (),
        purposes=purposes,
        offences=question.offences,
        on=question.on,
        law_day=question.supplied_on or question.on,
        supply_day_known=question.supplied_on is not None,
        items=(question.item,),
        consent=question.consent_given,
        notice=question.notice_given,
        compelled=False,
        requested_on=question.requested_on,
    )


def _disclose(question: Disclose) -> Case:
    compelled = question.compelled or question.recipient is Recipient.DEFENCE
    return Case(
        question,
        Act.DISCLOSE,
        acting=question.holder,
        partner=question.supplier,
        supplier=country_of(question.supplier),
        receiver=country_of(question.holder),
        forms=(),
        purposes=() if compelled else PURPOSES_OF_RECIPIENT[question.recipient],
        offences=question.offences,
        on=question.on,
        law_day=question.supplied_on or question.on,
        supply_day_known=question.supplied_on is not None,
        items=(question.item,),
        consent=question.consent_given,
        notice=question.notice_given,
        compelled=compelled,
        recipient=question.recipient,
        recipient_code=question.recipient_code,
        requested_on=question.requested_on,
    )


def _retain(question: Retain) -> Case:
    return Case(
        question,
        Act.RETAIN,
        acting=question.holder,
        partner=question.supplier,
        supplier=country_of(question.supplier),
        receiver=country_of(question.holder),
        forms=(),
        purposes=(),
        offences=(),
        on=question.on,
        law_day=question.supplied_on or question.on,
        supply_day_known=question.supplied_on is not None,
        items=(question.item,),
        consent=False,
        notice=False,
        compelled=False,
        requested_on=question.requested_on,
    )


_CASES: dict[type[Any], Callable[[Any], Case]] = {  # each reader takes its own kind of question
    Ask: _ask,
    Release: _release,
    Use: _use,
    Disclose: _disclose,
    Retain: _retain,
}
