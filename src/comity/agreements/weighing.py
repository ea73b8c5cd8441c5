# SPDX-License-Identifier: Apache-2.0
"""Weighs a case: every basis judged by every rule, one chosen, the other two gates put.

The answers of the rules are gathered in groups by what they depend on (instrument, offence, form,
purpose), and a group is kept with the basis it speaks of: the limit of a basis is the worst of
its groups. Writing the answers out for people is `determination`'s work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from comity.agreements.case import Act, Answer, Case
from comity.agreements.domestic_law import DomesticLaws
from comity.agreements.known_overlay import KnownOverlay
from comity.agreements.legal_basis import (
    NEVER_A_BASIS,
    PROGRAMME_CLASSES,
    PROGRAMME_FORMS,
    Belonging,
    LegalBasis,
    known_not_in_force,
    legal_basis_of,
    only_extends,
)
from comity.agreements.precedence import Aside, Place, order, set_aside
from comity.agreements.question import Item
from comity.agreements.register import Register, country_of
from comity.agreements.rules import Grain, Rule, rules_for
from comity.agreements.rules.choice import Choice, ruling_on
from comity.agreements.rules.domestic import Position
from comity.agreements.verdict import RANKS, NoticeTiming, Verdict, most_restrictive
from comity.reference.taxonomy import FormOfAssistance, Offence, Programme, Purpose

SETTLED_BY_RULING = frozenset(
    (
        "form-silent",
        "form-not-read",
        "form-assumed",
        "form-not-on-request",
        "form-excluded-by-model",
        "suspensive-condition",
        "criminal-channel-assumed",
        "purpose-silent",
        "purpose-not-read",
        "purpose-unspecified",
        "purpose-assumed",
    )
)
"""What a standing ruling can settle: where the text is silent, unread or only assumed.

