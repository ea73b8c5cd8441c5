# SPDX-License-Identifier: Apache-2.0
"""Renewing time stamps before they end, so that what was sealed stays provable for ever.

A round stamps a tree over every document whose present stamp ends within `AHEAD`. The documents
themselves are not touched, nor needed: their digests are.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.evidence import models
from comity.evidence.queries import renewals as queries
from comity.evidence.seal import Stamped
from comity.evidence.services import seal_keys
from comity.evidence.services.stamping import timestamp
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.sealing.renewals import Material, leaf_of, tree_of

AHEAD = timedelta(days=365)
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a round of renewals did."""

    documents: int
    pilot: bool
    holds_until: datetime | None


def renew(
    *, at: datetime, by: Officer | Actor = seal_keys.EVIDENCE, within: timedelta = AHEAD
) -> Renewed:
    """Stamp anew what protects documents and ends within this time."""
    actor = by.acting(Permission.ADMINISTER_SEALS) if isinstance(by, Officer) else by
    due = list(_due(at + within))
    if not due:
        return Renewed(0, pilot=False, holds_until=None)
    seal_keys.stamp_means(at=at)
    material = queries.stamp_material()
    previous = [_protecting(document) for document in due]
    tree = tree_of(
        leaf_of(document.digest, before, material)
        for document, before in zip(due, previous, strict=True)
    )
    stamped = timestamp(tree.root(), at=at)
    with transaction.atomic():
        until = _keep(due, previous, material, stamped, at=at)
        facts = {"count": str(len(due)), "kind": "pilot" if stamped.pilot else "authority"}
        journal.record("stamps-renewed", "SEAL", by=actor, at=at, facts=facts)
    return Renewed(len(due), stamped.pilot, until)


def _due(until: datetime) -> QuerySet[models.SealedDocument]:
    return models.SealedDocument.objects.filter(holds_until__lt=until)[:_MOST]


def _protecting(document: models.SealedDocument) -> str:
    """SHA-256 of the token that protects the document now."""
    last = document.renewals.order_by("pk").last()
    token = last.round.stamp.token if last else document.stamp.token
    return hashlib.sha256(bytes(token)).hexdigest()


def _keep(
    due: list[models.SealedDocument],
    previous: list[str],
    material: Material,
    stamped: Stamped,
    *,
    at: datetime,
) -> datetime:
    """The round and every document's place in it; until when its stamp holds."""
    stamp = models.SealStamp.objects.get(
        serial=str(stamped.stamp.serial), digest=stamped.stamp.digest.hex()
    )
    made = models.RenewalRound.objects.create(
        stamp=stamp,
        size=len(due),
        certificates=[_text(each.der) for each in material.certificates],
        revocations=[_text(each.der) for each in material.revocations],
        at=at,
    )
    models.RenewedDocument.objects.bulk_create(
        models.RenewedDocument(round=made, document=document, position=place, previous=before)
        for place, (document, before) in enumerate(zip(due, previous, strict=True))
    )
    rows = models.SealedDocument.objects.filter(pk__in=[document.pk for document in due])
    rows.update(holds_until=stamp.holds_until)
    return stamp.holds_until


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
