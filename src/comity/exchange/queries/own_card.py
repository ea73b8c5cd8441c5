# SPDX-License-Identifier: Apache-2.0
"""Our own card as it was issued last: what is read aloud to a partner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from comity.exchange import models


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
