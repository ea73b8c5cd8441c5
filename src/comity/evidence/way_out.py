# SPDX-License-Identifier: Apache-2.0
"""Whether an item may be let out: which questions the law is asked, and which channel is lawful.

Plain: what the node knows, what was given before (a notice, a consent) and the day are arguments.
An item made of others is let out only where each of those may be; of the channels by which one
and the same thing came, one lawful channel suffices. Whatever is unknown, empty or broken is no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from comity.agreements import question as asking
from comity.agreements.assessment import Determination, Gate
from comity.agreements.case import case_of
from comity.agreements.question import Disclose, Proceeding, Question, Recipient, Release, Use
from comity.agreements.register import country_of
from comity.agreements.rules.purpose import SEVERITY
from comity.agreements.verdict import RANKS, Verdict, most_restrictive
from comity.catalogues import N_
from comity.evidence.item import Channel, Item
from comity.evidence.use import Given
from comity.handling.marking import Marking, Unsettled
from comity.reference.taxonomy import FormOfAssistance, HandlingCode, Offence, Purpose, UseRule


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

PREPARED_BY: dict[Purpose, Purpose] = {
    Purpose.CRIMINAL_EVIDENCE: Purpose.CRIMINAL_INVESTIGATION,
    Purpose.CIVIL_JUDICIAL: Purpose.ADMIN_ENQUIRY,
    Purpose.ADMIN_PROCEEDING: Purpose.ADMIN_ENQUIRY,
}
"""Reading towards a proceeding is the enquiry before it: producing there is asked for anew."""


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


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be done with an item."""

    way: WayOut
    on: date
    own: str
    """Code of our administration."""
    use: IntendedUse
    recipient: IntendedRecipient | None = None


GivenTo = Callable[[str, str, Question], Given]
"""What we did before, for an item, its supplier and the question that is put."""
Law = Callable[[Question], Determination]


@dataclass(frozen=True, slots=True)
class Answered:
    """One question and how much of its answer counts for this act."""

    determination: Determination
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
    """What is laid on whatever is let out: the join over all that the item was made of."""
    conditions: tuple[Determination, ...] = ()
    """Every answer of the law that counted, for whoever shows conditions and obligations."""


ALL_GATES = frozenset(Gate)
OWN_READING = frozenset((Gate.CAVEATS,))
OWN_DISCLOSURE = frozenset((Gate.CAVEATS, Gate.DOMESTIC_LAW))


def weigh(item: Item, sources: Mapping[str, Item], act: Act, law: Law, given: GivenTo) -> Weighed:
    """The answer for an item: no better than for the worst of what it was made of."""
    found = [_weigh_one(each, act, law, given) for each in _all_of(item, sources)]
    if any(each is None for each in found):
        return Weighed(Verdict.PROHIBITED, reason=Refusal.SOURCE_MISSING)
    parts = [each for each in found if each is not None]
    worst = max(parts, key=_severity)
    answers = tuple(answer for part in parts for answer in part.answers)
    return replace(worst, channel=parts[0].channel, answers=answers)


def _all_of(item: Item, sources: Mapping[str, Item]) -> Iterator[Item | None]:
    """The item first, then everything that it was made of, once each; None for what is missing."""
    seen, waiting = {item.reference}, [item]
    while waiting:
        each = waiting.pop()
        yield each
        for reference in each.derived_from:
            if reference in seen:
                continue
            seen.add(reference)
            if reference in sources:
                waiting.append(sources[reference])
            else:
                yield None


def _weigh_one(item: Item | None, act: Act, law: Law, given: GivenTo) -> Weighed | None:
    if item is None:
        return None
    if not act.own:
        return Weighed(Verdict.PROHIBITED, reason=Refusal.ADMINISTRATION_UNKNOWN)
    if not item.channels:
        return Weighed(Verdict.PROHIBITED, reason=Refusal.NO_CHANNEL)
    weighed = [_weigh_channel(item, channel, act, law, given) for channel in item.channels]
    return min(weighed, key=_severity)


def _severity(weighed: Weighed) -> tuple[int, bool]:
    """What is permitted once somebody was told is worse than what is permitted now."""
    return RANKS[weighed.verdict], not weighed.permitted


