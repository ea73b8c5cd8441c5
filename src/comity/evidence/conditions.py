# SPDX-License-Identifier: Apache-2.0
"""What may be done with an item: one page of plain words, for pages and for programs.

Each answer is the law's on one act, as things stand on the day: permitted now, after a notice,
after consent, by a person's decision, or not at all; with the instrument and the article, and with
what would change it. What is laid on the item and whom to ask stand beside. Nothing of the item's
description or content is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from comity.agreements import counterfactual
from comity.agreements.assessment import Determination, Finding
from comity.agreements.obligations import OBLIGATIONS
from comity.agreements.question import Proceeding, Recipient
from comity.agreements.verdict import RANKS, NoticeTiming, Verdict
from comity.catalogues import N_, translate
from comity.evidence.item import Channel
from comity.evidence.way_out import REFUSAL_WORDS, IntendedRecipient, IntendedUse, Refusal, Weighed
from comity.handling.marking import Marking, marking_document
from comity.reference.taxonomy import Purpose, label

U, P, R = IntendedUse, Purpose, Recipient
ACTS: dict[Purpose, tuple[IntendedUse, IntendedRecipient | None]] = {
    P.INTELLIGENCE: (U(P.INTELLIGENCE), None),
    P.RISK_TARGETING: (U(P.RISK_TARGETING), None),
    P.ASSESSMENT: (U(P.ASSESSMENT), None),
    P.ADMIN_ENQUIRY: (U(P.ADMIN_ENQUIRY), None),
    P.CRIMINAL_INVESTIGATION: (U(P.CRIMINAL_INVESTIGATION), None),
    P.ADMIN_PROCEEDING: (U(P.ADMIN_PROCEEDING, Proceeding.ADMINISTRATIVE), None),
    P.CIVIL_JUDICIAL: (U(P.CIVIL_JUDICIAL, Proceeding.CIVIL), None),
    P.CRIMINAL_EVIDENCE: (U(P.CRIMINAL_EVIDENCE, Proceeding.CRIMINAL), None),
    P.OTHER_LAW: (U(P.OTHER_LAW), None),
    P.STATISTICS: (U(P.STATISTICS), None),
    P.OTHER_AUTHORITY: (U(P.OTHER_AUTHORITY), IntendedRecipient(recipient=R.OTHER_AUTHORITY)),
    P.THIRD_STATE: (U(P.THIRD_STATE), IntendedRecipient(recipient=R.THIRD_STATE)),
    P.PUBLIC: (U(P.PUBLIC), IntendedRecipient(recipient=R.PUBLIC)),
}
"""What the page answers: every purpose, as a use of ours or as passing the item on."""


class Stand(StrEnum):
    """How an act stands today."""

    YES = "yes"
    YES_THEN_TELL = "yes-then-tell"
    YES_UNDER_CONDITIONS = "yes-under-conditions"
    TELL_FIRST = "tell-first"
    ASK_FIRST = "ask-first"
    PERSON = "person"
    OTHER_CHANNEL = "other-channel"
    NO = "no"


STAND_WORDS: dict[Stand, str] = {
    Stand.YES: N_("You may."),
    Stand.YES_THEN_TELL: N_("You may; {supplier} is told ({article})."),
    Stand.YES_UNDER_CONDITIONS: N_("You may, under the conditions below."),
    Stand.TELL_FIRST: N_("Only after {supplier} has been told ({article})."),
    Stand.ASK_FIRST: N_("Only after {supplier} has consented ({article})."),
    Stand.PERSON: N_("A person must decide: a unit head or a legal adviser."),
    Stand.OTHER_CHANNEL: N_("Only through another channel, such as a letter rogatory ({article})."),
    Stand.NO: N_("You may not."),
}
NO_ARTICLE = N_("its own condition")


@dataclass(frozen=True, slots=True)
class Answer:
    """How one act stands."""

    purpose: Purpose
    stand: Stand
    verdict: Verdict
    instrument: str
    article: str
    supplier: str
    notice_days: int | None
    reason: Refusal | None
    determination: Determination | None
    given: bool = False
    """Whether the supplier was told already, or has consented."""
    supplier_name: str = ""
    """As its card says it; empty where nothing but its code is known."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask at a counterpart."""

    administration: str
    name: str
    office: str = ""
    person: str = ""
    telephone: str = ""
    email: str = ""
    node: bool = False
    """Whether its node is known, so that it can be asked through the exchange."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What may be done with an item on a day."""

    item: str
    on: date
    purpose: Purpose | None
    """What its case is for; None where it lies in no case."""
    answers: tuple[Answer, ...]
    channels: tuple[Channel, ...]
    laid: Marking
    """Everything laid on it and on what it was made of, by any channel."""
    contacts: tuple[Contact, ...] = ()
    return_by: date | None = None

    def answer(self, purpose: Purpose) -> Answer:
        """How the act of this purpose stands."""
        return next(one for one in self.answers if one.purpose is purpose)


