# SPDX-License-Identifier: Apache-2.0
"""What the door out needs to decide: items with all that they were made of, cases, the law.

The law's answers are kept for as long as nothing was added to what the node knows: items that
came alike are asked for once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from comity.agreements.assessment import Determination
from comity.agreements.determination import determine
from comity.agreements.known_law import KnownLaw
from comity.agreements.queries import known_law, own_administration
from comity.agreements.question import Question
from comity.agreements.verdict import Verdict
from comity.errors import ComityError, NotFoundError
from comity.evidence import models
from comity.evidence.item import CaseFile, Channel, Item, ItemState
from comity.evidence.lawful_channel import Law, all_of, decided_by_person, weigh
from comity.evidence.queries import items as item_queries
from comity.evidence.queries.cases import cases_named
from comity.evidence.queries.ceilings import ceiling_towards
from comity.evidence.queries.keys import UnknownItemError
from comity.evidence.queries.statements import given_for
from comity.evidence.use import Given, Scope
from comity.evidence.way_out import (
    PARTNER,
    REFUSAL_WORDS,
    Act,
    IntendedRecipient,
    IntendedUse,
    Refusal,
    WayOut,
    Weighed,
)
from comity.exchange.message_state import Direction
from comity.handling.ceiling import Ceiling
from comity.handling.marking import Marking, MarkingUnreadableError, join_all
from comity.reference.taxonomy import Purpose

MOST_KEPT = 4096


@dataclass(frozen=True, slots=True)
class ToDecide:
    """The items asked for, whatever they were made of, and their cases."""

    items: Mapping[str, Item]
    everything: Mapping[str, Item]
    cases: Mapping[str, CaseFile]
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    """Why an item that exists could not even be read."""


OVERSEES: frozenset[Role] = frozenset(
    (
        Role.REGISTRAR,
        Role.UNIT_HEAD,
        Role.APPROVING_OFFICER,
        Role.LEGAL_ADVISER,
        Role.EVIDENCE_CUSTODIAN,
        Role.DATA_PROTECTION_OFFICER,
        Role.AUDITOR,
    )
)
"""Who answers for evidence whoever works on its case; everybody else works on the case."""
UNKNOWN = Marking()


@dataclass(frozen=True, slots=True)
class Decided:
    """One item of an act, and what was decided on it."""

    reference: str
    weighed: Weighed
    use: IntendedUse | None = None
    """What it is to be used for; None where nobody said."""
    marking: Marking = UNKNOWN
    """What is laid on it, by the channels relied on; by all of them where it is refused."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything by which acts on some items are decided on one day for one officer."""

    found: ToDecide
    law: Law
    own: str
    before: NoticesAndConsents
    by: Officer
    on: date


def circumstances(references: Sequence[str], *, by: Officer, on: date) -> Circumstances:
    """What decides on these items, read once."""
    found = to_decide(references)
    before = NoticesAndConsents(found.everything, on)
    return Circumstances(found, the_law(), own_administration(), before, by, on)


def decide(
    references: Sequence[str],
    way: WayOut,
    *,
    by: Officer,
    at: datetime,
    use: IntendedUse | None = None,
    recipient: IntendedRecipient | None = None,
) -> list[Decided]:
    """What is decided on these items, in their order; nothing is let out or recorded by it."""
    around = circumstances(references, by=by, on=at.date())
    persons = persons_decisions(references, recipient, around.on)
    ceiling = ceiling_towards(recipient.code if recipient and not recipient.recipient else "")
    return [
        decided_on(each, way, around, use, recipient, persons=persons, ceiling=ceiling)
        for each in references
    ]


