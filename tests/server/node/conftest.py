# SPDX-License-Identifier: Apache-2.0
"""One node made once, copied by the tests that change it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.nodes import Node, copy_of, made_node, removed


@pytest.fixture(scope="session")
def original() -> Iterator[Node]:
    """A node that was made and is never changed."""
    with removed(made_node()) as node:
        yield node


@pytest.fixture
def node(original: Node) -> Iterator[Node]:
    """A node of the test's own."""
    with removed(copy_of(original)) as copy:
        yield copy
