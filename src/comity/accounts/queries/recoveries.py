# SPDX-License-Identifier: Apache-2.0
"""Recoveries of lost second factors, as those who approve them see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.accounts import models
from comity.accounts.recovery import OPEN, Recovery, RecoveryState, UnknownRecoveryError

if TYPE_CHECKING:
    from datetime import datetime


def as_recovery(row: models.RecoveryRequest) -> Recovery:
    """The frozen value of a row."""
    return Recovery(
        reference=row.reference,
        officer=row.officer.reference,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        state=RecoveryState(row.state),
        first_approval_by=row.first_approval_by,
    )


def open_recoveries(*, at: datetime) -> list[Recovery]:
    """Recoveries that wait for an approval, the oldest first."""
    rows = models.RecoveryRequest.objects.filter(closed_at=None).select_related("officer")
    values = [as_recovery(row) for row in rows.order_by("pk")]
    return [recovery for recovery in values if recovery.stands(at) in OPEN]


def recovery_by_reference(reference: str) -> Recovery:
    """The recovery of this reference; raise `UnknownRecoveryError` when there is none."""
    rows = models.RecoveryRequest.objects.select_related("officer")
    row = rows.filter(reference=reference).first()
    if row is None:
        raise UnknownRecoveryError(reference=reference)
    return as_recovery(row)
