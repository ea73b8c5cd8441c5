# SPDX-License-Identifier: Apache-2.0
"""What every machine binding must do, whatever carries the bytes: one suite, run by each of them.

A binding's test module gives a `way` and inherits `Conformance`. Differences are declared, never
left out silently: `Way.answers` says whether the recipient can be asked at once.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from comity.errors import PeerError
from comity.exchange.evidence import EvidenceKind
from comity.exchange.outcome import Held, Unknown
from comity.sealing.segments import SEALED_SEGMENT_LENGTH, sealed_size
from tests.support.memory_node import MemoryNode

MEBIBYTE = 1024 * 1024
MOST_ROUNDS = 40


class Way:
    """Two nodes and what lies between them."""

    answers = True
    """Whether the sender can ask the recipient at once."""

    def __init__(self, sender: MemoryNode, recipient: MemoryNode) -> None:
        self.sender, self.recipient = sender, recipient

    def carry(self) -> None:
        """One round in both directions; raises `PeerError` where it broke."""
        raise NotImplementedError

    def cut_next_part(self, after: int) -> None:
        """Let the next part break off after so many bytes."""
        raise NotImplementedError

    def lose_next_answer(self) -> None:
        """Let the recipient take what comes next, and the sender not learn of it."""
        raise NotImplementedError

    def carry_again(self, message: str) -> None:
        """Hand over a message that was handed over before, as a sender does that forgot."""
        self.sender.forgotten.add(message)
        self.carry()
        self.sender.forgotten.remove(message)

    def ask(self, message: str) -> object:
        """What the recipient knows, as the sender is told."""
        raise NotImplementedError

    # What all share

    def carry_until(self, done: Callable[[], bool]) -> int:
        """Rounds until then, whatever breaks; how many broke."""
        broken = 0
        for _ in range(MOST_ROUNDS):
            try:
                self.carry()
            except PeerError:
                broken += 1
                self.recipient.wait_until_quiet()
            if done():
                return broken
        raise AssertionError(f"not done after {MOST_ROUNDS} rounds, {broken} of them broken")

    def carry_all(self) -> int:
        """Rounds until every message is settled."""
        return self.carry_until(lambda: not self.sender.due())

    def require_equal(self) -> None:
        """Nothing lost, nothing doubled, nothing invented: both sides say the same."""
        assert set(self.sender.outbox) == set(self.recipient.inbox)
        for message, posted in self.sender.outbox.items():
            arrival = self.recipient.inbox[message]
            assert arrival.envelope.digest == posted.envelope.digest
            assert posted.receipt == arrival.stated
            assert posted.settled is not None
            expected = 1 if posted.settled.kind is EvidenceKind.RELAYED else 0
            assert arrival.effects == expected


class Conformance:
    """The suite."""

    @pytest.fixture
    def way(self) -> Way:
        raise NotImplementedError

    def test_a_small_message_arrives_once_and_its_receipt_comes_back(self, way: Way):
        message = way.sender.post(b"a file", text="a note")

        way.carry_all()

        way.require_equal()
        settled = way.sender.outbox[message].settled
        assert settled is not None
        assert settled.kind is EvidenceKind.RELAYED
        assert settled.parts == (hashlib.sha256(b"a file").hexdigest(),)

    def test_a_message_without_parts_arrives(self, way: Way):
        way.sender.post()

        way.carry_all()

        way.require_equal()

    def test_an_empty_file_is_a_file(self, way: Way):
        message = way.sender.post(b"", b"x", b"")

        way.carry_all()

        way.require_equal()
        assert [len(p.content) for p in way.recipient.files(message)] == [0, 1, 0]

    def test_a_file_of_exactly_one_segment_and_one_of_a_byte_more_arrive(self, way: Way):
        way.sender.post(bytes(MEBIBYTE), bytes(MEBIBYTE + 1), bytes(2 * MEBIBYTE))

        way.carry_all()

        way.require_equal()

    @pytest.mark.slow
    def test_fifty_megabytes_survive_ten_cuts_re_sending_at_most_one_segment_for_each(
        self, way: Way
    ):
        dice = random.Random(20261122)
        content = dice.randbytes(50_000_000)
        message = way.sender.post(content)
        cuts = 10
        for _ in range(cuts):
            way.cut_next_part(dice.randrange(2 * MEBIBYTE, 6 * MEBIBYTE))
            with pytest.raises(PeerError):
                way.carry()
            way.recipient.wait_until_quiet()
            assert way.sender.due() == [message], "nothing is concluded from a broken transfer"

        way.carry_all()

        way.require_equal()
        re_sent = way.recipient.bytes_read - sealed_size(len(content))
        assert re_sent <= cuts * SEALED_SEGMENT_LENGTH
        assert way.recipient.files(message)[0].content == content

    def test_a_duplicate_gets_the_same_receipt_and_has_no_second_effect(self, way: Way):
        message = way.sender.post(b"a file")
        way.carry_all()
        receipt = way.sender.outbox[message].receipt

        way.carry_again(message)
        way.carry_again(message)

        way.require_equal()
        assert way.sender.outbox[message].receipt == receipt
        assert way.sender.outbox[message].heard >= 2

    def test_a_lost_answer_is_asked_for_again_and_nothing_is_doubled(self, way: Way):
        way.carry()
        message = way.sender.post(text="whose answer is lost")
        way.lose_next_answer()
        with suppress(PeerError):  # a binding may ask again at once
            way.carry()
        assert message in way.recipient.inbox

        way.carry_all()

        way.require_equal()

    def test_the_order_in_which_messages_arrive_does_not_matter(self, way: Way):
        messages = [way.sender.post(str(n).encode()) for n in range(7)]
        way.sender.order = lambda waiting: sorted(waiting, key=messages.index, reverse=True)

        way.carry_all()

        way.require_equal()

    @pytest.mark.slow
    def test_many_files_arrive(self, way: Way):
        message = way.sender.post(*(bytes([n % 256]) * n for n in range(120)))

        way.carry_all()

        way.require_equal()
        assert len(way.recipient.files(message)) == 120

    @pytest.mark.slow
    def test_many_messages_arrive(self, way: Way):
        for number in range(120):
            way.sender.post(text=f"the {number}th")

        way.carry_all()

        way.require_equal()

    def test_a_refusal_comes_back_with_its_reason(self, way: Way):
        way.recipient.refuses["test/1"] = "kind-unknown"
        refused = way.sender.post(b"a file", kind="test/1")
        taken = way.sender.post()

        way.carry_all()

        way.require_equal()
        settled = way.sender.outbox[refused].settled
        assert settled is not None
        assert settled.kind is EvidenceKind.REFUSED
        assert settled.reason is not None
        assert settled.reason.code == "kind-unknown"
        assert way.recipient.bytes_read == 0, "what is refused is not transferred"
        assert way.sender.outbox[taken].receipt

    def test_what_is_held_off_waits_and_arrives_later(self, way: Way):
        message = way.sender.post(b"a file")
        way.recipient.hold = Held(message, "disk-low", 1)
        way.carry()
        assert way.sender.due() == [message]
        assert message not in way.recipient.inbox

        way.recipient.hold = None
        way.carry_all()

        way.require_equal()

    def test_a_message_that_nobody_sent_is_unknown(self, way: Way):
        if not way.answers:
            pytest.skip("over this binding nobody can be asked at once")
        message = "00000000-0000-4000-8000-000000000000"

        assert way.ask(message) == Unknown(message)

    def test_a_later_evidence_is_told_and_told_twice_counts_once(self, way: Way):
        message = way.sender.post()
        way.carry_all()
        way.recipient.open_on_the_desk(message)
        again = list(way.recipient.inbox[message].to_tell)

        way.carry_until(lambda: not way.recipient.untold())
        way.recipient.inbox[message].to_tell += again
        way.carry_until(lambda: not way.recipient.untold())

        assert way.sender.outbox[message].later == [EvidenceKind.OPENED]
        way.require_equal()

    def test_an_evidence_whose_confirmation_is_lost_is_told_again(self, way: Way):
        message = way.sender.post()
        way.carry_all()
        way.recipient.open_on_the_desk(message)
        way.lose_next_answer()
        with suppress(PeerError):
            way.carry()

        way.carry_until(lambda: not way.recipient.untold())

        assert way.sender.outbox[message].later == [EvidenceKind.OPENED]

    def test_an_evidence_that_proves_nothing_settles_nothing(self, way: Way):
        message = way.sender.post()
        way.recipient.forge_next_receipt = True
        with pytest.raises((PeerError, AssertionError)):
            way.carry_until(lambda: bool(way.sender.outbox[message].receipt))

        assert way.sender.outbox[message].settled is None
