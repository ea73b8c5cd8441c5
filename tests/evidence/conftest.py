# SPDX-License-Identifier: Apache-2.0
"""A node with a folder of its own, for the tests that keep evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def evidence_home(db: None, settings: Any, tmp_path: Path) -> Path:
    """This process's node is Northland's; its folder is the test's."""
    from tests.support.evidence import evidence_home

    evidence_home(settings, tmp_path)
    return tmp_path


@pytest.fixture
def northland(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """This process's node is Northland's, with keys and an agreement on court use."""
    from comity.agreements.queries import registered
    from tests.support import evidence_partners

    evidence_partners.northland(settings, monkeypatch, tmp_path)
    yield
    registered._merged_up_to.cache_clear()


@pytest.fixture
def southland(northland: None) -> Any:
    """Southland's node, a partner of ours that supplies evidence."""
    from tests.support import evidence_partners

    return evidence_partners.a_partner()