def _weigh_channel(item: Item, channel: Channel, act: Act, law: Law, given: GivenTo) -> Weighed:
    """One channel's answer. An error is no, and another channel may still be lawful."""
    try:
        return _weighed(item, channel, act, law, given)
    except Exception:  # whatever broke: an evaluation that did not end permits nothing
        return Weighed(Verdict.PROHIBITED, channel, reason=Refusal.EVALUATION_ERROR)


def _weighed(item: Item, channel: Channel, act: Act, law: Law, given: GivenTo) -> Weighed:
    bound, answers = _bound(channel, act), []
    limit, reason = marking_limit(bound.marking, act)
    for question, gates in questions(bound, act):
        put = _with_what_was_done(question, given(item.reference, channel.supplier, question))
        answers.append(_answered(put, gates, bound.marking, law))
        rule = rule_limit(bound.marking, put)
        if RANKS[rule] > RANKS[limit]:
            limit, reason = rule, Refusal.USE_RULE
    worst = most_restrictive(answer.verdict for answer in answers)
    if RANKS[worst] > RANKS[limit]:
        limit, reason = worst, None
    if limit.permits:
        reason = Refusal.NOTICE_FIRST if any(answer.blocked for answer in answers) else None
    return Weighed(limit, channel, tuple(answers), reason)


def _bound(channel: Channel, act: Act) -> Channel:
    """The channel with what binds this act: a supplier is bound by nothing that it laid on it."""
    to = act.recipient
    if to is None or to.recipient is not None or not channel.supplier:
        return channel
    if country_of(channel.supplier) != country_of(to.code):
        return channel
    said = channel.marking
    facts = Marking(
        classes=said.classes,
        personal_data=said.personal_data,
        judicially_obtained=said.judicially_obtained,
    )
    return replace(channel, marking=facts)


def questions(channel: Channel, act: Act) -> Iterator[tuple[Question, frozenset[Gate]]]:
    """What the law is asked of this channel for this act, and which of its gates count."""
    recipient = act.recipient
    if recipient is None:
        yield _use(channel, act), ALL_GATES if channel.supplier else OWN_READING
    elif recipient.recipient is None:
        yield from _to_partner(channel, act, recipient)
    else:
        yield from _to_other(channel, act, recipient, recipient.recipient)


def _to_partner(
    channel: Channel, act: Act, recipient: IntendedRecipient
) -> Iterator[tuple[Question, frozenset[Gate]]]:
    theirs = bool(channel.supplier) and country_of(channel.supplier) == country_of(recipient.code)
    yield (
        Release(
            supplier=act.own,
            receiver=recipient.code,
            forms=recipient.forms,
            purposes=(act.use.purpose,),
            on=act.on,
            item=_item(channel.marking),
            offences=act.use.offences,
            requested_on=recipient.requested_on,
            assurances_given=recipient.assurances_given,
            assurance_breached=recipient.assurance_breached,
            under=recipient.under,
        ),
        ALL_GATES,
    )
    if channel.supplier and not theirs:
        yield _disclose(channel, act, recipient, Recipient.THIRD_STATE), ALL_GATES


def _to_other(
    channel: Channel, act: Act, recipient: IntendedRecipient, to: Recipient
) -> Iterator[tuple[Question, frozenset[Gate]]]:
    known_court = to is Recipient.COURT and act.use.proceeding is not Proceeding.NONE
    known_court = known_court and not recipient.compelled
    if not channel.supplier or known_court:
        # Which court it is settles which purpose the instrument is asked for: that of the use.
        yield _disclose(channel, act, recipient, to), OWN_DISCLOSURE
    else:
        yield _disclose(channel, act, recipient, to), ALL_GATES
    if known_court:
        yield _use(channel, act), ALL_GATES if channel.supplier else OWN_READING


def _use(channel: Channel, act: Act) -> Use:
    purpose = act.use.purpose
    if act.way in READING and act.use.proceeding is Proceeding.NONE:
        purpose = PREPARED_BY.get(purpose, purpose)
    return Use(
        holder=act.own,
        supplier=channel.supplier or act.own,
        purpose=purpose,
        on=act.on,
        supplied_on=channel.supplied_on,
        proceeding=act.use.proceeding,
        offences=act.use.offences,
        item=_item(channel.marking),
        form=channel.form,
        requested_on=channel.requested_on,
        under=channel.instrument,
    )


