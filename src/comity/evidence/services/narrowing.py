# SPDX-License-Identifier: Apache-2.0
"""Laying a stricter marking on what came by a channel; what was laid on it first stays laid on it.

A channel can also be withdrawn: the same item may still be used as it came from somebody else, for
each use picks a channel by which it is lawful.
"""

from __future__ import annotations

from datetime import datetime

from comity.evidence import models
from comity.evidence.queries.keys import RESTRICTIONS, item_key
from comity.evidence.services.keeping import seal_words
from comity.handling.marking import Marking, open_document
from comity.journal.entry import Actor


def _narrow_channels(
    item: models.Item, supplier: str, marking: Marking, *, source: str, at: datetime
) -> int:
    """Lay a marking on every channel by which this supplier gave the item; how many there are."""
    channels = item.channels.filter(supplier=supplier)
    words = sorted(marking.restrictions)
    sealed = seal_words(item_key(item.reference), words, RESTRICTIONS) if words else b""
    columns = {"marking": open_document(marking), "sealed": sealed, "at": at}
    for channel in channels:
        models.Narrowing.objects.get_or_create(channel=channel, source=source, defaults=columns)
    return len(channels)


def _withdraw_channels(
    item: models.Item, supplier: str, *, source: str, by: Actor, at: datetime
) -> int:
    """Let nothing rest any more on what came from this supplier; how many channels that closes."""
    channels = item.channels.filter(supplier=supplier, withdrawal__isnull=True)
    for channel in channels:
        models.WithdrawnChannel.objects.create(
            channel=channel, source=source, on=at.date(), withdrawn_by=by.reference, at=at
        )
    return len(channels)