def answer_of(purpose: Purpose, weighed: Weighed) -> Answer:
    """What was weighed for an act, as the page says it."""
    found = weighed.determination
    deciding = _deciding(weighed)
    return Answer(
        purpose=purpose,
        stand=_stand(weighed),
        verdict=weighed.verdict,
        instrument=found.governing if found else "",
        article=deciding.article if deciding else "",
        supplier=weighed.channel.supplier if weighed.channel else "",
        notice_days=found.notice_days if found else None,
        reason=weighed.reason,
        determination=found,
        given=any(f.reason in GIVEN for f in found.findings) if found else False,
    )


GIVEN = frozenset(("notice-given", "consent-binds", "consent-binds-the-item"))


def sentences(conditions: Conditions, language: str = "en") -> list[str]:
    """The whole page in plain words, a sentence for each thing to know."""
    lines = [says(one, language) for one in conditions.answers]
    lines += laid_words(conditions.laid, language)
    names = {each.administration: each.name for each in conditions.contacts}
    lines += came_words(conditions.channels, language, names=names)
    if conditions.return_by is not None:
        said = translate(RETURN_BY, language).format(day=conditions.return_by.isoformat())
        lines.append(said)
    return lines + [contact_words(each, language) for each in conditions.contacts]


RETURN_BY = N_("It must be given back by {day}.")
OF_PURPOSE = N_("{purpose}: {says}")


def says(answer: Answer, language: str = "en") -> str:
    """One answer as a sentence, with the purpose before it."""
    purpose = translate(label(answer.purpose), language)
    return translate(OF_PURPOSE, language).format(
        purpose=purpose, says=" ".join(stand_words(answer, language))
    )


def stand_words(answer: Answer, language: str = "en") -> Iterator[str]:
    """How an act stands, why it is so where the law does not say, and what would change it."""
    article = answer.article or translate(NO_ARTICLE, language)
    named = {
        "supplier": answer.supplier_name or answer.supplier,
        "article": _cited(answer.instrument, article),
    }
    yield translate(STAND_WORDS[answer.stand], language).format(**named)
    if answer.reason is not None and answer.reason is not Refusal.NOTICE_FIRST:
        yield translate(REFUSAL_WORDS[answer.reason], language)
    found = answer.determination
    if found is None:
        return
    if answer.stand is Stand.YES_THEN_TELL and answer.notice_days is not None:
        yield translate(WITHIN, language).format(days=answer.notice_days)
    if not answer.verdict.permits and found.would_be_permitted_if:
        change = found.would_be_permitted_if[0]
        yield translate(WOULD_BE, language).format(
            change=counterfactual.sentence(change, language).rstrip(".")
        )


WITHIN = N_("The term is {days} days.")
WOULD_BE = N_("It would be permitted with this: {change}.")
LAID: dict[str, str] = {
    "caveat": N_("Laid on it: {what}."),
    "handling": N_("Handling code {what}."),
    "use-rule": N_("Its supplier says of “{what}”: {rule}."),
    "audience": N_("For these alone: {what}."),
    "nobody": N_("Its list of recipients names nobody: it goes to nobody."),
    "return": N_("It must be returned or destroyed by {what}."),
    "personal": N_("It holds personal data."),
    "personal-unknown": N_("Nobody said whether it holds personal data."),
    "judicial": N_("It was obtained by a court's measure."),
    "restriction": N_("In its supplier's words: {what}"),
}


def laid_words(
    marking: Marking, language: str = "en", *, day: Callable[[date], str] = date.isoformat
) -> list[str]:
    """What is laid on an item, a sentence for each condition; `day` writes a day."""

    def says(code: str, **named: str) -> str:
        return translate(LAID[code], language).format(**named)

    def word(code: str) -> str:
        return translate(label(code), language)

    lines = [says("caveat", what=word(each)) for each in sorted(marking.caveats)]
    lines += [says("handling", what=each) for each in sorted(marking.handling)]
    lines += [
        says("use-rule", what=word(purpose), rule=word(rule))
        for purpose, rule in sorted(marking.use_rules)
    ]
    if marking.audience is not None:
        named = ", ".join(sorted(marking.audience))
        lines.append(says("audience", what=named) if named else says("nobody"))
    if marking.return_or_destroy_by is not None:
        lines.append(says("return", what=day(marking.return_or_destroy_by)))
    if marking.personal_data is not False:
        lines.append(says("personal" if marking.personal_data else "personal-unknown"))
    if marking.judicially_obtained:
        lines.append(says("judicial"))
    return lines + [says("restriction", what=each) for each in sorted(marking.restrictions)]


NOBODY_NAMED: Mapping[str, str] = MappingProxyType({})
CAME = N_("Supplied by {supplier} on {day} under {instrument}.")
CAME_UNNAMED = N_("Supplied by {supplier} on {day}; under which instrument was not said.")
OURS = N_("It is our own.")
WITHDRAWN = N_("What {supplier} supplied was withdrawn on {day}: nothing rests on it any more.")
UNKNOWN_DAY = N_("an unknown day")


