# SPDX-License-Identifier: Apache-2.0
"""The binding that goes nowhere: what is handed over arrives at a `Reception` of this process.

For tests, for practice and for `comity conform`. It promises what every binding does, so whatever
works over it works over the others as far as bytes go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from comity.exchange.outcome import Outcome
from comity.exchange.transports.base import Reception


@dataclass(frozen=True, slots=True)
class Loopback:
    """The `Transport` to a partner that is here."""

    reception: Reception
    sender: str
    """The administration as which everything is handed in."""
    clock: Callable[[], datetime]

    def deliver(self, frames: Sequence[bytes]) -> Sequence[Outcome]:
        """Hand over sealed envelopes."""
        return self.reception.receive(frames, partner=self.sender, at=self.clock())

    def ask(self, message: str) -> Outcome:
        """What is known of a message."""
        return self.reception.outcome_of(message, partner=self.sender)

    def send_part(self, message: str, number: int, from_segment: int, sealed: BinaryIO) -> Outcome:
        """Hand over a part's sealed segments from the given one on."""
        return self.reception.take_part(
            message, number, from_segment, sealed, partner=self.sender, at=self.clock()
        )

    def tell(self, statements: Sequence[bytes]) -> Sequence[bool]:
        """Hand over signed evidences."""
        return self.reception.hear(statements, partner=self.sender, at=self.clock())