def _disclose(channel: Channel, act: Act, recipient: IntendedRecipient, to: Recipient) -> Disclose:
    return Disclose(
        holder=act.own,
        supplier=channel.supplier or act.own,
        recipient=to,
        on=act.on,
        supplied_on=channel.supplied_on,
        recipient_code=recipient.code,
        compelled=recipient.compelled,
        offences=act.use.offences,
        item=_item(channel.marking),
        requested_on=channel.requested_on,
        under=channel.instrument,
        assurances_given=recipient.assurances_given,
        assurance_breached=recipient.assurance_breached,
    )


def _item(marking: Marking) -> asking.Item:
    """What the engine is told of the item; one handling code of several is put, see `_answered`."""
    return asking.Item(
        classes=marking.classes,
        caveats=marking.caveats,
        handling=min(marking.handling, default=None),
        personal_data=marking.personal_data,
        judicially_obtained=marking.judicially_obtained,
        return_or_destroy_by=marking.return_or_destroy_by,
        audience=marking.audience,
    )


def _with_what_was_done(question: Question, before: Given) -> Question:
    if isinstance(question, Release):
        return replace(question, consent_given=before.consent)
    if isinstance(question, Use | Disclose):
        return replace(question, consent_given=before.consent, notice_given=before.notice)
    return question


def _answered(question: Question, gates: frozenset[Gate], marking: Marking, law: Law) -> Answered:
    """The law's answer as far as these gates go; for the worst of several handling codes."""
    if len(marking.handling) < 2:
        return _limited(law(question), gates)
    each = (_with_handling(question, code) for code in sorted(marking.handling))
    return max((_limited(law(put), gates) for put in each), key=lambda a: RANKS[a.verdict])


def _limited(determination: Determination, gates: frozenset[Gate]) -> Answered:
    if gates == ALL_GATES:
        return Answered(determination, determination.verdict, determination.blocked)
    # A notice that another gate asks for is that gate's: here it does not count.
    verdict = most_restrictive(determination.gates[gate] for gate in gates)
    return Answered(determination, verdict, blocked=False)


def _with_handling(question: Question, code: HandlingCode) -> Question:
    if isinstance(question, Release | Use | Disclose):
        return replace(question, item=replace(question.item, handling=code))
    return question


def marking_limit(marking: Marking, act: Act) -> tuple[Verdict, Refusal | None]:
    """What a marking limits beyond what the law's engine is told of the item."""
    if marking.audience is not None and not marking.audience:
        return Verdict.PROHIBITED, Refusal.AUDIENCE_EMPTY
    if marking.restrictions:
        return Verdict.PERSON_MUST_DECIDE, Refusal.RESTRICTED_IN_WORDS
    for fact, known in _KNOWN_OF_A_PART.items():
        if fact in marking.unsettled and known(marking, act):
            return Verdict.PERSON_MUST_DECIDE, Refusal.FACT_UNSETTLED
    return Verdict.PERMITTED, None


_KNOWN_OF_A_PART: dict[Unsettled, Callable[[Marking, Act], bool]] = {
    Unsettled.DAY_OF_RETURN: lambda marking, act: marking.return_or_destroy_by is not None,
    Unsettled.JUDICIAL_ORIGIN: (
        lambda marking, act: marking.judicially_obtained is True and act.recipient is not None
    ),
}
"""Where the engine, told what is known of one part, would not ask about the other."""


def rule_limit(marking: Marking, question: Question) -> Verdict:
    """What the supplier's own rules leave of the purposes that the question is about."""
    case = case_of(question)
    limits = (
        _rule_verdict(rule, notice=case.notice, consent=case.consent)
        for purpose, rule in marking.use_rules
        if purpose in case.purposes
    )
    return most_restrictive(limits)


def _rule_verdict(rule: UseRule, *, notice: bool, consent: bool) -> Verdict:
    if rule is UseRule.PERMITTED_NOTIFY and notice:
        return Verdict.PERMITTED
    if rule is UseRule.PRIOR_CONSENT and consent:
        return Verdict.PERMITTED_UNDER_CONDITIONS
    return SEVERITY[rule]


def decided_by_person(weighed: Weighed) -> Weighed:
    """The same where a person decided what the law leaves to one, and nothing else stands in it."""
    if weighed.verdict is not Verdict.PERSON_MUST_DECIDE:
        return weighed
    return replace(weighed, verdict=Verdict.PERMITTED_UNDER_CONDITIONS, reason=None, by_person=True)
