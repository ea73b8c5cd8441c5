# SPDX-License-Identifier: Apache-2.0
"""Assessments with everything that this node knows: now, and recomputed as of a past one's day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

from comity.agreements.assessment import Determination
from comity.agreements.determination import determine
from comity.agreements.documents import plain
from comity.agreements.queries.kept import assessment
from comity.agreements.queries.overlays import overlay
from comity.agreements.queries.registered import domestic_laws, register, register_digest
from comity.agreements.question import Question
from comity.agreements.question_reading import question_of
from comity.agreements.records import AssessmentRecord


@dataclass(frozen=True, slots=True)
class Replay:
    """A kept assessment recomputed from what was known when it was made."""

    record: AssessmentRecord
    determination: Determination
    same: bool
    """Whether verdict and findings are those that were kept."""
    register_changed: bool
    """Whether the register's edition as of that moment is no longer the one that answered."""
    now: Determination
    """The same question answered with today's knowledge."""


def assessed(question: Question) -> Determination:
    """The position on this question, from the register, the overlay and the domestic laws."""
    return determine(question, register(), overlay(), domestic_laws())


def replayed(reference: str) -> Replay:
    """The kept assessment, recomputed as of its instant and, beside it, as of now."""
    record = assessment(reference)
    question = question_of(record.question)
    then = determine(
        replace(question, known_on=question.known_on or record.assessed_at.date()),
        register(at=record.assessed_at),
        overlay(at=record.assessed_at),
        domestic_laws(),
    )
    return Replay(
        record=record,
        determination=then,
        same=then.verdict is record.verdict and findings_digest(then) == record.findings_digest,
        register_changed=register_digest(at=record.assessed_at) != record.register_digest,
        now=assessed(question),
    )


def findings_digest(determination: Determination) -> str:
    """A digest over the verdict and every finding: rule, limit, reason, instrument, article."""
    lines = [determination.verdict.value] + [
        json.dumps(plain((f.rule, f.limit, f.reason, f.instrument, f.version, f.article, f.basis)))
        for f in determination.findings
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
