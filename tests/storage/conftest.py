# SPDX-License-Identifier: Apache-2.0
"""Two stores with keys of their own: who sends a content, and who receives it."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.storage.local import LocalStore

KEY, SOUTHLANDS_KEY = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """Northland's store."""
    return LocalStore(tmp_path / "northland", KEY)


@pytest.fixture
def theirs(tmp_path: Path) -> LocalStore:
    """Southland's store."""
    return LocalStore(tmp_path / "southland", SOUTHLANDS_KEY)
