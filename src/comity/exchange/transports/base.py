# SPDX-License-Identifier: Apache-2.0
"""What every machine binding does: the protocols between `services` and the world.

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
        """Hand over a part's sealed segments from the given one on.

        `sealed` stands at the first byte of that segment, and can say how much is left: it has
        `tell` and `seek`.
        """

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
        """Take a part's sealed segments from the given one on, as far as they come.

        `sealed` stands at the first byte of that segment and can only be read; it ends early,
        within a segment too, where the connection broke. What came whole is kept. A segment that
        is not the next one wanted changes nothing: the outcome says which is.
        """
        ...

    def outcome_of(self, message: str, *, partner: str) -> Outcome:
        """What is known of a message that this partner handed over."""
        ...

    def hear(self, statements: Sequence[bytes], *, partner: str, at: datetime) -> Sequence[bool]:
        """Take evidences about what we sent; true once each is durably kept."""
        ...


class Outgoing(Protocol):
    """What waits here for a partner that fetches it, or gets it as files.

    Implemented by `services`. An envelope waits until an evidence settles it, an evidence until
    the partner confirms that it has it: what was taken may be lost on its way, and is given again.
    """

    def waiting(self, *, partner: str, at: datetime) -> Sequence[bytes]:
        """Sealed envelopes that are due for this partner, the oldest first, at most one batch.

        One that was given is due again after a while; so calls in a row give one after another.
        """
        ...

    def part(
        self, message: str, number: int, from_segment: int, *, partner: str
    ) -> BinaryIO | None:
        """A part's sealed segments, standing at the given one; None where none wait for it."""
        ...

    def statements(self, *, partner: str) -> Sequence[bytes]:
        """Signed evidences about what this partner sent, which it has not confirmed to have."""
        ...

    def confirmed(self, digests: Sequence[str], *, partner: str, at: datetime) -> None:
        """The partner has the evidences with these digests (SHA-256, hexadecimal) durably."""
        ...


class Nonces(Protocol):
    """The nonces of requests that were answered. Implemented by `services`, durably."""

    def use(self, key_id: str, nonce: str, *, until: datetime) -> bool:
        """Remember it until then; false where it is remembered already."""
        ...
