# SPDX-License-Identifier: Apache-2.0
"""The legal-basis assessment: whether an act may be done, and which articles say so.

`determine` puts every rule and keeps every answer. Three gates combine by the most restrictive:
the legal basis, the acting administration's domestic law, the item's caveats. Alternative bases
are choices, so the best one is offered first. No clock, no database: the day, and what was known
by a day, are parts of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from comity.agreements.assessment import Alternative, Determination, Finding, Gate
from comity.agreements.case import Act, Answer, Case, case_of
from comity.agreements.domestic_law import DomesticLaws
from comity.agreements.known_overlay import KnownOverlay, known_overlay
from comity.agreements.overlay import Overlay
from comity.agreements.precedence import Aside, order, set_aside
from comity.agreements.question import Item, Question
from comity.agreements.register import Register, country_of
from comity.agreements.rules import Grain, Rule, rules_for
from comity.agreements.rules.choice import Choice, ruling_on
from comity.agreements.rules.domestic import Position
from comity.agreements.standing import (
    NEVER_A_BASIS,
    PROGRAMME_CLASSES,
    PROGRAMME_FORMS,
    Belonging,
    Standing,
    known_not_in_force,
    standing_of,
)
from comity.agreements.verdict import RANKS, NoticeTiming, Verdict, most_restrictive
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose

NO_OVERLAY = Overlay()
NO_LAWS = DomesticLaws()

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

    standing: Standing
    groups: list[Group]
    limit: Verdict
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


def determine(
    question: Question,
    register: Register,
    overlay: Overlay = NO_OVERLAY,
    laws: DomesticLaws = NO_LAWS,
) -> Determination:
    """The whole position: verdict, findings, obligations, what-ifs and alternatives.

    Raises:
        UnknownInstrumentError: the question names an instrument that the register does not have.
    """
    from comity.agreements.counterfactual import counterfactuals
    from comity.agreements.obligations import obligations_of

    if question.known_on is not None:
        register = register_known_on(register, question.known_on)
    known = known_overlay(overlay, question.known_on)
    assessed = assess(case_of(question), register, known, laws)
    findings = tuple(_findings(assessed))
    permitted = assessed.verdict.permits
    notice, days = _notice(assessed) if permitted else (None, None)
    chosen = assessed.chosen
    return Determination(
        question=question,
        verdict=assessed.verdict,
        governing=chosen.standing.instrument.reference if chosen is not None else "",
        findings=findings,
        gates={
            Gate.LEGAL_BASIS: assessed.legal,
            Gate.DOMESTIC_LAW: assessed.domestic.limit,
            Gate.CAVEATS: assessed.caveats.limit,
        },
        obligations=obligations_of(chosen.standing, assessed.case)
        if chosen is not None and permitted
        else (),
        would_be_permitted_if=counterfactuals(assessed, register, known, laws),
        alternatives=tuple(_alternatives(assessed, laws)),
        notice=notice,
        notice_days=days,
        conditions=tuple(f for f in findings if f.limit is Verdict.PERMITTED_UNDER_CONDITIONS)
        if permitted
        else (),
        blocked=_blocked(assessed.case, notice),
    )


def verdict_of(
    question: Question,
    register: Register,
    overlay: Overlay = NO_OVERLAY,
    laws: DomesticLaws = NO_LAWS,
) -> Verdict:
    """The verdict alone, by the same rules: for matrices and for trying changes."""
    if question.known_on is not None:
        register = register_known_on(register, question.known_on)
    known = known_overlay(overlay, question.known_on)
    return assess(case_of(question), register, known, laws).verdict


def assess(case: Case, register: Register, known: KnownOverlay, laws: DomesticLaws) -> Assessed:
    """Judge every basis, choose among them, and put the other two gates."""
    views = [_judged(standing, case) for standing in candidates(case, register, known)]
    return decide(case, views, known, laws)


def decide(case: Case, views: list[View], known: KnownOverlay, laws: DomesticLaws) -> Assessed:
    """Choose among bases already judged, and put the other two gates."""
    under = case.question.under
    aside = set_aside([(v.standing, v.limit) for v in views], case.forms) if len(views) > 1 else {}
    for view in views:
        view.aside = aside.get(view.standing.instrument.reference)
    chosen = _chosen(views, case, under)
    choice = _choice(case, views, chosen, known, under)
    legal = most_restrictive((choice.limit, chosen.limit if chosen is not None else choice.limit))
    domestic = _domestic(case, chosen, laws)
    caveats = _caveats(case)
    verdict = most_restrictive((legal, domestic.limit, caveats.limit))
    return Assessed(case, views, chosen, choice, domestic, caveats, verdict, legal)


def group_of(
    standing: Standing, case: Case, subject: Offence | FormOfAssistance | Purpose | None = None
) -> Group:
    """The answers on one subject under one basis, for whoever fills a matrix grain by grain."""
    if isinstance(subject, Offence):
        return _offence_group(standing, case, subject)
    if isinstance(subject, FormOfAssistance):
        return _form_group(standing, case, subject)
    if isinstance(subject, Purpose):
        return _purpose_group(standing, case, subject)
    return _instrument_group(standing, case)


def item_group(standing: Standing, case: Case) -> Group:
    """The answers that depend on the item, or on the question as a whole, under one basis."""
    return _put(rules_for(Grain.ITEM, case.act), case, standing, case)


def candidates(case: Case, register: Register, known: KnownOverlay) -> list[Standing]:
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
        standing = standing_of(instrument, one, other, case.law_day, register, known)
        capable = all(
            c.belonging.capable or c.belonging is Belonging.LAPSED
            for c in (standing.first, standing.second)
        )
        if capable or named:
            found.append(standing)
    return found


def _can_serve(programme: object, case: Case) -> bool:
    """Whether an instrument of this programme can be about such forms, or have brought such items.

    Whoever relies on a programme's arrangement for an item names it, or says the item's class.
    """
    forms = PROGRAMME_FORMS.get(programme)  # type: ignore[call-overload]  # a Programme
    if forms is None:
        return True
    if case.asks_or_supplies:
        return all(form in forms for form in case.forms) and bool(case.forms)
    classes: frozenset[object] = PROGRAMME_CLASSES[programme]  # type: ignore[index, assignment]
    return any(classes & item.classes for item in case.items)


def _judged(standing: Standing, case: Case) -> View:
    groups = [_instrument_group(standing, case)]
    groups += [_offence_group(standing, case, offence) for offence in case.offences]
    if case.asks_or_supplies:
        groups += [_form_group(standing, case, form) for form in case.forms]
    if case.purposes:
        groups += [_purpose_group(standing, case, purpose) for purpose in case.purposes]
    if standing.rulings and case.asks_or_supplies:
        groups = [_settled(standing, case, group) for group in groups]
    groups.append(_put(rules_for(Grain.ITEM, case.act), case, standing, case))
    return View(standing, groups, max((g.limit for g in groups), key=RANKS.__getitem__))


def _instrument_group(standing: Standing, case: Case) -> Group:
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
    return _kept(standing, key, Grain.INSTRUMENT, case, standing, case)


def _offence_group(standing: Standing, case: Case, offence: Offence) -> Group:
    key = (Grain.OFFENCE, case.act, offence, case.compelled)
    return _kept(standing, key, Grain.OFFENCE, case, standing, case, offence)


def _form_group(standing: Standing, case: Case, form: FormOfAssistance) -> Group:
    key = (Grain.FORM, case.act, form, case.offences)
    return _kept(standing, key, Grain.FORM, case, standing, case, form)


def _purpose_group(standing: Standing, case: Case, purpose: Purpose) -> Group:
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
    return _kept(standing, key, Grain.PURPOSE, case, standing, case, purpose)


def _kept(standing: Standing, key: object, grain: Grain, case: Case, *given: object) -> Group:
    kept = standing.cache.get(key)
    if kept is None:
        kept = standing.cache[key] = _put(rules_for(grain, case.act), case, *given)
    return kept


def _put(rules: Iterable[tuple[str, Rule]], case: Case, *given: object) -> Group:
    """Put every rule; one that breaks is an answer too, and leaves the matter to a person."""
    answers = []
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
    limit = max((a.limit for _, a in answers), key=RANKS.__getitem__, default=Verdict.PERMITTED)
    return Group(limit, tuple(answers))


def _settled(standing: Standing, case: Case, group: Group) -> Group:
    """The group with what standing rulings settle: every form with every purpose, or nothing."""
    if group.limit is Verdict.PERMITTED:
        return group
    answers = tuple((code, _ruled(standing, case, answer)) for code, answer in group.answers)
    limit = max((a.limit for _, a in answers), key=RANKS.__getitem__)
    return Group(limit, answers)


def _ruled(standing: Standing, case: Case, answer: Answer) -> Answer:
    if answer.limit is not Verdict.PERSON_MUST_DECIDE or answer.reason not in SETTLED_BY_RULING:
        return answer
    forms = [FormOfAssistance(answer.facts["form"])] if "form" in answer.facts else case.forms
    purposes = [Purpose(answer.facts["purpose"])] if "purpose" in answer.facts else case.purposes
    if not purposes or not forms:
        return answer
    rulings = [ruling_on(standing, f, p, case.on) for f in forms for p in purposes]
    if None in rulings:
        return answer
    facts = dict(answer.facts)
    facts["ruling"] = ", ".join(sorted({r.reference for r in rulings if r is not None}))
    return Answer(Verdict.PERMITTED, "settled-by-ruling", facts, answer.article, answer.basis)


def _chosen(views: list[View], case: Case, under: str) -> View | None:
    """The basis relied upon: the one named; the best for a new act; the worst for an item held."""
    if under:
        return next((v for v in views if v.standing.instrument.reference == under), None)
    open_ = [v for v in views if v.aside is None] or views
    if not open_:
        return None
    if case.asks_or_supplies:
        return min(open_, key=_order)
    standing = [v for v in open_ if not known_not_in_force(v.standing)]
    return max(standing or open_, key=lambda v: (RANKS[v.limit], _reversed(v)))


def _order(view: View) -> tuple[int, int, int, str]:
    return order(view.standing, view.limit)


def _reversed(view: View) -> tuple[int, ...]:
    """Among equally restrictive bases, the nearest instrument is named."""
    _, binding, kind, reference = _order(view)
    return (-binding, -kind, *(-ord(letter) for letter in reference))


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
    )
    return _put(rules_for(Grain.CHOICE, case.act), case, choice, case)


def _domestic(case: Case, chosen: View | None, laws: DomesticLaws) -> Group:
    administration = country_of(case.acting)
    carried = chosen is not None and any(
        answer.reason == "pending-request-carries-on" for _, answer in chosen.groups[0].answers
    )
    position = Position(
        law=laws.of(administration),
        refused=laws.refused.get(administration, ""),
        basis=chosen.standing if chosen is not None else None,
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
    if item is NO_ITEM or item == NO_ITEM:
        kept = _NO_CAVEATS.get((case.act, case.compelled))
        if kept is not None:
            return kept
    (first, per_caveat), *rest = rules_for(Grain.CAVEAT, case.act)
    each = [
        _put(((first, per_caveat),), case, item, case, caveat)
        for caveat in sorted(item.caveats, key=str) or (None,)
    ]
    each.append(_put(rest, case, item, case))
    answers = tuple(answer for group in each for answer in group.answers)
    group = Group(max((g.limit for g in each), key=RANKS.__getitem__), answers)
    if item == NO_ITEM:
        _NO_CAVEATS[case.act, case.compelled] = group
    return group


_NO_CAVEATS: dict[tuple[Act, bool], Group] = {}


def _findings(assessed: Assessed) -> Iterator[Finding]:
    if assessed.chosen is not None:
        standing = assessed.chosen.standing
        reference, version = standing.instrument.reference, standing.version or ""
        for group in assessed.chosen.groups:
            for code, answer in group.answers:
                yield _finding(code, answer, Gate.LEGAL_BASIS, reference, version)
    for code, answer in assessed.choice.answers:
        yield _finding(code, answer, Gate.LEGAL_BASIS)
    for code, answer in assessed.domestic.answers:
        yield _finding(code, answer, Gate.DOMESTIC_LAW)
    for code, answer in assessed.caveats.answers:
        yield _finding(code, answer, Gate.CAVEATS)


def _finding(
    code: str, answer: Answer, gate: Gate, instrument: str = "", version: str = ""
) -> Finding:
    return Finding(
        code,
        answer.limit,
        answer.reason,
        answer.facts,
        gate,
        instrument,
        version,
        answer.article,
        answer.basis,
    )


TIMINGS = (
    NoticeTiming.BEFORE,
    NoticeTiming.ON_USE,
    NoticeTiming.WITHIN_N,
    NoticeTiming.UNSPECIFIED,
)
GIVEN = frozenset(("notice-given", "compelled-and-notified"))


def _notice(assessed: Assessed) -> tuple[NoticeTiming | None, int | None]:
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


def _blocked(case: Case, notice: NoticeTiming | None) -> bool:
    """Only a notice due BEFORE the holder's own act blocks, until it is given."""
    own_act = case.act in (Act.USE, Act.DISCLOSE)
    return notice is NoticeTiming.BEFORE and own_act and not case.notice


