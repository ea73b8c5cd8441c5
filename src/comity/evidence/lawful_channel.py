# SPDX-License-Identifier: Apache-2.0
"""Whether an item may be let out: which questions the law is asked, and which channel is lawful.

Plain: what the node knows, what was given before (a notice, a consent) and the day are arguments.
An item made of others is let out only where each of those may be; of the channels by which one
and the same thing came, one lawful channel suffices. Whatever is unknown, empty or broken is no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import Enum

from comity.agreements import question as asking
from comity.agreements.assessment import Determination, Finding, Gate
from comity.agreements.case import PURPOSE_OF_PROCEEDING, case_of
from comity.agreements.question import Disclose, Proceeding, Question, Recipient, Release, Use
from comity.agreements.register import country_of
from comity.agreements.rules.purpose import SEVERITY
from comity.agreements.verdict import RANKS, NoticeTiming, Verdict, most_restrictive
from comity.evidence.item import Channel, Item
from comity.evidence.use import Given, Scope
from comity.evidence.use_messages import Occasion
from comity.evidence.way_out import (
    READING,
    Act,
    Answered,
    IntendedRecipient,
    Refusal,
    Weighed,
)
from comity.handling.marking import Marking, Unsettled
from comity.reference.taxonomy import HandlingCode, Purpose, UseRule

PREPARED_BY: dict[Purpose, Purpose] = {
    Purpose.CRIMINAL_EVIDENCE: Purpose.CRIMINAL_INVESTIGATION,
    Purpose.CIVIL_JUDICIAL: Purpose.ADMIN_ENQUIRY,
    Purpose.ADMIN_PROCEEDING: Purpose.ADMIN_ENQUIRY,
}
"""Reading towards a proceeding is the enquiry before it: producing there is asked for anew."""


PROCEEDING_FOR: dict[Purpose, Proceeding] = {
    purpose: proceeding for proceeding, purpose in PURPOSE_OF_PROCEEDING.items()
}
"""The proceeding that a purpose means where it is not reading."""

Law = Callable[[Question], Determination]
GivenTo = Callable[[Item, Channel, tuple[Scope, ...]], Given]
"""What we did before: the notices and consents that speak of one of these scopes."""


class Counting(Enum):
    """How much of the law's answer counts for an act."""

    WHOLE = "whole"
    CAVEATS = "caveats"
    """Our own officers learn of what is our own: no instrument speaks, nothing leaves."""
    CAVEATS_AND_OWN_LAW = "caveats-and-own-law"
    """What is our own goes to somebody in our own state: no instrument speaks."""
    IN_OUR_PROCEEDING = "in-our-proceeding"
    """The use before our own court is asked for apart; our own law counts where it is on file."""


Put = tuple[Question, Counting]


def weigh(item: Item, sources: Mapping[str, Item], act: Act, law: Law, given: GivenTo) -> Weighed:
    """The answer for an item: no better than for the worst of what it was made of."""
    found = [_weigh_one(each, act, law, given) for each in all_of(item, sources)]
    if any(each is None for each in found):
        return Weighed(Verdict.PROHIBITED, reason=Refusal.SOURCE_MISSING)
    parts = [each for each in found if each is not None]
    worst = max(parts, key=_severity)
    answers = tuple(answer for part in parts for answer in part.answers)
    laid = tuple(limit for part in parts for limit in part.laid)
    markings = tuple(part.channel.marking for part in parts if part.channel is not None)
    return replace(worst, channel=parts[0].channel, answers=answers, laid=laid, markings=markings)


def all_of(item: Item, sources: Mapping[str, Item]) -> Iterator[Item | None]:
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
    open_ = [channel for channel in item.channels if channel.withdrawn_on is None]
    if not open_:
        return Weighed(Verdict.PROHIBITED, reason=Refusal.NO_CHANNEL)
    weighed = [_weigh_channel(item, channel, act, law, given) for channel in open_]
    return min(weighed, key=_severity)


def _severity(weighed: Weighed) -> tuple[bool, int]:
    """What may be done now is better than what may be done once somebody was told."""
    return not weighed.permitted, RANKS[weighed.verdict]


def _weigh_channel(item: Item, channel: Channel, act: Act, law: Law, given: GivenTo) -> Weighed:
    """One channel's answer. An error is no, and another channel may still be lawful."""
    try:
        return _weighed(item, channel, act, law, given)
    except Exception:  # whatever broke: an evaluation that did not end permits nothing
        return Weighed(Verdict.PROHIBITED, channel, reason=Refusal.EVALUATION_ERROR)


def _weighed(item: Item, channel: Channel, act: Act, law: Law, given: GivenTo) -> Weighed:
    bound, answers = _bound(channel, act), []
    limit, reason = marking_limit(bound.marking, act)
    laid = [limit]
    before = given(item, channel, scopes_of(act)) if channel.supplier else Given()
    for question, counting in questions(bound, act):
        put = _with_what_was_done(question, before)
        answers.append(_answered(put, counting, bound.marking, law))
        laid.append(rule_limit(bound.marking, put))
        if RANKS[laid[-1]] > RANKS[limit]:
            limit, reason = laid[-1], Refusal.USE_RULE
    worst = most_restrictive(answer.verdict for answer in answers)
    if RANKS[worst] > RANKS[limit]:
        limit, reason = worst, None
    if limit.permits:
        reason = Refusal.NOTICE_FIRST if any(answer.blocked for answer in answers) else None
    return Weighed(limit, channel, tuple(answers), reason, tuple(laid))


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


