# SPDX-License-Identifier: Apache-2.0
"""Taking releases in: kept, read, and what they announce handed to whoever takes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from comity.newsfeed.article import Article
from comity.newsfeed.records import TakenIn


def take_in(articles: Iterable[Article], source: str, at: datetime) -> TakenIn:
    """Keep the releases of one feed, and propose what they announce; again changes nothing."""
    raise NotImplementedError  # the next commit


def reread(at: datetime, *, source: str = "") -> TakenIn:
    """Read every kept release again by today's rules; only what is new is proposed."""
    raise NotImplementedError  # the next commit
