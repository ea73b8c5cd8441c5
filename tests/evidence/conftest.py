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
