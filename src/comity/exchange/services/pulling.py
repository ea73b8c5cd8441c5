# SPDX-License-Identifier: Apache-2.0
"""What waits here for partners that fetch it, because nobody can connect to them.

A message waits until an evidence settles it, an evidence until its digest is confirmed: what was
lost on its way is simply fetched again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from comity.exchange import models
from comity.exchange.message_state import Direction
from comity.exchange.partner import Binding
from comity.exchange.queries.outbox import WAITING
from comity.exchange.services.sending import MOST_STATEMENTS, LedgerOutbox
from comity.exchange.transports.base import Reception
from comity.storage.services import store


@dataclass(frozen=True, slots=True)
class LedgerOutgoing:
    """The ledger as partners fetch from it."""

    reception: Reception
    draw: Callable[[], float]

    def waiting(self, *, partner: str, at: datetime) -> Sequence[bytes]:
        """Sealed envelopes for this partner, the oldest first, at most one batch."""
        if not _fetches(partner):
            return ()
        models.Way.objects.filter(partner__code=partner).update(tried_at=at, reached_at=at)
        outbox = LedgerOutbox(partner, "", self.reception, self.draw)
        return [letter.frame for letter in outbox.letters(at=at)]

    def part(
        self, message: str, number: int, from_segment: int, *, partner: str
    ) -> BinaryIO | None:
        """A part's sealed segments, standing at the given one; None where none wait for it."""
        part = models.Part.objects.filter(
            message__partner__code=partner,
            message__direction=Direction.OUT,
            message__identifier=message,
            message__state__in=WAITING,
            number=number,
        ).first()
        if part is None or not _fetches(partner):
            return None
        return store().sealed(part.blob, from_segment)

    def statements(self, *, partner: str) -> Sequence[bytes]:
        """Signed evidences about what this partner sent, which it has not confirmed to have."""
        rows = models.Evidence.objects.filter(message__partner__code=partner, to_tell=True)
        documents = rows.order_by("pk").values_list("document", flat=True)
        return [bytes(document) for document in documents[:MOST_STATEMENTS]]

    def confirmed(self, digests: Sequence[str], *, partner: str, at: datetime) -> None:
        """The partner has the evidences with these digests durably."""
        rows = models.Evidence.objects.filter(message__partner__code=partner, to_tell=True)
        rows.filter(digest__in=list(digests)).update(to_tell=False, told_at=at)


def _fetches(partner: str) -> bool:
    return models.Partner.objects.filter(code=partner, binding=Binding.PULL).exists()
