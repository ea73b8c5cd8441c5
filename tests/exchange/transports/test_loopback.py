# SPDX-License-Identifier: Apache-2.0
"""The loopback binding under the conformance suite."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pytest

from comity.exchange.outcome import Outcome
from comity.exchange.transports.loopback import Loopback
from comity.outbound.peer import PeerConnectionBrokenError
from tests.exchange.transports.conformance import Conformance, Way
from tests.support.memory_node import MemoryNode, acquaint, now


class Breaking:
    """A loopback that breaks when it is told to."""

    def __init__(self, inner: Loopback) -> None:
        self.inner = inner
        self.cut_after: int | None = None
        self.lose = False

    def deliver(self, frames: Sequence[bytes]) -> Sequence[Outcome]:
        answer = self.inner.deliver(frames)
        self._lost()
        return answer

    def ask(self, message: str) -> Outcome:
        return self.inner.ask(message)

    def send_part(self, message: str, number: int, from_segment: int, sealed: BinaryIO) -> Outcome:
        if self.cut_after is None:
            return self.inner.send_part(message, number, from_segment, sealed)
        piece, self.cut_after = sealed.read(self.cut_after), None
        self.inner.send_part(message, number, from_segment, io.BytesIO(piece))
        raise PeerConnectionBrokenError(host="here")

    def tell(self, statements: Sequence[bytes]) -> Sequence[bool]:
        answer = self.inner.tell(statements)
        self._lost()
        return answer

    def _lost(self) -> None:
        if self.lose:
            self.lose = False
            raise PeerConnectionBrokenError(host="here")


class LoopbackWay(Way):
    def __init__(self, sender: MemoryNode, recipient: MemoryNode) -> None:
        super().__init__(sender, recipient)
        self.there = Breaking(Loopback(recipient, sender.code, now))
        self.back = Breaking(Loopback(sender, recipient.code, now))

    def carry(self) -> None:
        self.sender.send(self.there)
        self.recipient.tell(self.back)

    def cut_next_part(self, after: int) -> None:
        self.there.cut_after = after

    def lose_next_answer(self) -> None:
        way = self.there if self.sender.due() else self.back
        way.lose = True

    def ask(self, message: str) -> object:
        return self.there.ask(message)


class TestLoopback(Conformance):
    @pytest.fixture
    def way(self, tmp_path: Path) -> LoopbackWay:
        sender, recipient = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
        acquaint(sender, recipient)
        return LoopbackWay(sender, recipient)
