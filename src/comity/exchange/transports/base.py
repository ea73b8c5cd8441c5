# SPDX-License-Identifier: Apache-2.0
"""What every machine binding does: the two protocols between `services` and the world.

The sending half is called by the dispatcher, the receiving half is what a binding's inbound door
calls. A binding knows how bytes travel and nothing of what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO, Protocol

from comity.exchange.outcome import Outcome


class Transport(Protocol):
    """The way to one partner."""

    def deliver(self, frames: Sequence[bytes]) -> Sequence[Outcome]:
        """Hand over sealed envelopes; one outcome for each, in order.

        Raises:
            PeerError: the partner could not be reached or answered nonsense. Nothing may be
                concluded from it: the same frames are handed over again.
        """

    def ask(self, message: str) -> Outcome:
        """What the partner knows of a message that was handed over before."""

    def send_part(self, message: str, number: int, from_segment: int, sealed: BinaryIO) -> Outcome:
        """Hand over a part's sealed segments from the given one on, read from `sealed`."""

    def tell(self, statements: Sequence[bytes]) -> Sequence[bool]:
        """Hand over signed evidences; for each, whether the partner has it durably."""


class Reception(Protocol):
    """Where a binding hands in what arrived. Implemented by `services`, in one transaction each.

    `partner` is the code of the partner as the binding authenticated it; the envelope's own
    signature must agree.
    """

    def receive(self, frames: Sequence[bytes], *, partner: str, at: datetime) -> Sequence[Outcome]:
        """Take sealed envelopes; one outcome for each, in order."""
        ...

    def take_part(
        self,
        message: str,
        number: int,
        from_segment: int,
        sealed: BinaryIO,
        *,
        partner: str,
        at: datetime,
    ) -> Outcome:
        """Take a part's sealed segments from the given one on, as far as they come."""
        ...

    def outcome_of(self, message: str, *, partner: str) -> Outcome:
        """What is known of a message that this partner handed over."""
        ...

    def hear(self, statements: Sequence[bytes], *, partner: str, at: datetime) -> Sequence[bool]:
        """Take evidences about what we sent; true once each is durably kept."""
        ...
