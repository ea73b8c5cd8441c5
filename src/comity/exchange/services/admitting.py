# SPDX-License-Identifier: Apache-2.0
"""What keeps this node from taking something in from a partner just now: one question for all.

Asked by the door before a body is read, and by the reception before it is kept. What a partner
has sent today is counted once and then added up: a process asks the table only for what is new.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Sum

from comity.exchange import models
from comity.exchange.ceilings import read_ceilings
from comity.exchange.message_state import Direction
from comity.exchange.partner import PartnerState
from comity.exchange.pressure import MEBIBYTE, Hold, Load, disk_is_low, held_off
from comity.exchange.services.maintenance import current_maintenance

OVERLAP = 512
"""Rows that are counted anew each time: a transaction may commit after one that began later."""


def nobody_waits() -> int:
    """Where no listener tells how many requests wait."""
    return 0


requests_waiting: list[Callable[[], int]] = [nobody_waits]
"""The listener's own count; the worker puts it here when it begins to listen."""


def hold_for(partner: str, *, at: datetime, size: int = 0, counted: bool = False) -> Hold | None:
    """Why something of this size is not taken from this partner now; None where it is.

    `size` is what it would keep: the bytes of frames, or of a part. `counted` says that it
    belongs to a message that was taken and counted: no quota is put to it again.
    """
    row = models.Partner.objects.filter(code=partner).values_list("id", "state", "ceilings").get()
    number, state, ceilings = row
    going_on = current_maintenance()
    messages, size_today = (0, -size) if counted else _tally.today(number, at)
    load = Load(
        free_disk=free_disk(),
        disk_reserve=disk_reserve(),
        messages_today=messages,
        bytes_today=size_today,
        requests_waiting=requests_waiting[-1](),
        maintenance=going_on is not None,
        maintenance_until=going_on.expected_until if going_on else None,
        suspended=state == PartnerState.SUSPENDED,
    )
    return held_off(load, read_ceilings(ceilings), size=size, at=at)


def free_disk() -> int:
    """Bytes that are free where the node keeps what it takes in."""
    return shutil.disk_usage(settings.ENVIRONMENT.home).free


def disk_reserve() -> int:
    """Bytes that the exchange leaves free."""
    return int(settings.ENVIRONMENT.exchange_reserve) * MEBIBYTE


def disk_is_nearly_full() -> bool:
    """Whether large parts are refused already."""
    return disk_is_low(free_disk(), disk_reserve(), MEBIBYTE)


@dataclass(slots=True)
class _Count:
    """What came from one partner on one day, up to a row."""

    day: datetime
    settled_to: int = 0
    """Rows up to this one are in the sums below and are not read again."""
    messages: int = 0
    size: int = 0


class _Tally:
    """Counts of today, per partner, of this process."""

    def __init__(self) -> None:
        self.counts: dict[int, _Count] = {}
        self.lock = threading.Lock()

    def today(self, partner: int, at: datetime) -> tuple[int, int]:
        """How many messages came since midnight (UTC), and their bytes."""
        day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        with self.lock:
            count = self.counts.get(partner)
            if count is None or count.day != day:
                count = self.counts[partner] = _Count(day)
            recent = _came(partner, day, after=count.settled_to)
            newest = recent["newest"] or count.settled_to
            if newest - count.settled_to > 2 * OVERLAP:
                bound = newest - OVERLAP
                settled = _came(partner, day, after=count.settled_to, to=bound)
                count.messages += settled["messages"]
                count.size += settled["size"] or 0
                count.settled_to = bound
                recent = _came(partner, day, after=bound)
            return count.messages + recent["messages"], count.size + (recent["size"] or 0)


def _came(partner: int, day: datetime, *, after: int, to: int | None = None) -> dict[str, int]:
    rows = models.Message.objects.filter(
        partner=partner,
        direction=Direction.IN,
        pk__gt=after,
        recorded_at__gte=day,
        recorded_at__lt=day + timedelta(days=1),
    )
    if to is not None:
        rows = rows.filter(pk__lte=to)
    return rows.aggregate(messages=Count("pk"), size=Sum("size"), newest=Max("pk"))


_tally = _Tally()
