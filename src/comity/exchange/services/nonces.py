# SPDX-License-Identifier: Apache-2.0
"""The nonces of requests that were answered: each is used once, by whichever process meets it.

What the request brings is committed after its nonce, and that commit waits for the disk; so the
nonce does not wait for it as well.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from comity.exchange import models

_USE = """
    INSERT INTO exchange_nonce (key_id, nonce, expires_at) VALUES (%s, %s, %s)
    ON CONFLICT DO NOTHING
"""


class LedgerNonces:
    """The replay store of this node."""

    def use(self, key_id: str, nonce: str, *, until: datetime) -> bool:
        """Remember it until then; false where it is remembered already."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
            cursor.execute(_USE, [key_id, nonce, until])
            return bool(cursor.rowcount == 1)


def sweep_nonces(*, at: datetime) -> int:
    """Forget the nonces whose signatures are too old to be accepted anyway; how many."""
    return models.Nonce.objects.filter(expires_at__lt=at).delete()[0]
