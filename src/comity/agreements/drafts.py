# SPDX-License-Identifier: Apache-2.0
"""What an officer states when drafting: no reference, no signature, nothing that counts yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from comity.agreements.overlay import ConfirmationEvidence, ConfirmedSubject
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule


@dataclass(frozen=True, slots=True)
class ConfirmationDraft:
    """What the custodian states. For force: the interval; for a provision: article and content."""

    instrument: str
    evidence: ConfirmationEvidence
    citation: str
    review_by: date
    subject: ConfirmedSubject = ConfirmedSubject.FORCE
    in_force_from: date | None = None
    in_force_until: date | None = None
    article: str = ""
    forms: tuple[FormOfAssistance, ...] = ()
    use_rules: tuple[tuple[Purpose, UseRule], ...] = ()
    renews: str = ""
    """The confirmation whose place it takes, when its review date has come."""


@dataclass(frozen=True, slots=True)
class RulingDraft:
    """What is ruled: one instrument, one form, one purpose, the answer, its grounds and term."""

    instrument: str
    form: FormOfAssistance
    purpose: Purpose
    verdict: Verdict
    grounds: str
    valid_from: date
    valid_until: date
    conditions: tuple[str, ...] = ()
