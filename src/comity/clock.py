# SPDX-License-Identifier: Apache-2.0
"""The time of day: the one place that reads it, so that tests can stop it.

Only pages, endpoints, commands and tasks call these; a decision takes its day as an argument.
"""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """This instant, in UTC, aware."""
    return datetime.now(UTC)


def today() -> date:
    """This day in UTC."""
    return now().date()
