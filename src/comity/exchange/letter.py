# SPDX-License-Identifier: Apache-2.0
"""A message as a printable letter in two languages, for a partner that has no node.

Plain: from the envelope, what the register says of the instrument and the day. The languages come
from the catalogues; what an officer wrote stays in the language in which it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import LANGUAGES, N_, translate
from comity.exchange.envelope import Envelope, PartEntry
from comity.exchange.evidence import EvidenceKind
from comity.exchange.partner import Binding
from comity.exchange.time_outs import TERMS
from comity.reference.taxonomy import label


class Channel(StrEnum):
    """How a letter left, or how what came back came."""

    POST = "post"
    REGISTERED_POST = "registered-post"
    COURIER = "courier"
    ATTACHE = "attache"
    EMAIL = "e-mail"
    FAX = "fax"
    BY_HAND = "by-hand"


CHANNEL_WORDS: Mapping[Channel, str] = {
    Channel.POST: N_("letter"),
    Channel.REGISTERED_POST: N_("registered letter"),
    Channel.COURIER: N_("courier"),
    Channel.ATTACHE: N_("customs attaché"),
    Channel.EMAIL: N_("e-mail"),
    Channel.FAX: N_("fax"),
    Channel.BY_HAND: N_("handed over in person"),
}


class Return(StrEnum):
    """What came back on a letter."""

    ACKNOWLEDGED = "acknowledged"
    """The administration confirms that it has it."""
    ADVICE = "advice-of-delivery"
    """The carrier proves that it was delivered."""
    REFUSED = "refused"
    """The administration declines, and says why."""


RETURN_WORDS: Mapping[Return, str] = {
    Return.ACKNOWLEDGED: N_("The partner confirms that it has it"),
    Return.ADVICE: N_("The carrier proves that it was delivered"),
    Return.REFUSED: N_("The partner refuses it"),
}
RETURN_STATES: Mapping[Return, EvidenceKind] = {
    Return.ACKNOWLEDGED: EvidenceKind.RELAYED,
    Return.ADVICE: EvidenceKind.DELIVERED,
    Return.REFUSED: EvidenceKind.REFUSED,
}
"""Which evidence registering it makes: the same as a node's, so that clocks run alike."""

HEADING = N_("Mutual administrative assistance in customs matters")
SALUTATION = N_("Sir or Madam,")
ASKS = N_("We ask for your assistance under {title} ({reference}){article}.")
SUPPLIES = N_("We hand this information to you under {title} ({reference}){article}.")
ARTICLE = N_(", article {article}")
WRITES = N_("We write to you in the following matter.")
FORMS = N_("Forms of assistance: {named}.")
PURPOSES = N_("Purposes: {named}.")
CONDITIONS = N_("It is to be handled under these conditions:")
HANDLING = N_("Handling: {named}.")
ENCLOSED = N_("Enclosed:")
CONFIRM = N_("We ask you to confirm that you have received this letter, naming our reference.")
CLOCK = N_("If we have not heard from you by {day}, we shall write again.")
CLOSING = N_("Yours faithfully,")
LABELS: Mapping[str, str] = {
    "reference": N_("Our reference"),
    "register_number": N_("Register number"),
    "case": N_("Case"),
    "date": N_("Date"),
    "id": N_("Id of the message"),
}


DayIn = Callable[[date, str], str]
"""Writes a day out in a language."""


@dataclass(frozen=True, slots=True)
class Side:
    """The letter's frame in one language."""

    language: str
    heading: str
    labels: Mapping[str, str]
    date: str
    salutation: str
    matter: tuple[str, ...]
    """Sentences on the law."""
    conditions_title: str
    conditions: tuple[str, ...]
    closing: tuple[str, ...]
    farewell: str
    enclosed: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that is printed."""

    reference: str
    register_number: str
    case: str
    identifier: str
    digest: str
    sender: str
    addressee: tuple[str, ...]
    subject: str
    text: str
    enclosures: tuple[PartEntry, ...]
    sides: tuple[Side, ...]


def register_number(own: str, reference: str, on: date) -> str:
    """The number in our register: it follows from the ledger's, so that none is given twice."""
    number = reference.rpartition("-")[2]
    return f"{own}/{on.year}/{number}"


def languages_for(wanted: str) -> tuple[str, ...]:
    """Two languages, the partner's first."""
    first = wanted if wanted in LANGUAGES else "en"
    return (first, *(code for code in LANGUAGES if code != first))[:2]


def letter(
    envelope: Envelope,
    *,
    reference: str,
    digest: str,
    sender: str,
    addressee: Sequence[str],
    titles: Mapping[str, str],
    language: str,
    on: date,
    day_in: DayIn,
) -> Letter:
    """The letter of an envelope; `titles` names instruments, `language` is the partner's own."""
    head, body = envelope.header, envelope.body
    return Letter(
        reference=reference,
        register_number=register_number(head.sender, reference, head.created.date()),
        case=head.case,
        identifier=head.id,
        digest=digest,
        sender=sender,
        addressee=tuple(addressee),
        subject=str(body.get("subject", "")),
        text=str(body.get("text", "")),
        enclosures=envelope.parts,
        sides=tuple(_side(envelope, titles, code, on, day_in) for code in languages_for(language)),
    )


def answer_awaited(since: datetime) -> date:
    """The day after which we write again."""
    return (since + TERMS[Binding.LETTER].relay.warn).date()


def _side(
    envelope: Envelope, titles: Mapping[str, str], language: str, on: date, day_in: DayIn
) -> Side:
    def say(text: str, **facts: str) -> str:
        return translate(text, language).format(**facts)

    head = envelope.header
    conditions = [f"{translate(label(code), language)}." for code in head.caveats]
    if head.handling:
        conditions.append(say(HANDLING, named=head.handling))
    day = day_in(answer_awaited(head.created), language)
    return Side(
        language=language,
        heading=say(HEADING),
        labels={name: say(text) for name, text in LABELS.items()},
        date=day_in(on, language),
        salutation=say(SALUTATION),
        matter=tuple(_matter(envelope, titles, language)),
        conditions_title=say(CONDITIONS),
        conditions=tuple(conditions),
        closing=(say(CONFIRM), say(CLOCK, day=day)),
        farewell=say(CLOSING),
        enclosed=say(ENCLOSED),
    )


def _matter(envelope: Envelope, titles: Mapping[str, str], language: str) -> list[str]:
    """The law in sentences."""
    basis = envelope.header.basis
    if basis is None or not basis.instrument:
        return [translate(WRITES, language)]
    question = basis.question
    article = translate(ARTICLE, language).format(article=basis.article) if basis.article else ""
    says = SUPPLIES if question.get("kind") == "release" else ASKS
    title = titles.get(basis.instrument, basis.instrument)
    sentences = [
        translate(says, language).format(title=title, reference=basis.instrument, article=article)
    ]
    for text, name in ((FORMS, "forms"), (PURPOSES, "purposes")):
        named = _named(question, name, language)
        if named:
            sentences.append(translate(text, language).format(named=named))
    return sentences


def _named(question: Mapping[str, Any], name: str, language: str) -> str:
    """Codes of the question in words. Any: a document."""
    given = question.get(name) or ()
    return ", ".join(translate(label(str(code)), language) for code in given)
