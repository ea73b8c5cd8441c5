# SPDX-License-Identifier: Apache-2.0
"""One worker at a time sends to a partner: it holds the way for a while, and lets it expire.

A worker that dies loses nothing but the rest of its time; the next one begins again with what
the ledger says. A lease keeps the same messages from travelling twice at once. That nothing is
doubled does not rest on it: a recipient takes the same message once however often it comes.
"""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Exists, Q

from comity.exchange import models
from comity.exchange.partner import PartnerState

LEASE = timedelta(seconds=60)
PROC = Path("/proc")


def holder_name() -> str:
    """A name for this process that no other has had: machine, process, and a draw."""
    return f"{_machine()}/{os.getpid()}/{secrets.token_hex(4)}"


def _machine() -> str:
    return socket.gethostname()[:24]


def lease(partner: str, *, holder: str, at: datetime) -> bool:
    """Hold the way to this partner from now on, if nobody else does and nothing forbids it."""
    free = Q(leased_until=None) | Q(leased_until__lte=at) | Q(leased_by=holder)
    due = Q(not_before=None) | Q(not_before__lte=at)
    standing_still = models.Maintenance.objects.filter(ended_at=None)
    ways = models.Way.objects.filter(
        free,
        due,
        ~Exists(standing_still),
        partner__code=partner,
        partner__state=PartnerState.ACTIVE,
    )
    return bool(ways.update(leased_by=holder, leased_until=at + LEASE, tried_at=at))


def renew(partner: str, *, holder: str, at: datetime) -> bool:
    """Hold it longer; false where it was lost in the meantime."""
    ways = models.Way.objects.filter(partner__code=partner, leased_by=holder)
    return bool(ways.update(leased_until=at + LEASE))


def release(partner: str, *, holder: str) -> None:
    """Let others hold it at once."""
    ways = models.Way.objects.filter(partner__code=partner, leased_by=holder)
    ways.update(leased_by="", leased_until=None)


def take_over(*, holder: str) -> int:
    """Free the ways of workers of this machine that are no more; how many.

    A worker that was killed released nothing. Its successor need not wait until the lease runs
    out: it can see that nobody holds it.
    """
    leased = models.Way.objects.exclude(leased_by="").values_list("leased_by", flat=True)
    gone = [name for name in set(leased) if name != holder and _is_gone(name)]
    ways = models.Way.objects.filter(leased_by__in=gone)
    return ways.update(leased_by="", leased_until=None)


def _is_gone(holder: str) -> bool:
    machine, _, rest = holder.partition("/")
    pid = rest.partition("/")[0]
    ours = machine == _machine() and pid.isdigit()
    return ours and (int(pid) == os.getpid() or not (PROC / pid).exists())


def release_all(holder: str) -> None:
    """Let others hold every way that this worker held: it ends."""
    models.Way.objects.filter(leased_by=holder).update(leased_by="", leased_until=None)
