# SPDX-License-Identifier: Apache-2.0
"""The list of sources: added, changed, paused and resumed by ADMINISTER_NEWS_SOURCES."""

from __future__ import annotations

from datetime import datetime

from comity.accounts.officer import Officer
from comity.newsfeed.records import SourceDraft, SourceRecord


def add_source(
    draft: SourceDraft, *, active: bool = True, by: Officer, at: datetime
) -> SourceRecord:
    """Add a source."""
    raise NotImplementedError  # the next commit


def change_source(
    code: str, draft: SourceDraft, *, version: int | None, by: Officer, at: datetime
) -> SourceRecord:
    """Change what is said of a source; its code stays."""
    raise NotImplementedError  # the next commit


def pause_source(code: str, *, version: int | None, by: Officer, at: datetime) -> SourceRecord:
    """Visit this source no more until it is resumed."""
    raise NotImplementedError  # the next commit


def resume_source(code: str, *, version: int | None, by: Officer, at: datetime) -> SourceRecord:
    """Visit this source again, at the next round."""
    raise NotImplementedError  # the next commit


def adopt_shipped_sources(*, at: datetime) -> int:
    """Make the shipped sources known to this node, inactive; how many were new."""
    raise NotImplementedError  # the next commit
