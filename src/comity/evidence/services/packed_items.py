# SPDX-License-Identifier: Apache-2.0
"""What recording a package needs: its number, its items held and still there, who is given it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Max

from comity.agreements.question import Recipient
from comity.evidence import models
from comity.evidence.item import ItemState
from comity.evidence.lifetime import DISCLOSED_AS, DisclosedTo
from comity.evidence.packing_order import ItemsGoneError
from comity.evidence.services.rows import _locked_items
from comity.evidence.way_out import IntendedRecipient

LETTERS = "PKG"


def hold_items(references: Sequence[str], package: str, *, at: datetime) -> datetime:
    """Lock the items until the act is done; `at`, or when the last act of custody was recorded.

    A package is begun minutes before it is recorded: what was done with its items meanwhile comes
    first in their custody.

    Raises:
        ItemsGoneError: some were destroyed since the door let them out.
    """
    rows = _locked_items(references)
    gone = sum(row.state == ItemState.DESTROYED for row in rows)
    if gone:
        raise ItemsGoneError(order=package, count=gone)
    events = models.CustodyEvent.objects.filter(item__in=rows)
    last: datetime | None = events.aggregate(last=Max("recorded_at"))["last"]
    return max(at, last) if last else at


def next_reference() -> tuple[int, str]:
    """The number of the next package and its reference; one that is not made leaves a gap."""
    with connection.cursor() as cursor:
        table = models.Package._meta.db_table
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        number = int(cursor.fetchone()[0])
    return number, f"{LETTERS}-{number:05d}"


def given_to(recipient: IntendedRecipient | None) -> tuple[DisclosedTo, str]:
    """As what and under which name a bundle's recipient stands in the register of disclosures."""
    if recipient is None or recipient.recipient is None:
        return DisclosedTo.COURT, ""
    named = recipient.recipient is Recipient.OTHER_AUTHORITY
    return DISCLOSED_AS[recipient.recipient], recipient.code if named else ""
