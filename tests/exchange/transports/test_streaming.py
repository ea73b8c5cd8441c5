# SPDX-License-Identifier: Apache-2.0
"""Parts that go: how many at a time, and that one that breaks leaves what came before."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from comity.exchange.transports.pull import Pull
from comity.exchange.transports.streaming import Given, Streams, left_in
from comity.outbound.peer import PeerConnectionBrokenError
from tests.support.faulty_network import Fault, FaultyNetwork
from tests.support.listeners import listening, peer_of, signed_peer
from tests.support.memory_node import MemoryNode, acquaint, now


def test_there_are_so_many_in_all_and_of_one():
    streams = Streams(3, 2)
    first, second = streams.enter("XS"), streams.enter("XS")
    assert first is not None
    assert second is not None
    assert streams.enter("XS") is None
    assert streams.enter("XE") is not None
    assert streams.enter("XE") is None

    with first:
        pass
    first.__exit__()

    assert streams.enter("XE") is not None
    assert streams.enter("XS") is None


def test_what_is_given_is_closed_though_nobody_reads_it():
    streams = Streams(1, 1)
    streaming = streams.enter("XS")
    assert streaming is not None
    sealed = io.BytesIO(bytes(10))
    given = Given(sealed, 10, streaming)

    given.close()

    assert sealed.closed
    assert streams.enter("XS") is not None


def test_what_is_left_is_counted_from_where_the_file_stands():
    sealed = io.BytesIO(bytes(10))
    sealed.seek(4)

    assert (left_in(sealed), sealed.tell()) == (6, 4)


def test_a_part_that_breaks_off_ends_for_its_reader_and_then_says_why(tmp_path: Path):
    """The reader keeps what came whole: to it, nothing has failed."""
    northland, southland = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    acquaint(northland, southland)
    southland.post(bytes(5 * 1024 * 1024))
    ended: list[int] = []

    class Keeping(MemoryNode):
        def take_part(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
            outcome = super().take_part(*args, **kwargs)  # type: ignore[arg-type]
            ended.append(len(next(iter(self.inbox.values())).segments[0]))
            return outcome

    northland.__class__ = Keeping
    with (
        listening(southland) as listener,
        FaultyNetwork(listener.port) as network,
        peer_of(northland, southland, network.port) as peer,
    ):
        pull = Pull(signed_peer(peer, northland, southland), northland, southland.code, now)
        network.arm(Fault.CUT_ANSWER, after=3_000_000)
        with pytest.raises(PeerConnectionBrokenError):
            pull.fetch()

    assert ended == [2]
