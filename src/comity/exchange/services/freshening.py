# SPDX-License-Identifier: Apache-2.0
"""A fresh checkpoint of our journal where messages go, so that a fork of it shows soon.

The task every ten minutes is for quiet times. Here one is made where a batch leaves or is
answered, the newest is older than a minute, and the journal has grown: beside the message's
transaction and never in it, by one process at a time. What fails here stops no message.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from time import monotonic

from django.db import DatabaseError, connection, transaction

from comity.errors import ComityError
from comity.journal import queries as journal
from comity.journal.services import checkpoint

logger = logging.getLogger(__name__)
FRESH = timedelta(minutes=1)
LOCK = "a fresh checkpoint for partners"


class Freshness:
    """When this process looks again whether the newest checkpoint is fresh."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def is_due(self) -> bool:
        """True at most once in the time that a checkpoint is fresh; costs no query."""
        with self._lock:
            if monotonic() < self._next:
                return False
            self._next = monotonic() + FRESH.total_seconds()
            return True


_freshness = Freshness()


def keep_checkpoint_fresh(*, at: datetime) -> None:
    """Sign what the journal has come to, where the newest checkpoint is old; else do nothing."""
    if connection.in_atomic_block or not _freshness.is_due():
        return
    try:
        make_fresh(at=at)
    except (ComityError, DatabaseError, OSError) as error:
        logger.warning("no fresh checkpoint was made: %s", getattr(error, "code", type(error)))


@transaction.atomic
def make_fresh(*, at: datetime) -> bool:
    """Whether a checkpoint was made; where another worker is at it, none is made here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [LOCK])
        (ours,) = cursor.fetchone()
    latest = journal.latest_checkpoint()
    if not ours or (latest is not None and at - latest.made_at < FRESH):
        return False
    made = checkpoint(at=at)
    return made is not None and (latest is None or made.size > latest.size)
