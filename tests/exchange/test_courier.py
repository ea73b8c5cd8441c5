# SPDX-License-Identifier: Apache-2.0
"""How sending to a partner proceeds, over an outbox and a partner in memory."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from comity.errors import PeerError
from comity.exchange.courier import HELD_ANEW_AFTER, Courier, Letter, Statement
from comity.exchange.outcome import Held, Outcome, Stated, Wanted, WantedPart

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class UnreachableError(PeerError):
    code = "peer-unreachable"
    message = "nobody is there"


@dataclass
class MemoryOutbox:
    """Letters and statements in lists; what was settled and what failed is kept."""

    batches: list[list[str]] = field(default_factory=list)
    to_tell: list[list[int]] = field(default_factory=list)
    wanting: list[str] = field(default_factory=list)
    part: bytes = b"segments"
    settled: list[tuple[str, Outcome]] = field(default_factory=list)
    was_told: list[tuple[int, bool]] = field(default_factory=list)
    failures: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    held: int = 0
    forward: int = 0
    free: bool = True

    def hold(self, *, at: datetime) -> bool:
        self.held += 1
        return self.free and not self.failures

    def letters(self, *, at: datetime) -> Sequence[Letter]:
        batch = self.batches.pop(0) if self.batches else []
        return [Letter(message, message.encode()) for message in batch]

    def unfinished(self, *, at: datetime) -> str:
        return self.wanting[0] if self.wanting else ""

    def settle(self, answers: Sequence[tuple[str, Outcome]], *, at: datetime) -> None:
        self.settled += answers
        done = {message for message, _ in answers}
        self.wanting = [message for message in self.wanting if message not in done]

    def open_part(self, message: str, number: int, from_segment: int) -> BinaryIO:
        return io.BytesIO(self.part)

    def statements(self, *, at: datetime) -> Sequence[Statement]:
        numbers = self.to_tell.pop(0) if self.to_tell else []
        return [Statement(number, str(number).encode()) for number in numbers]

    def told(self, told: Sequence[tuple[int, bool]], *, at: datetime) -> None:
        self.was_told += told

    def came_forward(self, *, at: datetime) -> None:
        self.hold(at=at)
        self.forward += 1

    def failed(self, error: PeerError, messages: Sequence[str], *, at: datetime) -> None:
        self.failures.append((error.code, tuple(messages)))


@dataclass
class MemoryPartner:
    """A partner that receipts everything, wants what it is told to want, or is not there."""

    wants: dict[str, list[Outcome]] = field(default_factory=dict)
    there: bool = True
    came: list[str] = field(default_factory=list)

    def deliver(self, frames: Sequence[bytes]) -> Sequence[Outcome]:
        self._must_be_there()
        self.came += [frame.decode() for frame in frames]
        return [self.ask(frame.decode()) for frame in frames]

    def ask(self, message: str) -> Outcome:
        self._must_be_there()
        left = self.wants.get(message)
        return left[0] if left else Stated(message, b"receipt")

    def send_part(self, message: str, number: int, from_segment: int, sealed: BinaryIO) -> Outcome:
        self._must_be_there()
        while sealed.read(1024 * 1024):
            pass
        self.wants[message] = self.wants[message][1:]
        return self.ask(message)

    def tell(self, statements: Sequence[bytes]) -> Sequence[bool]:
        self._must_be_there()
        return [int(statement) % 2 == 0 for statement in statements]

    def _must_be_there(self) -> None:
        if not self.there:
            raise UnreachableError


def courier(outbox: MemoryOutbox, partner: MemoryPartner, *, stopping: bool = False) -> Courier:
    return Courier(outbox, partner, lambda: NOW, lambda: stopping)


def wanted(message: str, *parts: tuple[int, int]) -> Wanted:
    return Wanted(message, tuple(WantedPart(number, segment) for number, segment in parts))


def test_batches_go_in_order_until_nothing_waits():
    outbox, partner = MemoryOutbox(batches=[["a", "b"], ["c"]]), MemoryPartner()

    assert not courier(outbox, partner).carry_letters()

    assert partner.came == ["a", "b", "c"]
    assert outbox.settled == [(m, Stated(m, b"receipt")) for m in "abc"]


def test_whoever_wants_parts_is_told_apart():
    outbox = MemoryOutbox(batches=[["a"]])
    partner = MemoryPartner(wants={"a": [wanted("a", (0, 0))]})

    assert courier(outbox, partner).carry_letters()


def test_what_a_partner_confirms_is_kept_and_what_it_refuses_too():
    outbox = MemoryOutbox(to_tell=[[1, 2]])

    courier(outbox, MemoryPartner()).carry_letters()

    assert outbox.was_told == [(1, False), (2, True)]


def test_a_partner_that_is_not_there_puts_the_batch_off_and_nothing_more_is_tried():
    outbox, partner = MemoryOutbox(batches=[["a", "b"], ["c"]]), MemoryPartner(there=False)

    courier(outbox, partner).carry_letters()

    assert outbox.failures == [("peer-unreachable", ("a", "b"))]
    assert outbox.settled == []
    assert outbox.batches == [["c"]]


def test_nobody_sends_without_holding_the_way_or_while_ending():
    for outbox, stopping in (
        (MemoryOutbox([["a"]], free=False), False),
        (MemoryOutbox([["a"]]), True),
    ):
        partner = MemoryPartner()

        courier(outbox, partner, stopping=stopping).carry_letters()

        assert partner.came == []


def test_parts_are_sent_as_they_are_asked_for_and_the_last_answer_settles():
    steps: list[Outcome] = [
        wanted("a", (0, 0), (1, 0)),
        wanted("a", (0, 2), (1, 0)),
        wanted("a", (1, 0)),
    ]
    outbox, partner = MemoryOutbox(wanting=["a"]), MemoryPartner(wants={"a": steps})

    courier(outbox, partner).carry_parts()

    assert outbox.settled == [("a", Stated("a", b"receipt"))]


def test_a_part_of_which_nothing_comes_through_is_put_off():
    stuck = wanted("a", (0, 1))
    outbox, partner = MemoryOutbox(wanting=["a"]), MemoryPartner(wants={"a": [stuck, stuck]})

    courier(outbox, partner).carry_parts()

    assert outbox.settled == [("a", stuck)]


def test_a_partner_that_asks_for_the_same_in_turns_does_not_keep_us():
    first, second = (Wanted("a", (WantedPart(0, k),)) for k in (0, 5))
    partner = MemoryPartner(wants={"a": [first, second, first, second, first]})
    outbox = MemoryOutbox(wanting=["a"])

    courier(outbox, partner).carry_parts()

    assert outbox.settled == [("a", first)]
    assert partner.wants["a"] == [first, second, first]


def test_a_partner_that_asks_for_a_part_that_is_none_is_put_off():
    class Strict(MemoryOutbox):
        def open_part(self, message: str, number: int, from_segment: int) -> BinaryIO | None:
            return None if number else super().open_part(message, number, from_segment)

    wanted = Wanted("a", (WantedPart(999, 0),))
    outbox = Strict(wanting=["a"])

    courier(outbox, MemoryPartner(wants={"a": [wanted]})).carry_parts()

    assert outbox.settled == [("a", wanted)]


def test_a_partner_that_holds_a_part_off_is_heard():
    held = Held("a", "disk-low", 300)
    outbox = MemoryOutbox(wanting=["a"])
    partner = MemoryPartner(wants={"a": [wanted("a", (0, 0)), held]})

    courier(outbox, partner).carry_parts()

    assert outbox.settled == [("a", held)]


def test_a_long_part_holds_on_to_the_way():
    outbox = MemoryOutbox(wanting=["a"], part=bytes(3 * HELD_ANEW_AFTER))
    partner = MemoryPartner(wants={"a": [wanted("a", (0, 0))]})

    courier(outbox, partner).carry_parts()

    assert outbox.held >= 1 + 3


def test_a_long_part_that_comes_forward_says_so_and_a_short_one_does_not():
    for size, forward in ((HELD_ANEW_AFTER - 1, 0), (2 * HELD_ANEW_AFTER, 2)):
        outbox = MemoryOutbox(wanting=["a"], part=bytes(size))
        partner = MemoryPartner(wants={"a": [wanted("a", (0, 0))]})

        courier(outbox, partner).carry_parts()

        assert outbox.forward == forward
