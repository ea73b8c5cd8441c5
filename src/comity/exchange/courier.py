# SPDX-License-Identifier: Apache-2.0
"""The procedure of sending to one partner, over an outbox and a transport that are given.

Plain: no table, no clock, no thread. Two rounds may run beside one another under one lease:
letters (envelopes and evidences, in batches) and parts, so that a large file never stands in
front of a short message. Whatever ends a round, the next one begins with what the outbox says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol, cast

from comity.errors import PeerError
from comity.exchange.fault_points import Point, reach
from comity.exchange.outcome import Outcome, Wanted
from comity.exchange.transports.base import Transport

HELD_ANEW_AFTER = 32 * 1024 * 1024
"""Bytes of a part after which the way is held for longer; slow ways take minutes for more. So much
lies in no buffer on the way: some of it has come through."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One envelope that is due, sealed for the partner's key of now."""

    message: str
    """Id of the envelope."""
    frame: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """One evidence of ours that the partner has not confirmed."""

    number: int
    """Of its row; it means nothing outside."""
    document: bytes


class Outbox(Protocol):
    """What waits for one partner, and what becomes of it. Each call is one transaction."""

    def hold(self, *, at: datetime) -> bool:
        """Hold the way from now on; false where somebody else does, or nothing may go."""
        ...

    def letters(self, *, at: datetime) -> Sequence[Letter]:
        """The next batch, in the order in which they were accepted."""
        ...

    def unfinished(self, *, at: datetime) -> str:
        """Id of the next message of which the partner wants parts; empty where there is none."""
        ...

    def settle(self, answers: Sequence[tuple[str, Outcome]], *, at: datetime) -> None:
        """Keep what the partner answered to each message."""
        ...

    def open_part(self, message: str, number: int, from_segment: int) -> BinaryIO | None:
        """A part's sealed segments from the given one on; None where there is no such segment."""
        ...

    def statements(self, *, at: datetime) -> Sequence[Statement]:
        """The next evidences to tell."""
        ...

    def told(self, told: Sequence[tuple[int, bool]], *, at: datetime) -> None:
        """Keep which evidences the partner has, and which it did not take."""
        ...

    def came_forward(self, *, at: datetime) -> None:
        """Some of a part came through: hold the way for longer, and forget earlier failures."""
        ...

    def failed(self, error: PeerError, messages: Sequence[str], *, at: datetime) -> None:
        """The partner could not be reached, or answered nonsense, about these messages."""
        ...


@dataclass(frozen=True, slots=True)
class Courier:
    """Who carries to one partner."""

    outbox: Outbox
    transport: Transport
    now: Callable[[], datetime]
    stopping: Callable[[], bool]

    def carry_letters(self) -> bool:
        """Tell and hand over until nothing is due, the way fails, or the worker ends.

        Whether the partner wants parts of something that was handed over.
        """
        wanted = False
        while self._may_go_on():
            told = self._tell()
            answers = self._hand_over()
            wanted |= any(isinstance(answer, Wanted) for answer in answers)
            if not (told or answers):
                break
        return wanted

    def carry_parts(self) -> None:
        """Send the parts that are asked for until none is."""
        while self._may_go_on():
            message = self.outbox.unfinished(at=self.now())
            if not message:
                return
            try:
                self._send_parts(message)
            except PeerError as error:
                self.outbox.failed(error, [message], at=self.now())

    def _may_go_on(self) -> bool:
        if self.stopping() or not self.outbox.hold(at=self.now()):
            return False
        reach(Point.LEASED)
        return True

    def _hand_over(self) -> Sequence[Outcome]:
        letters = self.outbox.letters(at=self.now())
        if not letters:
            return ()
        reach(Point.SEALED)
        messages = [letter.message for letter in letters]
        try:
            outcomes = self.transport.deliver([letter.frame for letter in letters])
        except PeerError as error:
            self.outbox.failed(error, messages, at=self.now())
            return ()
        reach(Point.DELIVERED)
        self.outbox.settle(list(zip(messages, outcomes, strict=True)), at=self.now())
        reach(Point.SETTLED)
        return outcomes

    def _tell(self) -> bool:
        statements = self.outbox.statements(at=self.now())
        if not statements:
            return False
        reach(Point.TELLING)
        try:
            taken = self.transport.tell([statement.document for statement in statements])
        except PeerError as error:
            self.outbox.failed(error, [], at=self.now())
            return False
        reach(Point.TOLD)
        numbers = [statement.number for statement in statements]
        self.outbox.told(list(zip(numbers, taken, strict=True)), at=self.now())
        reach(Point.TOLD_SETTLED)
        return True

    def _send_parts(self, message: str) -> None:
        """Ask what is missing, send that, and keep the last answer.

        The partner alone knows what it has durably; after a cut it is asked again, so that at
        most the segment that was on its way is sent twice.
        """
        outcome = self.transport.ask(message)
        while isinstance(outcome, Wanted) and outcome.parts and not self.stopping():
            wanted = outcome.parts[0]
            reach(Point.PART_ASKED)
            opened = self.outbox.open_part(message, wanted.number, wanted.from_segment)
            if opened is None:
                break  # the partner asks for what no message of ours has
            with opened as sealed:
                held = cast("BinaryIO", _HeldOnTo(sealed, self._come_forward))
                answer = self.transport.send_part(message, wanted.number, wanted.from_segment, held)
            reach(Point.PART_SENT)
            if not _came_forward(outcome, answer):
                outcome = answer
                break  # nothing came through; the outbox puts it off
            outcome = answer
            self._hold()
        else:
            if isinstance(outcome, Wanted):
                return  # the worker ends; what is missing is asked for again
        self.outbox.settle([(message, outcome)], at=self.now())
        reach(Point.SETTLED)

    def _hold(self) -> None:
        self.outbox.hold(at=self.now())

    def _come_forward(self) -> None:
        self.outbox.came_forward(at=self.now())


def _came_forward(before: Wanted, after: Outcome) -> bool:
    """Whether less is wanted: who asks for the same again and again would keep us for ever."""
    if not isinstance(after, Wanted) or len(after.parts) < len(before.parts):
        return True
    first, then = before.parts[0], after.parts[:1]
    further = [each for each in then if each.number == first.number]
    return len(after.parts) == len(before.parts) and any(
        each.from_segment > first.from_segment for each in further
    )


class _HeldOnTo:
    """A part's segments; while they are read, the way is held on to, however long it takes."""

    def __init__(self, sealed: BinaryIO, hold: Callable[[], None]) -> None:
        self._sealed, self._hold, self._passed = sealed, hold, 0

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        piece = self._sealed.read(size)
        self._passed += len(piece)
        if self._passed >= HELD_ANEW_AFTER:
            self._passed = 0
            self._hold()
        return piece

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """To a place in the file."""
        return self._sealed.seek(offset, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._sealed.tell()
