# SPDX-License-Identifier: Apache-2.0
"""The sources and how they are doing."""

from __future__ import annotations

from comity.newsfeed.records import NewsHealth, SourceRecord


def sources() -> tuple[SourceRecord, ...]:
    """Every source with its health, in the order of their codes."""
    raise NotImplementedError  # the next commit


def source(code: str) -> SourceRecord:
    """One source with its health.

    Raises:
        UnknownNewsRecordError: there is none of that code.
    """
    raise NotImplementedError  # the next commit


def news_health() -> NewsHealth:
    """The newsfeed in one line, for the page on the node."""
    raise NotImplementedError  # the next commit
