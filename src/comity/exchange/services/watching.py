# SPDX-License-Identifier: Apache-2.0
"""Looks at the queues and the disk, and tells a person of what does not pass by itself.

An alarm that was raised here is closed here when its cause has gone; until then it stays one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from comity.exchange.alarm import AlarmKind
from comity.exchange.partner import PartnerState
from comity.exchange.queries.outbox import BY_MACHINE, QueueOfPartner, queue_health
from comity.exchange.services.admitting import disk_is_nearly_full
from comity.exchange.services.alarms import raise_alarm, settle_alarm

STALLED_AFTER = timedelta(hours=1)
SILENT_AFTER = timedelta(days=1)
GONE = "it has passed"


def _has_dead_letters(queue: QueueOfPartner, at: datetime) -> bool:
    """Something of ours was given up and nobody has tried it again."""
    return queue.dead > 0


def _is_stalled(queue: QueueOfPartner, at: datetime) -> bool:
    """What waits longest has waited too long, though we may send."""
    return (
        _reached_by_machine(queue)
        and queue.oldest_waiting is not None
        and at - queue.oldest_waiting >= STALLED_AFTER
    )


def _is_silent(queue: QueueOfPartner, at: datetime) -> bool:
    """Nothing has come through to it for a day, though it was tried."""
    last = max((each for each in (queue.reached_at, queue.heard_at) if each), default=None)
    tried = queue.failures > 0 and queue.tried_at is not None
    return _reached_by_machine(queue) and tried and (last is None or at - last >= SILENT_AFTER)


def _reached_by_machine(queue: QueueOfPartner) -> bool:
    return queue.state == PartnerState.ACTIVE and queue.binding in BY_MACHINE


WATCHED: Mapping[AlarmKind, Callable[[QueueOfPartner, datetime], bool]] = {
    AlarmKind.DEAD_LETTERS: _has_dead_letters,
    AlarmKind.QUEUE_STALLED: _is_stalled,
    AlarmKind.PARTNER_SILENT: _is_silent,
}


def watch(*, at: datetime) -> int:
    """Raise and close what is due; how many alarms stand."""
    standing = 0
    for queue in queue_health():
        for kind, holds in WATCHED.items():
            if holds(queue, at):
                facts = {"waiting": str(queue.waiting), "dead": str(queue.dead)}
                facts |= {"problem": queue.problem} if queue.problem else {}
                raise_alarm(kind, at=at, partner=queue.partner, facts=facts)
                standing += 1
            else:
                settle_alarm(kind, at=at, partner=queue.partner, reason=GONE)
    if disk_is_nearly_full():
        raise_alarm(AlarmKind.DISK_LOW, at=at)
        standing += 1
    else:
        settle_alarm(AlarmKind.DISK_LOW, at=at, reason=GONE)
    return standing
