# SPDX-License-Identifier: Apache-2.0
"""Whether a node takes in what a partner offers just now, or asks it to wait, and how long.

Plain: what the node knows of itself is given. New large parts are refused first and small
messages last, so that a nearly full disk still takes the word that explains it. Nothing is
dropped: whoever is told to wait comes again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from comity.exchange.partner import Ceilings

MEBIBYTE = 1024 * 1024
LARGE = MEBIBYTE
"""Content from this size on is large: it waits as soon as the disk is below twice its reserve."""
BUSY_REQUESTS = 32
"""Requests that wait for a thread; more are asked to come a little later."""


class Pressure(StrEnum):
    """What keeps a node from taking something in just now."""

    MAINTENANCE = "maintenance"
    SUSPENDED = "partner-suspended"
    QUOTA = "quota-reached"
    DISK_LOW = "disk-low"
    SLOW_DOWN = "slow-down"


RETRY_AFTER: dict[Pressure, int] = {
    Pressure.MAINTENANCE: 120,
    Pressure.SUSPENDED: 900,
    Pressure.QUOTA: 900,
    Pressure.DISK_LOW: 300,
    Pressure.SLOW_DOWN: 5,
}
"""Seconds after which it may be otherwise; less where the end is known."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: why, and after how many seconds to come again."""

    reason: Pressure
    retry_after: int


@dataclass(frozen=True, slots=True)
class Load:
    """What the node knows of itself and of what this partner has sent today."""

    free_disk: int
    disk_reserve: int
    """Bytes that the exchange leaves free for the database and the journal."""
    messages_today: int = 0
    bytes_today: int = 0
    requests_waiting: int = 0
    maintenance: bool = False
    maintenance_until: datetime | None = None
    suspended: bool = False


def held_off(load: Load, ceilings: Ceilings, *, size: int, at: datetime) -> Hold | None:
    """Why something of this size is not taken now; None where it is.

    In this order: what concerns everything first, so that the answer does not depend on the
    message it is given to.
    """
    if load.maintenance:
        return Hold(Pressure.MAINTENANCE, _until(load.maintenance_until, at))
    if load.suspended:
        return Hold(Pressure.SUSPENDED, RETRY_AFTER[Pressure.SUSPENDED])
    if load.requests_waiting > BUSY_REQUESTS:
        return Hold(Pressure.SLOW_DOWN, RETRY_AFTER[Pressure.SLOW_DOWN])
    if _quota_reached(load, ceilings, size):
        return Hold(Pressure.QUOTA, min(RETRY_AFTER[Pressure.QUOTA], _to_midnight(at)))
    if disk_is_low(load.free_disk, load.disk_reserve, size):
        return Hold(Pressure.DISK_LOW, RETRY_AFTER[Pressure.DISK_LOW])
    return None


def disk_is_low(free: int, reserve: int, size: int) -> bool:
    """Whether taking this many bytes would eat into the reserve.

    Large content may not even come near it: it must leave twice the reserve.
    """
    return free - size < (2 * reserve if size >= LARGE else reserve)


def _quota_reached(load: Load, ceilings: Ceilings, size: int) -> bool:
    return (
        load.messages_today >= ceilings.messages_a_day
        or load.bytes_today + size > ceilings.bytes_a_day
    )


def _until(expected: datetime | None, at: datetime) -> int:
    if expected is None or expected <= at:
        return RETRY_AFTER[Pressure.MAINTENANCE]
    return max(1, min(3600, int((expected - at).total_seconds())))


def _to_midnight(at: datetime) -> int:
    tomorrow = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return max(1, int((tomorrow - at).total_seconds()))