def questions(channel: Channel, act: Act) -> Iterator[Put]:
    """What the law is asked of this channel for this act, and which of its gates count."""
    recipient = act.recipient
    if recipient is None:
        yield _use(channel, act), _of_use(channel)
    elif recipient.recipient is None:
        yield from _to_partner(channel, act, recipient)
    else:
        yield from _to_other(channel, act, recipient, recipient.recipient)


def _to_partner(channel: Channel, act: Act, recipient: IntendedRecipient) -> Iterator[Put]:
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
        Counting.WHOLE,
    )
    if channel.supplier and not theirs:
        yield _disclose(channel, act, recipient, Recipient.THIRD_STATE), Counting.WHOLE


def _to_other(
    channel: Channel, act: Act, recipient: IntendedRecipient, to: Recipient
) -> Iterator[Put]:
    known_court = to is Recipient.COURT and not recipient.compelled
    known_court = known_court and _used_for(act)[1] is not Proceeding.NONE
    counting = Counting.WHOLE if channel.supplier else Counting.CAVEATS_AND_OWN_LAW
    if known_court:
        # Which court it is settles which purpose the instrument is asked for: that of the use.
        counting = Counting.IN_OUR_PROCEEDING
        yield _use(channel, act), _of_use(channel)
    yield _disclose(channel, act, recipient, to), counting


def _of_use(channel: Channel) -> Counting:
    return Counting.WHOLE if channel.supplier else Counting.CAVEATS


def scopes_of(act: Act) -> tuple[Scope, ...]:
    """What a notice or a consent must speak of to count for this act."""
    purpose, proceeding = _used_for(act)
    use = Scope(Occasion.USE, purpose, proceeding)
    to = act.recipient
    if to is None:
        return (use,)
    kind = to.recipient or Recipient.THIRD_STATE
    occasion = Occasion.COMPELLED if to.compelled else Occasion.DISCLOSURE
    passed_on = Scope(occasion, purpose, recipient=kind, recipient_code=to.code)
    # What a court is shown is the use in its proceeding, of which the supplier was told or asked.
    return (use, passed_on) if kind is Recipient.COURT else (passed_on,)


def _used_for(act: Act) -> tuple[Purpose, Proceeding]:
    """The purpose and the proceeding of the use: reading towards one is the enquiry before it."""
    purpose, proceeding = act.use.purpose, act.use.proceeding
    if proceeding is not Proceeding.NONE:
        return purpose, proceeding
    if act.way in READING and act.recipient is None:
        return PREPARED_BY.get(purpose, purpose), proceeding
    return purpose, PROCEEDING_FOR.get(purpose, proceeding)


def _use(channel: Channel, act: Act) -> Use:
    purpose, proceeding = _used_for(act)
    return Use(
        holder=act.own,
        supplier=channel.supplier or act.own,
        purpose=purpose,
        on=act.on,
        supplied_on=channel.supplied_on,
        proceeding=proceeding,
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


def _answered(question: Question, counting: Counting, marking: Marking, law: Law) -> Answered:
    """The law's answer as far as it counts; for the worst of several handling codes."""
    if len(marking.handling) < 2:
        return _counted(law(question), counting)
    each = (_with_handling(question, code) for code in sorted(marking.handling))
    return max((_counted(law(put), counting) for put in each), key=lambda a: RANKS[a.verdict])


def _counted(determination: Determination, counting: Counting) -> Answered:
    gates = _GATES[counting]
    if counting is Counting.IN_OUR_PROCEEDING and _no_own_law(determination):
        gates = _GATES[Counting.CAVEATS]
    if counting is Counting.WHOLE:
        return Answered(determination, gates, determination.verdict, determination.blocked)
    # A notice that the instrument asks for is asked for where the instrument is.
    verdict = most_restrictive(determination.gates[gate] for gate in gates)
    return Answered(determination, gates, verdict, blocked=False)


_GATES: dict[Counting, frozenset[Gate]] = {
    Counting.WHOLE: frozenset(Gate),
    Counting.CAVEATS: frozenset((Gate.CAVEATS,)),
    Counting.CAVEATS_AND_OWN_LAW: frozenset((Gate.CAVEATS, Gate.DOMESTIC_LAW)),
    Counting.IN_OUR_PROCEEDING: frozenset((Gate.CAVEATS, Gate.DOMESTIC_LAW)),
}


def _no_own_law(determination: Determination) -> bool:
    """Whether our own law is not on file at all; one on file that is refused counts."""
    return any(finding.reason == "domestic-law-missing" for finding in determination.findings)


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
    """The same where a person decided what the law leaves to one; all else that limits it stays."""
    if weighed.verdict is not Verdict.PERSON_MUST_DECIDE:
        return weighed
    counted = [
        finding
        for answer in weighed.answers
        for finding in answer.determination.findings
        if finding.gate in answer.gates
    ]
    limits = [*weighed.laid, *(finding.limit for finding in counted)]
    rest = most_restrictive(each for each in limits if each is not Verdict.PERSON_MUST_DECIDE)
    verdict = most_restrictive((rest, Verdict.PERMITTED_UNDER_CONDITIONS))
    before = any(_due_before(finding) for finding in counted)
    reason = Refusal.NOTICE_FIRST if before and verdict.permits else None
    return replace(weighed, verdict=verdict, reason=reason, by_person=True)


def _due_before(finding: Finding) -> bool:
    """Whether it asks for a notice that comes first: of what it permits, the engine says so."""
    timing = finding.facts.get("timing")
    return finding.limit is not Verdict.PERMITTED and timing == NoticeTiming.BEFORE