def decided_on(
    reference: str,
    way: WayOut,
    around: Circumstances,
    use: IntendedUse | None,
    recipient: IntendedRecipient | None,
    *,
    persons: Mapping[tuple[str, str, str], bool],
    ceiling: Ceiling,
) -> Decided:
    """What is decided on one item: the law's answer, a person's, and the ceilings, in this order.

    1. An item that cannot be read, was erased or is not the officer's is refused unasked.
    2. The law is asked by every channel, and for all that the item was made of.
    3. Where it leaves the matter to a person and one decided, that counts.
    4. A ceiling stands above all of it.
    """
    found = around.found
    item = found.items.get(reference)
    if item is None:  # (1)
        return Decided(reference, _refused(found.refusals[reference]))
    case, everything = found.cases.get(item.case), found.everything
    intended = use or purpose_of(item, case)
    obstacle = _obstacle(item, case, intended, around.by)
    if obstacle is not None or intended is None:
        laid = join_all(_markings(item, everything))
        return Decided(reference, _refused(obstacle), intended, laid)
    act = Act(way, around.on, around.own, intended, recipient)
    weighed = weigh(item, everything, act, around.law, around.before)  # (2)
    if persons.get((reference, intended.purpose.value, intended.proceeding.value)):
        weighed = decided_by_person(weighed)  # (3)
    laid = join_all(weighed.markings if weighed.permitted else _markings(item, everything))
    if _is_above(ceiling, act, laid):  # (4)
        weighed = replace(_refused(Refusal.ABOVE_CEILING), channel=weighed.channel)
    return Decided(reference, weighed, intended, laid)


def laid_on(references: Sequence[str]) -> Marking:
    """What is laid on any of these items and on what they were made of, by every channel.

    Raises:
        UnknownItemError: there is no such item. MarkingUnreadableError: one cannot be read.
    """
    return join_all(laid_on_each(references).values())


def laid_on_each(references: Sequence[str]) -> dict[str, Marking]:
    """The same for each of them."""
    found = to_decide(references)
    for reference, reason in found.refusals.items():
        raise MarkingUnreadableError(member=reference, obstacle=REFUSAL_WORDS[reason])
    everything = found.everything
    return {name: join_all(_markings(item, everything)) for name, item in found.items.items()}


def _refused(reason: Refusal | None) -> Weighed:
    return Weighed(Verdict.PROHIBITED, reason=reason)


def purpose_of(item: Item, case: CaseFile | None) -> IntendedUse | None:
    """What its case is for; what is our own and lies in none serves our enquiries."""
    if case is not None:
        return IntendedUse(case.purpose, offences=case.offences)
    return IntendedUse(Purpose.ADMIN_ENQUIRY) if item.began_here else None


def _is_above(ceiling: Ceiling, act: Act, marking: Marking) -> bool:
    """Whether it lies above a ceiling that an administrator set, whatever the law says."""
    to = act.recipient
    forms = to.forms if to is not None and to.recipient is None else ()
    part = ceiling.above(marking, way=act.way, purpose=act.use.purpose, forms=forms)
    return part is not None


def _obstacle(
    item: Item, case: CaseFile | None, use: IntendedUse | None, by: Officer
) -> Refusal | None:
    """Why the law need not be asked."""
    if item.state is ItemState.DESTROYED:
        return Refusal.ERASED
    if case is not None and by.reference not in case.officers and not by.roles & OVERSEES:
        return Refusal.NOT_ON_THE_CASE
    return Refusal.PURPOSE_UNKNOWN if use is None else None


def _markings(item: Item, everything: Mapping[str, Item]) -> Iterable[Marking]:
    """What was laid on the item and on all that it was made of, by every channel."""
    for each in all_of(item, everything):
        if each is not None:
            yield from (channel.marking for channel in each.channels)


def to_decide(references: Sequence[str]) -> ToDecide:
    """Everything that decides on these items.

    Raises:
        UnknownItemError: there is none of one of the references.
    """
    items, cases, refusals = _readable(references)
    everything = dict(items)
    waiting = _sources(items.values(), everything)
    while waiting:
        found, _cases, _unreadable = _readable(waiting)
        everything |= found
        waiting = _sources(found.values(), everything)
    return ToDecide(items, everything, cases, refusals)


