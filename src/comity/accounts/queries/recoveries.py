# SPDX-License-Identifier: Apache-2.0
"""Recoveries of lost second factors, as those who approve them see them."""

from __future__ import annotations

from datetime import datetime

from comity.accounts import models
from comity.accounts.recovery import OPEN, Recovery, UnknownRecoveryError


def open_recoveries(*, at: datetime) -> list[Recovery]:
    """Recoveries that wait for an approval, the oldest first."""
    rows = models.RecoveryRequest.objects.filter(closed_at=None).select_related("officer")
    values = [row.as_recovery() for row in rows.order_by("pk")]
    return [recovery for recovery in values if recovery.stands(at) in OPEN]


def recovery_by_reference(reference: str) -> Recovery:
    """The recovery of this reference; raise `UnknownRecoveryError` when there is none."""
    rows = models.RecoveryRequest.objects.select_related("officer")
    row = rows.filter(reference=reference).first()
    if row is None:
        raise UnknownRecoveryError(reference=reference)
    return row.as_recovery()
