# SPDX-License-Identifier: Apache-2.0
"""A partner shows its log to whoever saw a part of it before, and nobody else's nonsense counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from comity.exchange.envelope import LogStatement
from comity.exchange.services.witnessing import LogRangeError
from comity.exchange.transports.https import PeerError
from tests.support.listeners import house_of, https_to, listening, peer_of
from tests.support.memory_node import MemoryNode, acquaint


def shown(first: int, second: int | None) -> LogStatement:
    """Southland's log, of ten entries."""
    if second is None or second > 10:
        raise LogRangeError(first=first, second=second, size=10)
    return LogStatement("a note", first, (f"{first:064x}", f"{second:064x}"))


@pytest.fixture
def nodes(tmp_path: Path) -> tuple[MemoryNode, MemoryNode]:
    northland, southland = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    acquaint(northland, southland)
    return northland, southland


def test_the_proof_between_two_sizes_comes_over_https(nodes):
    house = replace(house_of(nodes[1]), log=shown)
    with listening(nodes[1], house=house) as listener, peer_of(*nodes, listener.port) as peer:
        asked = https_to(peer, *nodes)
        assert asked.log_since(6, 8) == (f"{6:064x}", f"{8:064x}")
        with pytest.raises(PeerError):
            asked.log_since(6, 11)


def test_a_node_without_a_log_to_show_says_so(nodes):
    with (
        listening(nodes[1]) as listener,
        peer_of(*nodes, listener.port) as peer,
        pytest.raises(PeerError, match="log-absent"),
    ):
        https_to(peer, *nodes).log_since(6, 8)
