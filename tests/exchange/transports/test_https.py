# SPDX-License-Identifier: Apache-2.0
"""The native binding under the conformance suite: real ports, real TLS, a network that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from comity.exchange.transports.https import Https
from tests.exchange.transports.conformance import Conformance, Way
from tests.support.faulty_network import Fault, FaultyNetwork
from tests.support.listeners import https_to, listening, peer_of
from tests.support.memory_node import MemoryNode, acquaint


class HttpsWay(Way):
    """Both nodes listen; between them lies a network that can break."""

    def __init__(
        self, sender: MemoryNode, recipient: MemoryNode, stack: ExitStack, *, wire: int = 2
    ) -> None:
        super().__init__(sender, recipient)
        self.there, self.up = self._way(sender, recipient, stack, wire)
        self.back, self.down = self._way(recipient, sender, stack, wire)

    def _way(
        self, ours: MemoryNode, theirs: MemoryNode, stack: ExitStack, wire: int
    ) -> tuple[Https, FaultyNetwork]:
        listener = stack.enter_context(listening(theirs))
        network = stack.enter_context(FaultyNetwork(listener.port))
        peer = stack.enter_context(peer_of(ours, theirs, network.port))
        return https_to(peer, ours, theirs, wire=wire), network

    def carry(self) -> None:
        self.sender.send(self.there)
        self.recipient.tell(self.back)

    def cut_next_part(self, after: int) -> None:
        if len(self.sender.outbox) and not self.recipient.inbox:
            message = next(iter(self.sender.outbox))
            self.there.deliver([self.sender.outbox[message].frame])
        self.up.arm(Fault.CUT, after=after)

    def lose_next_answer(self) -> None:
        transport, network = self.there, self.up
        if not self.sender.due():
            transport, network = self.back, self.down
        transport.ask("00000000-0000-4000-8000-000000000000")
        network.arm(Fault.LOSE_ANSWER)

    def ask(self, message: str) -> object:
        return self.there.ask(message)


class TestHttps(Conformance):
    @pytest.fixture
    def way(self, tmp_path: Path) -> Iterator[HttpsWay]:
        sender, recipient = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
        acquaint(sender, recipient)
        with ExitStack() as stack:
            yield HttpsWay(sender, recipient, stack)


class TestHttpsOfThePreviousWireVersion(Conformance):
    @pytest.fixture
    def way(self, tmp_path: Path) -> Iterator[HttpsWay]:
        sender, recipient = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
        acquaint(sender, recipient)
        with ExitStack() as stack:
            yield HttpsWay(sender, recipient, stack, wire=1)
