# SPDX-License-Identifier: Apache-2.0
"""The node's overlay as the engine takes it: what is countersigned, as of now or of the past."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time

from django.db.models import Q

from comity.agreements import models
from comity.agreements.overlay import Overlay


def overlay(known_on: date | None = None, *, at: datetime | None = None) -> Overlay:
    """Confirmations, rulings and attestations in effect at that instant, or by that day's end.

    Drafts are no part of it. Whatever was suspended or withdrawn stands in it with its day, so
    that an answer can say so; what happened later than the moment asked for is left out.
    """
    moment = at if at is not None else _end_of(known_on)
    signed = Q(countersigned_at__isnull=False)
    attested = Q()
    if moment is not None:
        signed, attested = Q(countersigned_at__lte=moment), Q(attested_at__lte=moment)
    confirmations = models.Confirmation.objects.filter(signed).order_by("pk")
    rulings = models.StandingRuling.objects.filter(signed).order_by("pk")
    attestations = models.Attestation.objects.filter(attested).order_by("pk")
    heard = models.PartnerStatement.objects.select_related("confirmation").order_by("pk")
    if moment is not None:
        heard = heard.filter(recorded_at__lte=moment)
    return Overlay(
        corroborations=tuple(row.as_corroboration() for row in heard),
        confirmations=tuple(row.as_overlay(moment) for row in confirmations),
        rulings=tuple(row.as_overlay(moment) for row in rulings),
        attestations=tuple(row.as_overlay(moment) for row in attestations),
    )


def overlay_digest(of: Overlay) -> str:
    """A digest by which two overlays can be told apart."""
    lines = [f"{c.reference}|{c.recorded_on}|{c.withdrawn_on}" for c in of.confirmations]
    lines += [f"{r.reference}|{r.recorded_on}|{r.withdrawn_on}" for r in of.rulings]
    lines += [f"{c.reference}|{c.suspended_on}" for c in of.confirmations if c.suspended_on]
    lines += [f"{a.reference}|{a.recorded_on}|{a.withdrawn_on}" for a in of.attestations]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.max, tzinfo=UTC)
