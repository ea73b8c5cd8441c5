# SPDX-License-Identifier: Apache-2.0
"""Marking an accepted change of the register as public, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements import queries as agreements
from comity.agreements.records import ReasonMissingError
from comity.catalogues import N_
from comity.journal import services as journal
from comity.newsfeed import models
from comity.newsfeed.publication import publication
from comity.newsfeed.queries.published import PUBLIC_CHANGE, _public_record, public_changes_of
from comity.newsfeed.records import (
    AlreadyPublicError,
    PublicChangeRecord,
    TakenBackError,
)
from comity.newsfeed.services.rows import inserted, locked, moved
from comity.newsfeed.stored import stored_saying


@transaction.atomic
def publish_change(proposal: str, *, by: Officer, at: datetime) -> PublicChangeRecord:
    """Publish an accepted change (`PRP-…`) in this node's own feed. PUBLISH_REGISTER_CHANGE."""
    actor = by.acting(Permission.PUBLISH_REGISTER_CHANGE)
    record = agreements.proposal(proposal)
    said = publication(record)
    for known in public_changes_of([proposal]).values():
        raise AlreadyPublicError(proposal=proposal, reference=known.reference)
    row = inserted(
        models.PublicChange,
        "PUB",
        {
            "proposal_id": proposal,
            "instrument": record.instrument,
            "title": agreements.register().instrument(record.instrument).title,
            "summary": stored_saying(said.summary),
            "sources": [list(each) for each in said.sources],
            "accepted_on": (record.decided_at or at).date(),
            "published_by": by.reference,
            "published_at": at,
        },
    )
    facts = {"proposal": proposal}
    journal.record(
        "change-published",
        row.reference,
        by=actor,
        at=at,
        instrument=record.instrument,
        facts=facts,
    )
    return _public_record(row)


@transaction.atomic
def unpublish_change(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> PublicChangeRecord:
    """Take a published change (`PUB-…`) back, with the reason."""
    actor = by.acting(Permission.PUBLISH_REGISTER_CHANGE)
    row = locked(models.PublicChange, PUBLIC_CHANGE, version, called=reference, reference=reference)
    if row.taken_back_at is not None:
        raise TakenBackError(reference=reference)
    if not reason.strip():
        raise ReasonMissingError(act=N_("Taking back"), reference=reference)
    moved(row, taken_back_at=at, taken_back_by=by.reference, reason=reason.strip())
    journal.record(
        "change-taken-back",
        reference,
        by=actor,
        at=at,
        instrument=row.instrument,
        facts={"proposal": row.proposal_id},
    )
    return _public_record(row)
