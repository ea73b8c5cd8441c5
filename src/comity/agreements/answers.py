# SPDX-License-Identifier: Apache-2.0
"""A determination as the document that programs read: the same on the command line and the API.

The keys are permanent: `verdict`, `findings` with `rule, holds, reason, because, instrument,
version, article, basis`, `obligations`, `would_be_permitted_if`, `alternatives`, and beside them
the question, the gates and the governing instrument. `because` is the reason in a language; every
other value is a code, a reference or a day.
"""

from __future__ import annotations

from dataclasses import fields

from comity.agreements import counterfactual, reasons
from comity.agreements.assessment import (
    Alternative,
    Counterfactual,
    Determination,
    Finding,
    Obligation,
)
from comity.agreements.documents import Document, plain
from comity.agreements.obligations import OBLIGATIONS
from comity.agreements.verdict import VERDICT_WORDS
from comity.catalogues import translate


def document_of(determination: Determination, language: str = "en") -> Document:
    """The whole determination, its sentences in this language."""
    return {
        "verdict": determination.verdict.value,
        "permitted": determination.permitted,
        "summary": translate(VERDICT_WORDS[determination.verdict], language),
        "question": question_document(determination.question),
        "governing": determination.governing,
        "gates": {gate.value: verdict.value for gate, verdict in determination.gates.items()},
        "notice": _notice(determination),
        "blocked": determination.blocked,
        "findings": [_finding(f, language) for f in determination.findings],
        "conditions": [_finding(f, language) for f in determination.conditions],
        "obligations": [_obligation(o, language) for o in determination.obligations],
        "would_be_permitted_if": [
            _counterfactual(c, language) for c in determination.would_be_permitted_if
        ],
        "alternatives": [_alternative(a, language) for a in determination.alternatives],
    }


def question_document(question: object) -> Document:
    """The question with its kind (`ask`, `release`, `use`, `disclose`, `retain`) first."""
    kind = {"kind": type(question).__name__.lower()}
    return kind | {field.name: plain(getattr(question, field.name)) for field in fields(question)}  # type: ignore[arg-type]  # a Question is a dataclass


def _notice(determination: Determination) -> Document | None:
    if determination.notice is None:
        return None
    return {"timing": determination.notice.value, "days": determination.notice_days}


def _finding(finding: Finding, language: str) -> Document:
    return {
        "rule": finding.rule,
        "holds": finding.holds,
        "reason": finding.reason,
        "because": reasons.sentence(finding, language),
        "instrument": finding.instrument,
        "version": finding.version,
        "article": finding.article,
        "basis": finding.basis.value if finding.basis else None,
        "gate": finding.gate.value,
        "limit": finding.limit.value,
        "facts": plain(finding.facts),
    }


def _obligation(obligation: Obligation, language: str) -> Document:
    words = translate(OBLIGATIONS.get(obligation.code, obligation.code), language)
    document = {field.name: plain(getattr(obligation, field.name)) for field in fields(obligation)}
    return {**document, "words": words}


def _counterfactual(change: Counterfactual, language: str) -> Document:
    return {
        "change": change.change,
        "facts": plain(change.facts),
        "verdict": change.verdict.value,
        "words": counterfactual.sentence(change, language),
    }


def _alternative(alternative: Alternative, language: str) -> Document:
    document = {f.name: plain(getattr(alternative, f.name)) for f in fields(alternative)}
    words = translate(VERDICT_WORDS[alternative.verdict], language)
    why = alternative.note and reasons.sentence_of(alternative.note, alternative.facts, language)
    return {**document, "words": words, "because": why}
