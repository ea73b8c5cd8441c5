# SPDX-License-Identifier: Apache-2.0
"""Visits to sources: one when somebody asks, all that are due when the worker does."""

from __future__ import annotations

from datetime import datetime

from comity.newsfeed.records import TakenIn


def fetch(source: str, at: datetime) -> TakenIn:
    """Visit one source now. A visit that fails is noted in its health and raised."""
    raise NotImplementedError  # the next commit


def fetch_due(at: datetime) -> int:
    """Visit every active source that is due; how many were visited. Failures are noted only."""
    raise NotImplementedError  # the next commit