def _alternatives(assessed: Assessed, laws: DomesticLaws) -> Iterator[Alternative]:
    others = [v for v in assessed.views if v is not assessed.chosen]
    for view in sorted(others, key=lambda v: (v.aside is not None, *_order(v))):
        force = view.standing.force
        note = view.aside.note if view.aside else ""
        if not note and not force.in_force:
            note = force.reason
        yield Alternative(
            instrument=view.standing.instrument.reference,
            verdict=view.limit,
            article=_article(view),
            version=view.standing.version or "",
            note=note,
        )
    without = (Verdict.NO_KNOWN_BASIS, Verdict.NO_LEGAL_BASIS)
    if assessed.legal in without and assessed.case.asks_or_supplies:
        law = laws.of(country_of(assessed.case.acting))
        note = "courtesy-request-on-assurances" if law is not None else "courtesy-request"
        yield Alternative(
            "", Verdict.PERSON_MUST_DECIDE, law.assurances_article if law else "", note=note
        )


def _article(view: View) -> str:
    """The article that decides the basis: that of its most restrictive answer that has one."""
    cited = [a for group in view.groups for _, a in group.answers if a.article]
    return max(cited, key=lambda a: RANKS[a.limit]).article if cited else ""


def register_known_on(register: Register, day: date) -> Register:
    """The register as it stood on a day, kept for the next question about that day."""
    key = (id(register), day)
    kept = _REGISTERS.get(key)
    if kept is None:
        if len(_REGISTERS) >= CACHED_REGISTERS:
            _REGISTERS.clear()
        kept = _REGISTERS[key] = (register, register.as_known_on(day))
    return kept[1]


CACHED_REGISTERS = 64
_REGISTERS: dict[tuple[int, date], tuple[Register, Register]] = {}
