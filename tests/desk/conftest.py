# SPDX-License-Identifier: Apache-2.0
"""A folder of keys of the test's own, and officers whose passwords cost no time."""

from __future__ import annotations

import pytest

from tests.journal.conftest import key_folder

__all__ = ["key_folder"]


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Passwords are hashed in no time; their hashing is Django's and tested there."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
