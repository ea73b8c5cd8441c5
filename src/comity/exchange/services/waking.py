# SPDX-License-Identifier: Apache-2.0
"""Wakes the dispatcher: there is something to send, or to tell, to a partner.

The call is part of the caller's transaction: rolled back, nobody is woken. A dispatcher that
missed it (it was not running) finds the work at its slow timer.
"""

from __future__ import annotations

from django.db import connection

CHANNEL = "comity_exchange"
EVERYBODY = ""


def wake(partner: str = EVERYBODY) -> None:
    """Let the dispatcher look at this partner's way once the transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, partner])
