# SPDX-License-Identifier: Apache-2.0
"""Maintenance of the exchange: nothing is taken in and nothing sent out until it is ended.

It stands in a row, so that it outlives every restart; partners are told until when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError
from comity.exchange import models
from comity.exchange.acquaintance import checked_reason
from comity.exchange.services.waking import wake
from comity.journal import services as journal
from comity.journal.entry import Actor

SUBJECT = "EXCHANGE"


class MaintenanceBegunError(ConflictError):
    """The exchange is under maintenance already."""

    code = "exchange-maintenance-begun"
    message = N_("The exchange has been under maintenance since {begun_at}.")
    remedy = N_("End it with `comity exchange maintenance end`.")


class NoMaintenanceError(ConflictError):
    """The exchange is not under maintenance."""

    code = "exchange-no-maintenance"
    message = N_("The exchange is not under maintenance.")
    remedy = N_("Begin it with `comity exchange maintenance begin --reason …`.")


class MaintenanceInThePastError(InvalidInputError):
    """The expected end lies before the beginning."""

    code = "exchange-maintenance-in-the-past"
    message = N_(
        "The maintenance is expected to end at {expected_until}, before it begins at {at}."
    )
    remedy = N_("Name a later moment, or none.")


@dataclass(frozen=True, slots=True)
class UnderMaintenance:
    """That the exchange stands still, since when and for how long."""

    begun_at: datetime
    begun_by: str
    reason: str
    expected_until: datetime | None


def current_maintenance() -> UnderMaintenance | None:
    """The maintenance that goes on; None where there is none."""
    row = models.Maintenance.objects.filter(ended_at=None).first()
    if row is None:
        return None
    return UnderMaintenance(row.begun_at, row.begun_by, row.reason, row.expected_until)


@transaction.atomic
def begin_maintenance(
    reason: str, *, by: Officer | Actor, at: datetime, expected_until: datetime | None = None
) -> UnderMaintenance:
    """Let the exchange stand still."""
    actor = by if isinstance(by, Actor) else by.acting(Permission.OPERATE_EXCHANGE)
    if expected_until is not None and expected_until <= at:
        raise MaintenanceInThePastError(
            expected_until=expected_until.isoformat(timespec="minutes"),
            at=at.isoformat(timespec="minutes"),
        )
    reason = checked_reason(reason)
    going_on = current_maintenance()
    if going_on:
        raise _begun(going_on)
    try:
        with transaction.atomic():
            models.Maintenance.objects.create(
                begun_at=at, begun_by=by.reference, reason=reason, expected_until=expected_until
            )
    except IntegrityError as error:
        raise MaintenanceBegunError(begun_at=at.isoformat(timespec="minutes")) from error
    journal.record("exchange-maintenance-begun", SUBJECT, by=actor, at=at)
    return UnderMaintenance(at, by.reference, reason, expected_until)


@transaction.atomic
def end_maintenance(*, by: Officer | Actor, at: datetime) -> None:
    """Let the exchange work again; what waited goes out at once."""
    actor = by if isinstance(by, Actor) else by.acting(Permission.OPERATE_EXCHANGE)
    ended = models.Maintenance.objects.filter(ended_at=None)
    if not ended.update(ended_at=at, ended_by=by.reference):
        raise NoMaintenanceError
    wake()
    journal.record("exchange-maintenance-ended", SUBJECT, by=actor, at=at)


def _begun(going_on: UnderMaintenance) -> MaintenanceBegunError:
    return MaintenanceBegunError(begun_at=going_on.begun_at.isoformat(timespec="minutes"))
