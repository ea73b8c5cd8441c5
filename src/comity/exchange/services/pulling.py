# SPDX-License-Identifier: Apache-2.0
"""What waits here for partners that fetch it, and for those that get it as files.

A message waits until an evidence settles it, an evidence until its digest is confirmed: what was
lost on its way is given again after a while.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction

from comity.exchange import models
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding, PartnerState
from comity.exchange.queries.outbox import WAITING
from comity.exchange.services.sending import MOST_STATEMENTS, LedgerOutbox, letters_that_left
from comity.exchange.transports.base import Reception
from comity.sealing.segments import segments_of
from comity.storage.services import store

GIVEN_AGAIN = timedelta(minutes=2)
"""After so long, what was given and not settled was lost on its way."""


@dataclass(frozen=True, slots=True)
class LedgerOutgoing:
    """The ledger as partners fetch from it."""

    reception: Reception
    draw: Callable[[], float]

    def waiting(self, *, partner: str, at: datetime) -> Sequence[bytes]:
        """Sealed envelopes for this partner, the oldest first, at most one batch.

        What was given is due again after a while, so calls in a row give one after another.
        """
        if not _fetches(partner):
            return ()
        models.Way.objects.filter(partner__code=partner).update(tried_at=at, reached_at=at)
        letters = LedgerOutbox(partner, "", self.reception, self.draw).letters(at=at)
        models.Message.objects.filter(
            partner__code=partner,
            direction=Direction.OUT,
            identifier__in=[letter.message for letter in letters],
        ).update(next_try_at=at + GIVEN_AGAIN)
        return [letter.frame for letter in letters]

    def part(
        self, message: str, number: int, from_segment: int, *, partner: str
    ) -> BinaryIO | None:
        """A part's sealed segments, standing at the given one; None where none wait for it."""
        part = models.Part.objects.filter(
            message__partner__code=partner,
            message__direction=Direction.OUT,
            message__identifier=message,
            message__state__in=(*WAITING, MessageState.DISPATCHED),
            number=number,
        ).first()
        if part is None or from_segment >= segments_of(part.size) or not _fetches(partner):
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


@dataclass(slots=True)
class ForAStick:
    """The ledger as it is written onto a stick: also what lies elsewhere and has no receipt."""

    ledger: LedgerOutgoing
    written_up_to: int = 0

    def waiting(self, *, partner: str, at: datetime) -> Sequence[bytes]:
        """What waits, and then what left as files before, batch by batch."""
        if due := self.ledger.waiting(partner=partner, at=at):
            return due
        self.written_up_to, letters = letters_that_left(partner, after=self.written_up_to, at=at)
        return [letter.frame for letter in letters]

    def part(
        self, message: str, number: int, from_segment: int, *, partner: str
    ) -> BinaryIO | None:
        """A part's sealed segments."""
        return self.ledger.part(message, number, from_segment, partner=partner)

    def statements(self, *, partner: str) -> Sequence[bytes]:
        """Evidences that the partner has not confirmed."""
        return self.ledger.statements(partner=partner)

    def confirmed(self, digests: Sequence[str], *, partner: str, at: datetime) -> None:
        """The partner has these."""
        self.ledger.confirmed(digests, partner=partner, at=at)


def _fetches(partner: str) -> bool:
    rows = models.Partner.objects.filter(code=partner, state=PartnerState.ACTIVE)
    return rows.filter(binding__in=(Binding.PULL, Binding.FOLDER)).exists()


@transaction.atomic
def note_written(partner: str, messages: Sequence[str], *, at: datetime) -> None:
    """These lie in the partner's folder as files now: they left, and nothing has come back."""
    rows = models.Message.objects.filter(
        partner__code=partner,
        direction=Direction.OUT,
        identifier__in=list(messages),
        state=MessageState.QUEUED,
    )
    rows.update(state=MessageState.DISPATCHED, next_try_at=None, problem="")
    models.Way.objects.filter(partner__code=partner).update(
        failures=0, problem="", not_before=None, reached_at=at
    )
