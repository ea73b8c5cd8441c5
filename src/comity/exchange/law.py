# SPDX-License-Identifier: Apache-2.0
"""The question of the law that goes with a message: put by the sender, and again by the recipient.

The sender's domestic law is the sender's own business: it weighs when the sender decides to send,
and is left out of what the two sides compare. Nothing here reads a clock or a database: the day
and what a side knows are arguments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from comity.agreements.answers import question_document
from comity.agreements.assessment import Determination, Finding, Gate
from comity.agreements.case import Act, case_of
from comity.agreements.determination import determine
from comity.agreements.documents import plain
from comity.agreements.instrument import Instrument
from comity.agreements.known_law import KnownLaw
from comity.agreements.question import Question
from comity.agreements.question_reading import question_of
from comity.agreements.register import country_of
from comity.agreements.verdict import Verdict, most_restrictive
from comity.exchange import wire
from comity.exchange.envelope import LegalBasis
from comity.exchange.evidence import LegalFinding
from comity.sealing.canonical_json import canonical


class Course(StrEnum):
    """What a verdict means for a message."""

    GO = "go"
    PERSON = "person"
    """Only where a person decides so, with a reason that is kept."""
    STOP = "stop"


COURSES: Mapping[Verdict, Course] = {
    Verdict.PERMITTED: Course.GO,
    Verdict.PERMITTED_WITH_NOTICE: Course.GO,
    Verdict.PERMITTED_UNDER_CONDITIONS: Course.GO,
    Verdict.PRIOR_CONSENT: Course.PERSON,
    Verdict.PERSON_MUST_DECIDE: Course.PERSON,
    Verdict.OTHER_CHANNEL_ONLY: Course.STOP,
    Verdict.PROHIBITED: Course.STOP,
    Verdict.NO_KNOWN_BASIS: Course.STOP,
    Verdict.NO_LEGAL_BASIS: Course.STOP,
}


class Difference(StrEnum):
    """In what two sides answer the same question differently."""

    VERDICT = "verdict"
    INSTRUMENT = "instrument"
    VERSION = "version"
    """The two registers do not say the same of the instrument."""
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Assessment:
    """One side's answer."""

    question: Question
    """With the instrument relied on in `under`."""
    finding: LegalFinding
    """What this side decides by; on the sender's side its own law is part of it."""
    shared: Verdict
    """Of the gates that both sides can put: the legal basis and the caveats."""

    @property
    def verdict(self) -> Verdict:
        """What this side decides by."""
        return Verdict(self.finding.verdict)

    @property
    def course(self) -> Course:
        """Whether this side lets the message pass."""
        return COURSES[self.verdict]

    @property
    def forms(self) -> frozenset[str]:
        """The forms of assistance that the message is about."""
        return forms_of(self.question)

    def basis(self) -> LegalBasis:
        """What the header of the envelope says."""
        return LegalBasis(
            instrument=self.finding.governing,
            version=self.finding.version,
            article=self.finding.article,
            verdict=self.shared.value,
            question=question_document(self.question),
        )


def assess_sending(question: Question, known: KnownLaw, *, on: date) -> Assessment:
    """The sender's answer, under the best instrument where the question names none.

    Raises:
        UnknownInstrumentError: the register has no instrument of the reference that is named.
    """
    put = _on(question, on)
    found = _answered(put, known)
    if not put.under and found.governing:
        put = replace(put, under=found.governing)
        found = _answered(put, known)
    return Assessment(put, _finding(found, known, whole=True), _shared(found))


def assess_arrival(basis: LegalBasis, known: KnownLaw, *, own: str, on: date) -> Assessment:
    """The recipient's answer to the sender's question, on the day of arrival.

    Raises:
        UnknownInstrumentError: our register has no instrument of that reference.
        QuestionUnreadableError, UnknownCodeError: the question is none, or has unknown codes.
    """
    question = replace(question_of(basis.question), under=basis.instrument)
    put = _on(question, on)
    found = _answered(put, known)
    ours_to_judge = country_of(case_of(put).acting) == country_of(own)
    return Assessment(put, _finding(found, known, whole=ours_to_judge), _shared(found))


