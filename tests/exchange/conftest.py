# SPDX-License-Identifier: Apache-2.0
"""Northland's node and its partner Southland, for the tests that need both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.support.exchange import PartnerNode


@pytest.fixture(autouse=True)
def _no_checkpoint_beside_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Committed by a test that has transactions of its own, one would outlive the key it needs."""
    from comity.exchange.services import freshening

    monkeypatch.setattr(freshening._freshness, "is_due", lambda: False)


@pytest.fixture
def northland_node(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """This process's node is Northland's, with an agreement with Southland."""
    from comity.agreements.queries import registered
    from tests.support import exchange

    exchange.northland_node(settings, monkeypatch, tmp_path)
    yield
    registered._merged_up_to.cache_clear()


@pytest.fixture
def southland_node(northland_node: None) -> PartnerNode:
    """Southland's node, a partner of ours."""
    from tests.support import exchange

    return exchange.southland_node()
