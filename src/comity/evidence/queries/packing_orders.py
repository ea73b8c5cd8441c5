# SPDX-License-Identifier: Apache-2.0
"""Orders to pack, for the officer who gave them; what was asked for stays sealed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from comity.accounts.officer import Officer
from comity.evidence import models
from comity.evidence.packing import PackingStep
from comity.evidence.packing_order import (
    KEPT_FOR,
    OrderState,
    PackingOrder,
    UnknownPackingOrderError,
    read_field,
)

MOST_SHOWN = 20
Rows = QuerySet[models.PackingOrder, models.PackingOrder]


def packing_order(reference: str, *, by: Officer) -> PackingOrder:
    """The order of this reference, where this officer gave it.

    Raises:
        UnknownPackingOrderError: there is none, or it is another officer's.
    """
    rows = _rows().filter(reference=reference, asked_by=by.reference)
    row = rows.first()
    if row is None:
        raise UnknownPackingOrderError(reference=reference)
    return _value(row)


def orders_not_packed(*, by: Officer) -> tuple[PackingOrder, ...]:
    """This officer's orders that wait, are being packed or failed, the newest first."""
    rows = _rows().filter(asked_by=by.reference).exclude(state=OrderState.PACKED)
    return tuple(map(_value, rows[:MOST_SHOWN]))


def file_kept_until(package: str, *, by: Officer) -> datetime | None:
    """Until when the file of a package is kept for this officer; None where it is not."""
    rows = models.PackingOrder.objects.filter(package__reference=package, asked_by=by.reference)
    ended = rows.exclude(blob="").values_list("ended_at", flat=True).first()
    return ended + KEPT_FOR if ended else None


def _rows() -> Rows:
    return models.PackingOrder.objects.select_related("package")


def _value(row: models.PackingOrder) -> PackingOrder:
    failure = row.failure
    return PackingOrder(
        reference=row.reference,
        state=OrderState(row.state),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        items=row.count,
        attempts=row.attempts,
        step=PackingStep(row.step) if row.step else None,
        done=row.done,
        total=row.total,
        package=row.package.reference if row.package else "",
        ended_at=row.ended_at,
        failure=failure.get("code", ""),
        message=failure.get("message", ""),
        remedy=failure.get("remedy", ""),
        fields={name: read_field(each) for name, each in failure.get("fields", {}).items()},
    )
