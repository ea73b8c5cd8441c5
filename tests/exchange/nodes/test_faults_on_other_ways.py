# SPDX-License-Identifier: Apache-2.0
"""Nodes are killed where messages travel as files, or are fetched: nothing lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.exchange.fault_points import Point
from tests.support.exchange_nodes import Pair, exchanging_pair, is_settled

pytestmark = [pytest.mark.node, pytest.mark.slow]

SEGMENTS = [2_500_000]


@pytest.fixture(scope="module")
def by_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two nodes that share two folders, one for each direction."""
    shared = tmp_path_factory.mktemp("shared")
    with exchanging_pair() as pair:
        for each, other in (pair.both, pair.both[::-1]):
            own = tmp_path_factory.mktemp(each.code)
            _link(own / "out", shared / each.code)
            _link(own / "into", shared / other.code)
            each.ask("go_by", partner=other.code, way="folder", folder=str(own))
        yield pair


def _link(link: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    link.symlink_to(folder)


@pytest.mark.parametrize(
    ("point", "who"),
    [
        (Point.FILE_WRITTEN, "northland"),
        (Point.FILE_READ, "southland"),
        (Point.FILE_READ, "northland"),
    ],
)
def test_files_of_a_node_that_is_killed_are_read_once(by_files: Pair, point: Point, who: str):
    by_files.start_workers()
    struck = getattr(by_files, who)
    struck.die_at(point)

    by_files.northland.ask("send", to="XS")
    by_files.northland.ask("send", to="XS", parts=SEGMENTS)
    assert by_files.died_in_a_hurry(struck) == -9
    struck.start_worker()

    by_files.wait_until_settled(hurry=True)
    assert by_files.compare() == []


def test_a_node_that_is_killed_after_fetching_fetches_again_and_keeps_it_once():
    closed = {"COMITY_EXCHANGE_PORT": "0", "COMITY_EXCHANGE_URL": ""}
    with exchanging_pair(north=closed) as pair:
        pair.southland.ask("go_by", partner="XN", way="pull")
        pair.southland.ask("send", to="XN", count=3)
        pair.southland.start_worker()
        pair.southland.wait_until_listening()
        pair.northland.die_at(Point.FETCHED)

        pair.northland.start_worker()
        assert pair.died_in_a_hurry(pair.northland) == -9
        pair.northland.start_worker()

        pair.wait_until_settled()
        assert pair.compare() == []
        assert is_settled(pair.southland)
