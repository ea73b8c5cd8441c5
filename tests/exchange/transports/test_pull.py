# SPDX-License-Identifier: Apache-2.0
"""The pull binding under the conformance suite: the recipient listens nowhere, and fetches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from comity.exchange.outcome import Outcome
from comity.exchange.transports.pull import Pull
from tests.exchange.transports.conformance import Conformance, Way
from tests.support.faulty_network import Fault, FaultyNetwork
from tests.support.listeners import https_to, listening, peer_of, signed_peer
from tests.support.memory_node import MemoryNode, acquaint, now


class PullWay(Way):
    """Only the sender listens. The recipient fetches, and tells over the same connection."""

    answers = False

    def __init__(self, sender: MemoryNode, recipient: MemoryNode, stack: ExitStack) -> None:
        super().__init__(sender, recipient)
        listener = stack.enter_context(listening(sender))
        self.network = stack.enter_context(FaultyNetwork(listener.port))
        peer = stack.enter_context(peer_of(recipient, sender, self.network.port))
        node = signed_peer(peer, recipient, sender)
        self.pull = Pull(node, self, sender.code, now)
        self.back = https_to(peer, recipient, sender)
        self.losing = False

    def carry(self) -> None:
        self.sender.time_passes()
        self.pull.fetch()
        if self.losing:
            self.losing = False
            self.network.arm(Fault.LOSE_ANSWER, times=2)
        self.recipient.tell(self.back)

    def cut_next_part(self, after: int) -> None:
        self.network.arm(Fault.CUT_ANSWER, after=after)

    def lose_next_answer(self) -> None:
        self.losing = True

    # The recipient's reception, before which the network can break

    def receive(self, frames: Sequence[bytes], *, partner: str, at: datetime) -> list[Outcome]:
        outcomes = self.recipient.receive(frames, partner=partner, at=at)
        if self.losing:
            self.losing = False
            self.network.arm(Fault.CUT, times=2)
        return outcomes

    def __getattr__(self, name: str) -> object:
        return getattr(self.recipient, name)


class TestPull(Conformance):
    @pytest.fixture
    def way(self, tmp_path: Path) -> Iterator[PullWay]:
        sender, recipient = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
        acquaint(sender, recipient)
        with ExitStack() as stack:
            yield PullWay(sender, recipient, stack)
