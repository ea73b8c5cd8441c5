# SPDX-License-Identifier: Apache-2.0
"""The second implementation that sealed bytes are held against."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture(scope="session")
def openssl() -> str:
    """The path of the openssl command; tests that need it say so when it is absent."""
    found = shutil.which("openssl")
    if found is None:
        pytest.skip("the openssl command is not installed")
    return found
