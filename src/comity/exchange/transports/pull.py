# SPDX-License-Identifier: Apache-2.0
"""The binding of a node that takes no connections: it fetches what its partner has for it.

One round fetches evidences and confirms them, then envelopes, then the parts they want, and hands
back the evidences that settle them. Everything arrives at the same `Reception` as if it had been
handed over; what we send ourselves goes out over `https`, for the partner takes connections.
Whatever breaks, the next round begins with what the two nodes durably know.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, cast

from comity.errors import InvalidInputError, PeerError
from comity.exchange.fault_points import Point, reach
from comity.exchange.outcome import Outcome, Stated, Wanted
from comity.exchange.transports.base import Reception
from comity.exchange.transports.framing import read_frames
from comity.exchange.transports.https import (
    AnswerUnreadableError,
    RefusedByPartnerError,
    SignedPeer,
)
from comity.exchange.transports.media_types import FRAMES, JSON

MOST_STATEMENTS = 1000
LARGEST_PART = 1024**4


@dataclass(slots=True)
class Fetched:
    """What one round brought."""

    envelopes: int = 0
    parts: int = 0
    """Streams of segments that brought something."""
    stated: int = 0
    """Evidences of ours that the partner has now."""
    statements: int = 0
    """Evidences of the partner's that we have now."""


@dataclass(frozen=True, slots=True)
class Pull:
    """Fetches from one partner."""

    node: SignedPeer
    reception: Reception
    partner: str
    """The partner that is asked."""
    clock: Callable[[], datetime]

    def fetch(self) -> Fetched:
        """One round, until the partner has nothing more that is new to it.

        Raises:
            PeerError: the partner could not be reached or answered nonsense; what came before is
                durably kept, and the next round goes on from there.
        """
        fetched = Fetched()
        self._fetch_statements(fetched)
        seen: set[str] = set()
        while outcomes := self._fetch_envelopes(fetched):
            if {outcome.message for outcome in outcomes} <= seen:
                break  # the partner begins anew: everything was there
            seen |= {outcome.message for outcome in outcomes}
            self._state([self._whole(outcome, fetched) for outcome in outcomes], fetched)
        return fetched

    def _fetch_statements(self, fetched: Fetched) -> None:
        texts = self.node.ask("GET", "statements").json(self.node.host)
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise self._unreadable("it is no list of evidences")
        statements = [text.encode() for text in texts[:MOST_STATEMENTS]]
        if not statements:
            return
        heard = self.reception.hear(statements, partner=self.partner, at=self.clock())
        kept = [s for s, known in zip(statements, heard, strict=True) if known]
        digests = [hashlib.sha256(statement).hexdigest() for statement in kept]
        if digests:
            self.node.ask("POST", "statements/confirmed", json.dumps(digests).encode(), JSON)
        fetched.statements += len(digests)

    def _fetch_envelopes(self, fetched: Fetched) -> Sequence[Outcome]:
        answer = self.node.ask("GET", "waiting")
        if answer.content_type != FRAMES:
            raise self._unreadable("it carries no envelopes")
        try:
            frames = read_frames(answer.content)
        except InvalidInputError as error:
            raise self._unreadable(error.code) from error
        if not frames:
            return []
        fetched.envelopes += len(frames)
        reach(Point.FETCHED)
        return self.reception.receive(frames, partner=self.partner, at=self.clock())

    def _whole(self, outcome: Outcome, fetched: Fetched) -> Outcome:
        """The outcome once every part that is wanted, and can be had, was fetched."""
        while isinstance(outcome, Wanted):
            part = outcome.parts[0]
            try:
                answer = self._fetch_part(outcome.message, part.number, part.from_segment)
            except RefusedByPartnerError:  # taken back, or settled meanwhile: the others go on
                return outcome
            if answer == outcome:
                return outcome
            fetched.parts += 1
            outcome = answer
        return outcome

    def _fetch_part(self, message: str, number: int, from_segment: int) -> Outcome:
        path = f"messages/{message}/parts/{number}?from={from_segment}"
        with self.node.fetch(path, LARGEST_PART) as pieces:
            sealed = _Coming(pieces)
            outcome = self.reception.take_part(
                message,
                number,
                from_segment,
                cast("BinaryIO", sealed),
                partner=self.partner,
                at=self.clock(),
            )
        if sealed.broken is not None:
            raise sealed.broken  # what came whole is kept
        return outcome

    def _state(self, outcomes: Sequence[Outcome], fetched: Fetched) -> None:
        evidences = [each.evidence.decode() for each in outcomes if isinstance(each, Stated)]
        if not evidences:
            return
        body = json.dumps(evidences).encode()
        heard = self.node.ask("POST", "evidences", body, JSON).json(self.node.host)
        if not isinstance(heard, list) or len(heard) != len(evidences):
            raise self._unreadable("it does not say what became of each evidence")
        fetched.stated += sum(each is True for each in heard)

    def _unreadable(self, obstacle: str) -> AnswerUnreadableError:
        return AnswerUnreadableError(host=self.node.host, obstacle=obstacle)


class _Coming(io.RawIOBase):
    """An answer's pieces as a stream that ends where the connection broke."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self.broken: PeerError | None = None
        self._pieces = pieces
        self._held = bytearray()

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next `size` bytes; fewer only at the end."""
        wanted = LARGEST_PART if size is None or size < 0 else size
        while len(self._held) < wanted and (piece := self._next()):
            self._held += piece
        taken = bytes(memoryview(self._held)[:wanted])
        del self._held[: len(taken)]
        return taken

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer as far as the answer goes. any: every kind of buffer."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def _next(self) -> bytes:
        if self.broken is not None:
            return b""
        try:
            return next(self._pieces, b"")
        except PeerError as error:
            self.broken = error
            return b""
