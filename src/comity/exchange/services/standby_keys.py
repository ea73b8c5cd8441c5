# SPDX-License-Identifier: Apache-2.0
"""A successor of each signing key, on our card long before it is needed.

Partners know it already when the present key has to be taken back from one moment to the next,
and can tell what the successor signs from what a stranger does.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comity.exchange.key_schedule import (
    OVERLAP,
    PRE_ANNOUNCED,
    OwnKey,
    active_key,
    successor,
    times_of,
)
from comity.exchange.partner import KeyUse
from comity.exchange.services import own_keys
from comity.exchange.services.alarms import EXCHANGE

STANDING_BY = (KeyUse.IDENTITY, KeyUse.ENVELOPE, KeyUse.TLS)
"""Uses of which a successor is always on the card; what partners seal for they choose anew."""


@transaction.atomic
def keep_standbys(*, at: datetime) -> tuple[OwnKey, ...]:
    """Make the successors that are missing, to take over when the present keys near their end."""
    own_keys.lock_rows()
    keys = own_keys.own_keys()
    lacking = [use for use in STANDING_BY if successor(keys, use, at=at) is None]
    return tuple(_stand_by(use, active_key(keys, use, at=at), at=at) for use in lacking)


def _stand_by(use: KeyUse, present: OwnKey, *, at: datetime) -> OwnKey:
    planned = max(present.valid_until - OVERLAP[use], at + PRE_ANNOUNCED[use])
    times = times_of(use, active_from=planned, at=at)
    return own_keys.make_key(
        use, at=at, valid_from=times.valid_from, active_from=times.active_from, by=EXCHANGE
    )
