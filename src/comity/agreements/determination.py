# SPDX-License-Identifier: Apache-2.0
"""The legal-basis assessment: whether an act may be done, and which articles say so.

`determine` puts every rule and keeps every answer. Three gates combine by the most restrictive:
the legal basis, the acting administration's domestic law, the item's caveats. Alternative bases
are choices, so the best one is offered first. No clock, no database: the day, and what was known
by a day, are parts of the question.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from comity.agreements.assessment import Alternative, Determination, Finding, Gate
from comity.agreements.case import Answer, case_of
from comity.agreements.counterfactual import counterfactuals
from comity.agreements.domestic_law import DomesticLaws
from comity.agreements.known_overlay import known_overlay
from comity.agreements.obligations import obligations_of
from comity.agreements.overlay import Overlay
from comity.agreements.question import Question
from comity.agreements.register import Register, country_of
from comity.agreements.rules import RULES, rules_reference_markdown
from comity.agreements.verdict import RANKS, Verdict
from comity.agreements.weighing import (
    Assessed,
    View,
    assess,
    blocked,
    candidates,
    decide,
    group_of,
    item_group,
    notice_due,
    order_of,
)

__all__ = [
    "RULES",
    "View",
    "candidates",
    "decide",
    "determine",
    "group_of",
    "item_group",
    "rules_reference_markdown",
    "verdict_of",
]

NO_OVERLAY = Overlay()
NO_LAWS = DomesticLaws()


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
    if question.known_on is not None:
        register = register_known_on(register, question.known_on)
    known = known_overlay(overlay, question.known_on)
    assessed = assess(case_of(question), register, known, laws)
    findings = tuple(_findings(assessed))
    permitted = assessed.verdict.permits
    notice, days = notice_due(assessed) if permitted else (None, None)
    chosen = assessed.chosen
    return Determination(
        question=question,
        verdict=assessed.verdict,
        governing=chosen.basis.instrument.reference if chosen is not None else "",
        findings=findings,
        gates={
            Gate.LEGAL_BASIS: assessed.legal,
            Gate.DOMESTIC_LAW: assessed.domestic.limit,
            Gate.CAVEATS: assessed.caveats.limit,
        },
        obligations=obligations_of(chosen.basis, assessed.case)
        if chosen is not None and permitted
        else (),
        would_be_permitted_if=counterfactuals(assessed, register, known, laws),
        alternatives=tuple(_alternatives(assessed, laws)),
        notice=notice,
        notice_days=days,
        conditions=tuple(f for f in findings if f.limit is Verdict.PERMITTED_UNDER_CONDITIONS)
        if permitted
        else (),
        blocked=blocked(assessed.case, notice),
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


def _findings(assessed: Assessed) -> Iterator[Finding]:
    if assessed.chosen is not None:
        basis = assessed.chosen.basis
        reference, version = basis.instrument.reference, basis.version or ""
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


def _alternatives(assessed: Assessed, laws: DomesticLaws) -> Iterator[Alternative]:
    others = [v for v in assessed.views if v is not assessed.chosen]
    for view in sorted(others, key=lambda v: (v.aside is not None, *order_of(v))):
        force = view.basis.force
        note, facts = "", {}
        if view.aside is not None:
            note, facts = view.aside.note, {"prevailing": view.aside.prevailing}
        elif not force.in_force:
            note, facts = force.reason, dict(force.facts)
        yield Alternative(
            instrument=view.basis.instrument.reference,
            verdict=view.limit,
            article=_article(view),
            version=view.basis.version or "",
            note=note,
            facts=facts,
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