Never force, parties, exclusions or prohibitions: no ruling makes law that is not there."""


class Group(NamedTuple):
    """The answers of the rules of one grain to one subject, and the worst of their limits."""

    limit: Verdict
    answers: tuple[tuple[str, Answer], ...]


@dataclass(slots=True)
class View:
    """One basis as judged for a case."""

    basis: LegalBasis
    groups: list[Group]
    limit: Verdict
    forms: tuple[FormOfAssistance, ...] = ()
    aside: Aside | None = None


@dataclass(slots=True)
class Assessed:
    """Everything decided, before findings are written out."""

    case: Case
    views: list[View]
    chosen: View | None
    choice: Group
    domestic: Group
    caveats: Group
    verdict: Verdict
    legal: Verdict


def assess(case: Case, register: Register, known: KnownOverlay, laws: DomesticLaws) -> Assessed:
    """Judge every basis, choose among them, and put the other two gates."""
    views = [_judged(basis, case) for basis in candidates(case, register, known)]
    return decide(case, views, known, laws)


def decide(case: Case, views: list[View], known: KnownOverlay, laws: DomesticLaws) -> Assessed:
    """Choose among bases already judged, and put the other two gates."""
    under = case.question.under
    aside: dict[str, Aside] = {}
    # Whatever prevails over it, the instrument named at supply governs the item.
    if len(views) > 1 and (case.asks_or_supplies or not under):
        limits = [(v.basis, v.limit) for v in views]
        aside = set_aside(limits, case.forms, held=not case.asks_or_supplies)
    for view in views:
        view.aside = aside.get(view.basis.instrument.reference)
    chosen = _chosen(views, case, under)
    choice = _choice(case, views, chosen, known, under)
    legal = most_restrictive((choice.limit, chosen.limit if chosen is not None else choice.limit))
    domestic = _domestic(case, chosen, laws)
    caveats = _caveats(case)
    verdict = most_restrictive((legal, domestic.limit, caveats.limit))
    return Assessed(case, views, chosen, choice, domestic, caveats, verdict, legal)


def group_of(
    basis: LegalBasis, case: Case, subject: Offence | FormOfAssistance | Purpose | None = None
) -> Group:
    """The answers on one subject under one basis, for whoever fills a matrix grain by grain."""
    if isinstance(subject, Offence):
        return _offence_group(basis, case, subject)
    if isinstance(subject, FormOfAssistance):
        return _form_group(basis, case, subject)
    if isinstance(subject, Purpose):
        return purpose_group(basis, case, subject)
    return _instrument_group(basis, case)


def item_group(basis: LegalBasis, case: Case) -> Group:
    """The answers that depend on the item, or on the question as a whole, under one basis."""
    return _put(rules_for(Grain.ITEM, case.act), case, basis, case)


def candidates(case: Case, register: Register, known: KnownOverlay) -> list[LegalBasis]:
    """The instruments that the two may rely on for such an act, on the day that governs it."""
    one, other = country_of(case.acting), country_of(case.partner)
    under = case.question.under
    if under:
        register.instrument(under)  # an unknown reference is an error, never "no basis"
    found = []
    for instrument in register.between(one, other):
        if instrument.programme in NEVER_A_BASIS:
            continue
        named = instrument.reference == under
        if not named and not _can_serve(instrument.programme, case):
            continue
        if not named and instrument.complements and only_extends(instrument, register):
            continue
        basis = legal_basis_of(instrument, one, other, case.law_day, register, known)
        capable = all(
            c.belonging.capable or c.belonging is Belonging.LAPSED
            for c in (basis.first, basis.second)
        )
        if capable or named:
            found.append(basis)
    return found


def _can_serve(programme: Programme, case: Case) -> bool:
    """Whether an instrument of this programme can be about such forms, or have brought such items.

    Whoever relies on a programme's arrangement for an item names it, or says the item's class.
    """
    forms = PROGRAMME_FORMS.get(programme)
    if forms is None:
        return True
    if case.asks_or_supplies:
        return all(form in forms for form in case.forms) and bool(case.forms)
    return any(PROGRAMME_CLASSES[programme] & item.classes for item in case.items)


def _judged(basis: LegalBasis, case: Case) -> View:
    groups = [_instrument_group(basis, case)]
    groups += [_offence_group(basis, case, offence) for offence in case.offences]
    if case.asks_or_supplies:
        groups += [_form_group(basis, case, form) for form in case.forms]
    if case.purposes:
        groups += [purpose_group(basis, case, purpose) for purpose in case.purposes]
    if basis.rulings and case.forms:
        groups = [_settled(basis, case, group) for group in groups]
    groups.append(_put(rules_for(Grain.ITEM, case.act), case, basis, case))
    limit = max((g.limit for g in groups), key=RANKS.__getitem__)
    return View(basis, groups, limit, case.forms)


def _instrument_group(basis: LegalBasis, case: Case) -> Group:
    key = (
        Grain.INSTRUMENT,
        case.act,
        case.acting,
        case.partner,
        case.on,
        case.requested_on,
        case.supply_day_known,
        case.compelled,
    )
    return _kept(basis, key, Grain.INSTRUMENT, case, basis, case)


def _offence_group(basis: LegalBasis, case: Case, offence: Offence) -> Group:
    key = (Grain.OFFENCE, case.act, offence, case.compelled)
    return _kept(basis, key, Grain.OFFENCE, case, basis, case, offence)


def _form_group(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Group:
    key = (Grain.FORM, case.act, form, case.offences)
    return _kept(basis, key, Grain.FORM, case, basis, case, form)


def purpose_group(basis: LegalBasis, case: Case, purpose: Purpose) -> Group:
    """The answers on one purpose under one basis."""
    key = (
        Grain.PURPOSE,
        case.act,
        purpose,
        case.offences,
        case.consent,
        case.notice,
        case.recipient_code,
        case.on if case.recipient_code else None,
        any(item.personal_data is not False for item in case.items),
    )
    return _kept(basis, key, Grain.PURPOSE, case, basis, case, purpose)


def _kept(basis: LegalBasis, key: object, grain: Grain, case: Case, *given: object) -> Group:
    kept = basis.cache.get(key)
    if kept is None:
        kept = basis.cache[key] = _put(rules_for(grain, case.act), case, *given)
    return kept


def _put(rules: Iterable[tuple[str, Rule]], case: Case, *given: object) -> Group:
    """Put every rule; one that breaks is an answer too, and leaves the matter to a person."""
    answers, worst = [], Verdict.PERMITTED
    for code, rule in rules:
        try:
            answer = rule(*given)
        except Exception as error:
            facts = {"rule": code, "error": type(error).__name__}
            answer = Answer(Verdict.PERSON_MUST_DECIDE, "evaluation-error", facts)
        if case.compelled and RANKS[answer.limit] > RANKS[Verdict.PERSON_MUST_DECIDE]:
            # What is compelled is never simply prohibited: the supplier is told, counsel consulted.
            answer = answer._replace(limit=Verdict.PERSON_MUST_DECIDE)
        answers.append((code, answer))
        if answer.limit is not worst and RANKS[answer.limit] > RANKS[worst]:
            worst = answer.limit
    return Group(worst, tuple(answers))


def _settled(basis: LegalBasis, case: Case, group: Group) -> Group:
    """The group with what standing rulings settle: every form with every purpose, or nothing."""
    if group.limit is Verdict.PERMITTED:
        return group
    answers = tuple((code, _ruled(basis, case, answer)) for code, answer in group.answers)
    limit = max((a.limit for _, a in answers), key=RANKS.__getitem__)
    return Group(limit, answers)


def _ruled(basis: LegalBasis, case: Case, answer: Answer) -> Answer:
    if answer.limit is not Verdict.PERSON_MUST_DECIDE or answer.reason not in SETTLED_BY_RULING:
        return answer
    forms = [FormOfAssistance(answer.facts["form"])] if "form" in answer.facts else case.forms
    purposes = [Purpose(answer.facts["purpose"])] if "purpose" in answer.facts else case.purposes
    if not purposes or not forms:
        return answer
    rulings = [ruling_on(basis, f, p, case.on) for f in forms for p in purposes]
    if None in rulings:
        return answer
    facts = dict(answer.facts)
    facts["ruling"] = ", ".join(sorted({r.reference for r in rulings if r is not None}))
    return Answer(Verdict.PERMITTED, "settled-by-ruling", facts, answer.article, answer.basis)


def _chosen(views: list[View], case: Case, under: str) -> View | None:
    """The basis relied upon: the one named; the best for a new act; the worst for an item held."""
    if under:
        return next((v for v in views if v.basis.instrument.reference == under), None)
    open_ = [v for v in views if v.aside is None] or views
    if not open_:
        return None
    if case.asks_or_supplies:
        return min(open_, key=order_of)
    left = [v for v in open_ if _carried(v) or not known_not_in_force(v.basis)]
    return max(left or open_, key=lambda v: (RANKS[v.limit], _nearest_last(v)))


def _carried(view: View) -> bool:
    """Whether a request made in time is completed under it after its end."""
    return any(
        answer.reason == "pending-request-carries-on" for _, answer in view.groups[0].answers
    )


def order_of(view: View) -> Place:
    """The place of a basis among those offered, the best first."""
    return order(view.basis, view.limit, view.forms)


def _nearest_last(view: View) -> tuple[int, ...]:
    """Among equally restrictive bases of an item, the surest and nearest instrument is named."""
    *places, reference = order_of(view)[1:]
    return (*(-int(place) for place in places), *(-ord(letter) for letter in str(reference)))


def _choice(
    case: Case, views: list[View], chosen: View | None, known: KnownOverlay, under: str
) -> Group:
    attestation = None
    if not views:
        one, other = country_of(case.acting), country_of(case.partner)
        attestation = known.attestation(one, other, case.law_day)
    aside = chosen.aside if chosen is not None else None
    choice = Choice(
        candidates=0 if under and chosen is None else len(views),
        attestation=attestation,
        note=aside.note if aside else "",
        prevailing=aside.prevailing if aside else "",
        not_between=under if under and chosen is None else "",
    )
    return _put(rules_for(Grain.CHOICE, case.act), case, choice, case)


def _domestic(case: Case, chosen: View | None, laws: DomesticLaws) -> Group:
    administration = country_of(case.acting)
    carried = chosen is not None and _carried(chosen)
    position = Position(
        law=laws.of(administration),
        refused=laws.refused.get(administration, ""),
        basis=chosen.basis if chosen is not None else None,
        carried=carried,
    )
    return _put(rules_for(Grain.DOMESTIC_LAW, case.act), case, position, case)


NO_ITEM = Item()


def _caveats(case: Case) -> Group:
    """The third gate for the item, or for every fact of a request together."""
    groups = [_item_caveats(item, case) for item in case.items or (NO_ITEM,)]
    if len(groups) == 1:
        return groups[0]
    answers = tuple(answer for group in groups for answer in group.answers)
    return Group(max((g.limit for g in groups), key=RANKS.__getitem__), answers)


def _item_caveats(item: Item, case: Case) -> Group:
    bare = not item.caveats and item.handling is None and item.audience is None
    bare = bare and item.return_or_destroy_by is None
    if bare and (kept := _NO_CAVEATS.get((case.act, case.compelled))) is not None:
        return kept
    (first, per_caveat), *rest = rules_for(Grain.CAVEAT, case.act)
    each = [
        _put(((first, per_caveat),), case, item, case, caveat)
        for caveat in sorted(item.caveats, key=str) or (None,)
    ]
    each.append(_put(rest, case, item, case))
    answers = tuple(answer for group in each for answer in group.answers)
    group = Group(max((g.limit for g in each), key=RANKS.__getitem__), answers)
    if bare:
        _NO_CAVEATS[case.act, case.compelled] = group
    return group


_NO_CAVEATS: dict[tuple[Act, bool], Group] = {}


TIMINGS = (
    NoticeTiming.BEFORE,
    NoticeTiming.ON_USE,
    NoticeTiming.WITHIN_N,
    NoticeTiming.UNSPECIFIED,
)
GIVEN = frozenset(("notice-given", "compelled-and-notified"))


def notice_due(assessed: Assessed) -> tuple[NoticeTiming | None, int | None]:
    """The earliest notice that is due; none where all have been given."""
    groups = [assessed.caveats, *(assessed.chosen.groups if assessed.chosen else ())]
    due = [
        answer.facts
        for group in groups
        for _, answer in group.answers
        if answer.limit is not Verdict.PERMITTED
        and "timing" in answer.facts
        and answer.reason not in GIVEN
    ]
    for timing in TIMINGS:
        for facts in due:
            if facts["timing"] == timing.value:
                return timing, int(facts["days"]) if "days" in facts else None
    return None, None


def blocked(case: Case, notice: NoticeTiming | None) -> bool:
    """Only a notice due BEFORE the holder's own act blocks, until it is given."""
    own_act = case.act in (Act.USE, Act.DISCLOSE)
    return notice is NoticeTiming.BEFORE and own_act and not case.notice
