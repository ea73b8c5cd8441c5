# SPDX-License-Identifier: Apache-2.0
"""Keeping an assessment, and taking the overlay out of the node: both stand in the journal.

The question holds codes, days and references only, never the content of an item. An assessment
that is not kept is `queries.assessed`, which leaves no trace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements import models, queries
from comity.agreements.answers import question_document
from comity.agreements.assessment import Determination
from comity.agreements.determination import determine
from comity.agreements.overlay import Overlay
from comity.agreements.question import Question
from comity.agreements.question_reading import kind_of
from comity.agreements.records import AssessmentRecord
from comity.agreements.services.recording import _acting, _article, _inserted
from comity.journal import services as journal
from comity.journal.entry import Actor


@dataclass(frozen=True, slots=True)
class KeptAssessment:
    """The whole position, and the record under which it is kept."""

    record: AssessmentRecord
    determination: Determination


@transaction.atomic
def assess(question: Question, *, by: Officer, at: datetime) -> KeptAssessment:
    """Answer the question with everything that this node knows, and keep the answer."""
    actor = _acting(by, Permission.ASSESS)
    overlay = queries.overlay()
    determination = determine(question, queries.register(), overlay, queries.domestic_laws())
    row = _inserted(
        models.Assessment,
        "ASM",
        {
            "kind": kind_of(question),
            "question": question_document(question),
            "verdict": determination.verdict,
            "governing": determination.governing,
            "article": _deciding_article(determination)[:60],
            "findings_digest": queries.findings_digest(determination),
            "register_digest": queries.register_digest(at),
            "overlay_digest": queries.overlay_digest(overlay),
            "assessed_by": by.reference,
            "assessed_at": at,
        },
    )
    record = row.as_record()
    journal.record(
        "assessment-made",
        record.reference,
        by=actor,
        at=at,
        instrument=record.governing,
        article=_article(record.article),
        facts={
            "question": record.kind,
            "verdict": record.verdict.value,
            "digest": record.findings_digest,
        },
    )
    return KeptAssessment(record, determination)


@transaction.atomic
def export_overlay(*, by: Officer | Actor, at: datetime) -> Overlay:
    """The overlay for a file that leaves the node; the journal says who took it out and when."""
    actor = by if isinstance(by, Actor) else _acting(by, Permission.EXPORT_REGISTER)
    overlay = queries.overlay()
    count = len(overlay.confirmations) + len(overlay.rulings) + len(overlay.attestations)
    journal.record(
        "overlay-exported",
        "OVERLAY",
        by=actor,
        at=at,
        facts={"count": str(count), "digest": queries.overlay_digest(overlay)},
    )
    return overlay


def _deciding_article(determination: Determination) -> str:
    """The article of the finding that set the verdict; of the first one that names an article."""
    cited = [f for f in determination.findings if f.article]
    deciding = [f for f in cited if f.limit is determination.verdict]
    return next((f.article for f in (*deciding, *cited)), "")
