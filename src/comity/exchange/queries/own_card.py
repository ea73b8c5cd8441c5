# SPDX-License-Identifier: Apache-2.0
"""Our own card as it was issued last: what is read aloud to a partner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from comity.exchange import models
from comity.exchange.partner_card import read_card


@dataclass(frozen=True, slots=True)
class OwnCardIssued:
    """Which version of our card stands, and its fingerprint."""

    version: int
    fingerprint: str
    made_at: datetime


def own_card_issued() -> OwnCardIssued | None:
    """The last version of our card; None while none was issued."""
    row = models.OwnCard.objects.order_by("-version").defer("document").first()
    return OwnCardIssued(row.version, row.fingerprint, row.made_at) if row else None


def own_name() -> str:
    """What our card calls us; the node's name while none was issued."""
    row = models.OwnCard.objects.order_by("-version").first()
    if row is not None:
        return read_card(bytes(row.document)).card.name
    return str(settings.ENVIRONMENT.node_name or settings.ENVIRONMENT.administration)
