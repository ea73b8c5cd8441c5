# SPDX-License-Identifier: Apache-2.0
"""Releases that an officer reads in from a file or a text, where no network leads to the source.

The release names who handed it in, and what it proposes counts as that officer's own proposal, so
that nobody writes a release and then accepts it alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.journal import services as journal
from comity.newsfeed.article import Article
from comity.newsfeed.records import TakenIn
from comity.newsfeed.services.taking import take_in, take_in_document


def take_in_by_hand(
    articles: Iterable[Article], source: str, *, by: Officer, at: datetime
) -> TakenIn:
    """Keep releases read from a file or a text. Needs ADMINISTER_NEWS_SOURCES."""
    by.require(Permission.ADMINISTER_NEWS_SOURCES)
    taken = take_in(articles, source, at, handed_in_by=by.reference)
    _record(taken, source, by, at)
    return taken


def take_in_file(content: bytes, source: str, *, by: Officer, at: datetime) -> TakenIn:
    """Keep the releases of a whole file. Needs ADMINISTER_NEWS_SOURCES.

    Raises:
        UnknownNewsRecordError: there is no such source.
        InvalidInputError: the document cannot be read.
    """
    by.require(Permission.ADMINISTER_NEWS_SOURCES)
    taken = take_in_document(content, source, at, handed_in_by=by.reference)
    _record(taken, source, by, at)
    return taken


def _record(taken: TakenIn, source: str, by: Officer, at: datetime) -> None:
    actor = by.acting(Permission.ADMINISTER_NEWS_SOURCES)
    with transaction.atomic():
        count = {"count": str(taken.new + taken.edited)}
        journal.record("news-handed-in", source, by=actor, at=at, facts=count)