def between(question: Question, sender: str, recipient: str) -> bool:
    """Whether the question is about these two, and the sender is the one who acts in it."""
    case = case_of(question)
    parties = {country_of(case.acting), country_of(case.partner)}
    if parties != {country_of(sender), country_of(recipient)}:
        return False
    # Whoever asks or supplies is the sender; of what one holds, either may write to the other.
    return case.act not in (Act.ASK, Act.RELEASE) or country_of(case.acting) == country_of(sender)


def forms_of(question: Question) -> frozenset[str]:
    """The forms of assistance that a question names."""
    return frozenset(form.value for form in case_of(question).forms)


def differences(ours: LegalFinding, theirs: LegalBasis | LegalFinding) -> tuple[Difference, ...]:
    """In what the two sides differ; empty where they agree."""
    instrument = theirs.instrument if isinstance(theirs, LegalBasis) else theirs.governing
    pairs = {
        Difference.VERDICT: (ours.verdict, theirs.verdict),
        Difference.INSTRUMENT: (ours.governing, instrument),
        Difference.VERSION: (ours.version, theirs.version),
        Difference.ARTICLE: (ours.article, theirs.article),
    }
    return tuple(what for what, (one, other) in pairs.items() if one != other)


def version_digest(instrument: Instrument) -> str:
    """SHA-256 over what a register says of an instrument, not over when and where it learned it."""
    kept = _DIGESTS.get(id(instrument))
    if kept is None or kept[0] is not instrument:
        if len(_DIGESTS) >= _DIGESTS_KEPT:
            _DIGESTS.clear()
        digest = hashlib.sha256(instrument_text(instrument)).hexdigest()
        kept = _DIGESTS[id(instrument)] = (instrument, digest)
    return kept[1]


def instrument_text(instrument: Instrument) -> bytes:
    """What a register says of an instrument, as bytes: what `version_digest` is over."""
    return canonical(_said(instrument))


_DIGESTS_KEPT = 2048
_DIGESTS: dict[int, tuple[Instrument, str]] = {}
"""The instrument stands beside its digest, so that its id cannot become another's."""

_NOT_LAW = frozenset(("recorded_on", "read_on", "file", "notes", "note", "source"))


def _said(value: object) -> Any:  # any: JSON
    """The value as JSON without what tells only where it was read."""
    if is_dataclass(value) and not isinstance(value, type):
        named = (field.name for field in fields(value) if field.name not in _NOT_LAW)
        return {name: _said(getattr(value, name)) for name in named}
    if isinstance(value, Mapping):
        return {str(plain(key)): _said(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_said(member) for member in value]
    return plain(value)


def _on(question: Question, day: date) -> Question:
    """The question put on this day, with everything that is known by now."""
    return replace(question, on=day, known_on=None)


@lru_cache(maxsize=1024)
def _answered(question: Question, known: KnownLaw) -> Determination:
    return determine(question, known.register, known.overlay, known.laws)


def _shared(found: Determination) -> Verdict:
    return most_restrictive((found.gates[Gate.LEGAL_BASIS], found.gates[Gate.CAVEATS]))


def _finding(found: Determination, known: KnownLaw, *, whole: bool) -> LegalFinding:
    """The determination as it is kept and told: its verdict, and every finding that limits."""
    put = [f for f in found.findings if whole or f.gate is not Gate.DOMESTIC_LAW]
    verdict = found.verdict if whole else _shared(found)
    instrument = known.register.instruments.get(found.governing)
    return LegalFinding(
        verdict=verdict.value,
        governing=found.governing,
        version=version_digest(instrument) if instrument is not None else "",
        article=_deciding_article(put),
        findings=tuple(_document(f) for f in put if f.limit is not Verdict.PERMITTED),
    )


_ARTICLE = wire.CODE
"""Characters of an article that a header has room for."""


def _deciding_article(found: list[Finding]) -> str:
    """The article of the basis that limits most; of the first that provides for it otherwise."""
    cited = [f for f in found if f.gate is Gate.LEGAL_BASIS and f.article]
    return max(cited, key=lambda f: f.limit.rank).article[:_ARTICLE] if cited else ""


def _document(finding: Finding) -> Mapping[str, Any]:
    return {
        "rule": finding.rule,
        "holds": finding.holds,
        "limit": finding.limit.value,
        "reason": finding.reason,
        "facts": plain(finding.facts),
        "article": finding.article,
        "basis": finding.basis.value if finding.basis else "",
        "gate": finding.gate.value,
    }