def came_words(
    channels: Iterable[Channel], language: str = "en", *, names: Mapping[str, str] = NOBODY_NAMED
) -> list[str]:
    """By which ways the item came, a sentence for each, with the suppliers' names if known."""
    lines = []
    for channel in channels:
        day = channel.supplied_on.isoformat() if channel.supplied_on else UNKNOWN_DAY
        supplier = names.get(channel.supplier, channel.supplier)
        named = {"supplier": supplier, "instrument": channel.instrument}
        words = CAME if channel.instrument else CAME_UNNAMED
        if channel.withdrawn_on is not None:
            words, day = WITHDRAWN, channel.withdrawn_on.isoformat()
        elif not channel.supplier:
            words = OURS
        lines.append(translate(words, language).format(day=translate(day, language), **named))
    return lines


ASK = N_("Ask {name}: {how}.")
ASK_BY_LETTER = N_("Ask {name}, by letter.")
ASK_BY_NODE = N_("Ask {name} through its node: its card names no official.")


def contact_words(contact: Contact, language: str = "en") -> str:
    """Whom to ask, and how."""
    how = ", ".join(
        filter(None, (contact.person, contact.office, contact.telephone, contact.email))
    )
    words = ASK if how else ASK_BY_NODE if contact.node else ASK_BY_LETTER
    return translate(words, language).format(name=contact.name, how=how)


def conditions_document(conditions: Conditions, language: str = "en") -> dict[str, Any]:
    """The page as JSON: codes, days and references, and the sentences in a language."""
    return {
        "item": conditions.item,
        "on": conditions.on.isoformat(),
        "purpose": conditions.purpose.value if conditions.purpose else None,
        "answers": [_answer_document(one, language) for one in conditions.answers],
        "laid": marking_document(conditions.laid),
        "channels": [_channel_document(each) for each in conditions.channels],
        "return_by": conditions.return_by.isoformat() if conditions.return_by else None,
        "contacts": [
            {name: getattr(each, name) for name in Contact.__dataclass_fields__}
            for each in conditions.contacts
        ],
        "sentences": sentences(conditions, language),
    }


def _answer_document(answer: Answer, language: str) -> Mapping[str, Any]:
    found = answer.determination
    return {
        "purpose": answer.purpose.value,
        "stand": answer.stand.value,
        "verdict": answer.verdict.value,
        "instrument": answer.instrument,
        "article": answer.article,
        "supplier": answer.supplier,
        "notice_days": answer.notice_days,
        "given": answer.given,
        "reason": answer.reason.value if answer.reason else None,
        "says": says(answer, language),
        "obligations": [
            {
                "code": duty.code,
                "article": duty.article,
                "due": duty.due,
                "words": translate(OBLIGATIONS.get(duty.code, duty.code), language),
            }
            for duty in (found.obligations if found else ())
        ],
    }


def _channel_document(channel: Channel) -> Mapping[str, Any]:
    return {
        "number": channel.number,
        "supplier": channel.supplier,
        "supplied_on": channel.supplied_on.isoformat() if channel.supplied_on else None,
        "instrument": channel.instrument,
        "withdrawn_on": channel.withdrawn_on.isoformat() if channel.withdrawn_on else None,
    }


def _stand(weighed: Weighed) -> Stand:
    if weighed.reason is Refusal.NOTICE_FIRST:
        return Stand.TELL_FIRST
    return _STANDS[weighed.verdict]


_STANDS: dict[Verdict, Stand] = {
    Verdict.PERMITTED: Stand.YES,
    Verdict.PERMITTED_WITH_NOTICE: Stand.YES_THEN_TELL,
    Verdict.PERMITTED_UNDER_CONDITIONS: Stand.YES_UNDER_CONDITIONS,
    Verdict.PRIOR_CONSENT: Stand.ASK_FIRST,
    Verdict.PERSON_MUST_DECIDE: Stand.PERSON,
    Verdict.OTHER_CHANNEL_ONLY: Stand.OTHER_CHANNEL,
    Verdict.PROHIBITED: Stand.NO,
    Verdict.NO_KNOWN_BASIS: Stand.NO,
    Verdict.NO_LEGAL_BASIS: Stand.NO,
}


def _deciding(weighed: Weighed) -> Finding | None:
    """The finding that names an article and limits most; of a notice, the one that asks for it."""
    cited = [
        finding
        for answer in weighed.answers
        for finding in answer.determination.findings
        if finding.article and finding.gate in answer.gates
    ]
    before = [f for f in cited if f.facts.get("timing") == NoticeTiming.BEFORE]
    wanted = before if weighed.reason is Refusal.NOTICE_FIRST and before else cited
    return max(wanted, key=lambda finding: RANKS[finding.limit], default=None)


def _cited(instrument: str, article: str) -> str:
    return f"{instrument}, {article}" if instrument else article
