# SPDX-License-Identifier: Apache-2.0
"""One pair of nodes for all the tests of a process: making them takes longer than a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.exchange_nodes import Pair, exchanging_pair


@pytest.fixture(scope="session")
def made_pair() -> Iterator[Pair]:
    """Two nodes that know one another."""
    with exchanging_pair() as pair:
        yield pair


@pytest.fixture
def pair(made_pair: Pair) -> Iterator[Pair]:
    """The same with a worker on each side; settled and equal when a test is over."""
    made_pair.start_workers()
    yield made_pair
    for each in made_pair.both:
        each.fault_file.unlink(missing_ok=True)
    made_pair.start_workers()
    made_pair.wait_until_settled(hurry=True)