class NoticesAndConsents:
    """What suppliers were told and consented to: looked for once, and only where there is any."""

    def __init__(self, items: Mapping[str, Item], on: date) -> None:
        self._on = on
        came = [item.identity for item in items.values() if not item.is_ours]
        self._known: set[tuple[str, str]] = set()
        if came:
            told, asked = (
                table._default_manager.filter(identity__in=came, direction=Direction.OUT)
                for table in (models.UseNotice, models.Consent)
            )
            rows = told.values_list(*_PAIR).union(asked.values_list(*_PAIR))
            self._known = {(str(one), other) for one, other in rows}

    def __call__(self, item: Item, channel: Channel, scopes: tuple[Scope, ...]) -> Given:
        """What counts for an act of one of these scopes."""
        if (item.identity, channel.supplier) not in self._known:
            return Given()
        found = [given_for(item.identity, channel.supplier, s, on=self._on) for s in scopes]
        return Given(
            notice=any(given.notice for given in found),
            consent=any(given.consent for given in found),
            conditions=tuple(name for given in found for name in given.conditions),
        )


_PAIR = ("identity", "partner")


def persons_decisions(
    references: Iterable[str], recipient: IntendedRecipient | None, on: date
) -> dict[tuple[str, str, str], bool]:
    """What persons decided of these items for this recipient: by item, purpose and proceeding.

    Of several decisions on the same the latest counts.
    """
    rows = models.PersonDecision.objects.filter(
        item__reference__in=list(references),
        recipient=recipient_kind(recipient),
        recipient_code=recipient.code if recipient else "",
        withdrawn_at=None,
    ).exclude(until__lt=on)
    found = rows.order_by("pk").values_list("item__reference", "purpose", "proceeding", "permitted")
    return {(item, purpose, proceeding): yes for item, purpose, proceeding, yes in found}


def recipient_kind(recipient: IntendedRecipient | None) -> str:
    """What a record says of a recipient; empty where there is none."""
    if recipient is None:
        return ""
    return recipient.recipient.value if recipient.recipient else PARTNER


def the_law() -> Law:
    """Answers questions with what the node knows at this moment."""
    known = known_law()
    answers = _answers(known)

    def answer(question: Question) -> Determination:
        found = answers.get(question)
        if found is None:
            if len(answers) >= MOST_KEPT:
                answers.clear()
            found = determine(question, known.register, known.overlay, known.laws)
            answers[question] = found
        return found

    return answer


_KEPT: list[tuple[KnownLaw, dict[Question, Determination]]] = []
"""The last answers, with what was known when they were given."""


def _answers(known: KnownLaw) -> dict[Question, Determination]:
    if not _KEPT or _KEPT[0][0] is not known:
        _KEPT[:] = [(known, {})]
    return _KEPT[0][1]


def _sources(items: Iterable[Item], known: Mapping[str, Item]) -> list[str]:
    """What these were made of and is not at hand yet."""
    wanted = (reference for item in items for reference in item.derived_from)
    return [reference for reference in dict.fromkeys(wanted) if reference not in known]


Read = tuple[dict[str, Item], dict[str, CaseFile], dict[str, Refusal]]


def _readable(references: Sequence[str]) -> Read:
    """The items, their cases, and which of them cannot be read: one such never hides the others."""
    try:
        return (*item_queries.with_cases(references), {})
    except UnknownItemError:
        raise
    except (ComityError, ValueError):
        return _one_by_one(references)


def _one_by_one(references: Sequence[str]) -> Read:
    items: dict[str, Item] = {}
    refusals: dict[str, Refusal] = {}
    for reference in references:
        try:
            items[reference] = item_queries.item(reference)
        except NotFoundError:
            raise
        except (ComityError, ValueError):
            refusals[reference] = Refusal.MARKING_UNREADABLE
    return items, cases_named(item.case for item in items.values()), refusals
