# SPDX-License-Identifier: Apache-2.0
"""The answer to a question: verdict, every rule's finding, obligations, alternatives, what-ifs.

A finding carries a reason code and facts, never an English sentence: `reasons` holds the sentence
of each code, and the catalogues its translations. `limit` is the best verdict the finding still
leaves open; the verdict of a basis is the worst of its limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from comity.agreements.provision import Basis
from comity.agreements.question import Question
from comity.agreements.verdict import NoticeTiming, Verdict


class Gate(StrEnum):
    """Which of the three gates a finding belongs to."""

    LEGAL_BASIS = "legal-basis"
    DOMESTIC_LAW = "domestic-law"
    CAVEATS = "caveats"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer under one instrument (or under domestic law, or for the item)."""

    rule: str
    """`AGR-7`: permanent, never reused."""
    limit: Verdict
    reason: str
    """A code of `reasons.REASONS`."""
    facts: Mapping[str, str]
    gate: Gate = Gate.LEGAL_BASIS
    instrument: str = ""
    version: str = ""
    article: str = ""
    basis: Basis | None = None

    @property
    def holds(self) -> bool:
        """True when the rule leaves the act permitted, at most with notice or conditions."""
        return self.limit.permits


class Debtor(StrEnum):
    """Who owes an obligation."""

    ASKER = "asker"
    ASKED = "asked"
    HOLDER = "holder"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty that follows from the act, now or after a later use."""

    code: str
    """Such as `confirm-oral-request`, `return-originals`, `notify-court-use`."""
    debtor: Debtor
    trigger: str
    """The act that starts it: `act`, or a later one such as `use-in-court`, `oral-request`."""
    due: str
    """`by-date`, `within-days`, `before`, `on-use`, `promptly` (our service standard) or `none`."""
    discharge: str
    """The act that ends it."""
    instrument: str
    article: str
    days: int | None = None
    by: date | None = None
    treaty_deadline: bool = False
    """True only where the text itself sets the term; "promptly" is our service standard."""


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One change that would make the act permitted; applying it does."""

    change: str
    """A change of `counterfactual.CHANGES` such as `date`, `purpose`, `consent`, `confirm-force`,
    `ruling`, `domestic-law`; `combination` where one change alone does not suffice."""
    facts: Mapping[str, str]
    """What is changed, by change: `{"confirm-force": "us-cv-2023", "domestic-law": "KR"}`."""
    verdict: Verdict
    """The verdict after the change."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One legal basis among several, with the verdict it gives. Best first."""

    instrument: str
    verdict: Verdict
    article: str = ""
    version: str = ""
    note: str = ""
    """A reason code, such as why precedence sets it aside."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What fills the note's sentence."""


@dataclass(frozen=True, slots=True)
class Determination:
    """The whole position: the verdict first, then everything that led to it."""

    question: Question
    verdict: Verdict
    governing: str
    """The instrument that the verdict rests on; empty where there is none."""
    findings: tuple[Finding, ...]
    """Every rule's finding under the governing instrument, domestic law and the item's caveats."""
    gates: Mapping[Gate, Verdict]
    obligations: tuple[Obligation, ...] = ()
    would_be_permitted_if: tuple[Counterfactual, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    notice: NoticeTiming | None = None
    notice_days: int | None = None
    conditions: tuple[Finding, ...] = field(default=())
    """The findings that are conditions to keep, where the verdict permits."""
    blocked: bool = False
    """True while a notice is due BEFORE the act and has not been given: permitted, not yet."""

    @property
    def permitted(self) -> bool:
        """Whether the act may be done."""
        return self.verdict.permits
