# SPDX-License-Identifier: Apache-2.0
"""Marking an accepted change of the register as public, and taking it back."""

from __future__ import annotations

from datetime import datetime

from comity.accounts.officer import Officer
from comity.newsfeed.records import PublicChangeRecord


def publish_change(proposal: str, *, by: Officer, at: datetime) -> PublicChangeRecord:
    """Publish an accepted change (`PRP-…`) in this node's own feed. PUBLISH_REGISTER_CHANGE."""
    raise NotImplementedError  # the next commit


def unpublish_change(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> PublicChangeRecord:
    """Take a published change (`PUB-…`) back, with the reason."""
    raise NotImplementedError  # the next commit
