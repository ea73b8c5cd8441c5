# SPDX-License-Identifier: Apache-2.0
"""The list of sources: added, changed, paused and resumed by ADMINISTER_NEWS_SOURCES."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.journal import services as journal
from comity.newsfeed import models, queries
from comity.newsfeed.queries.sources import EVERY_MINUTES, SOURCE
from comity.newsfeed.records import (
    SourceDraft,
    SourceDraftError,
    SourceExistsError,
    SourceRecord,
    UnknownNewsRecordError,
)
from comity.newsfeed.services.rows import locked, moved
from comity.newsfeed.source import Source, shipped_sources
from comity.reference.countries import is_country
from comity.reference.group_files import load_groups

LEAST_MINUTES = 15
MOST_MINUTES = 31 * 24 * 60
_CODE = re.compile(r"(?=.{2,40}\Z)[a-z0-9]+(?:-[a-z0-9]+)+")
_LANGUAGE = re.compile(r"[a-z]{2}|")


@transaction.atomic
def add_source(
    draft: SourceDraft, *, active: bool = True, by: Officer, at: datetime
) -> SourceRecord:
    """Add a source; it is visited at the next round unless it is not `active`."""
    actor = by.acting(Permission.ADMINISTER_NEWS_SOURCES)
    _check(draft)
    if any(known.code == draft.code for known in queries.sources()):
        raise SourceExistsError(source=draft.code)
    models.NewsSource.objects.create(**asdict(draft), active=active, added_at=at)
    state = {"state": "active" if active else "paused"}
    journal.record("news-source-added", draft.code, by=actor, at=at, facts=state)
    return queries.source(draft.code)


@transaction.atomic
def change_source(
    code: str, draft: SourceDraft, *, version: int | None, by: Officer, at: datetime
) -> SourceRecord:
    """Change what is said of a source; its code stays."""
    actor = by.acting(Permission.ADMINISTER_NEWS_SOURCES)
    _check(draft)
    row = _own(code, version, at)
    given = {name: value for name, value in asdict(draft).items() if name != "code"}
    changed = {name: value for name, value in given.items() if getattr(row, name) != value}
    if "url" in changed:  # nothing is known of the visits to another address
        changed |= {"etag": "", "last_modified": "", "moved_to": "", "gone": False, "due_at": None}
        changed |= {"failures": 0, "problem": None}
    moved(row, **changed)
    fields = ",".join(sorted(name.replace("_", "-") for name in changed if name in given))
    journal.record("news-source-changed", code, by=actor, at=at, facts={"fields": fields})
    return queries.source(code)


@transaction.atomic
def pause_source(code: str, *, version: int | None, by: Officer, at: datetime) -> SourceRecord:
    """Visit this source no more until it is resumed."""
    actor = by.acting(Permission.ADMINISTER_NEWS_SOURCES)
    moved(_own(code, version, at), active=False)
    journal.record("news-source-paused", code, by=actor, at=at)
    return queries.source(code)


@transaction.atomic
def resume_source(code: str, *, version: int | None, by: Officer, at: datetime) -> SourceRecord:
    """Visit this source again, at the next round."""
    actor = by.acting(Permission.ADMINISTER_NEWS_SOURCES)
    moved(_own(code, version, at), active=True, gone=False, due_at=None, failures=0, problem=None)
    journal.record("news-source-resumed", code, by=actor, at=at)
    return queries.source(code)


def adopt_shipped_sources(*, at: datetime) -> int:
    """Make the shipped sources this node's own, inactive; how many were new."""
    known = set(models.NewsSource.objects.values_list("code", flat=True))
    fresh = [_row(source, at) for source in shipped_sources() if source.code not in known]
    models.NewsSource.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _adopted(code: str, at: datetime) -> models.NewsSource:
    """The row of a source; a shipped one becomes this node's own when it is first needed.

    Raises:
        UnknownNewsRecordError: there is none of that code.
    """
    row = models.NewsSource.objects.filter(code=code).first()
    if row is not None:
        return row
    for source in shipped_sources():
        if source.code == code:
            fresh = _row(source, at)
            models.NewsSource.objects.bulk_create([fresh], ignore_conflicts=True)
            return models.NewsSource.objects.get(code=code)
    raise UnknownNewsRecordError(kind=SOURCE, reference=code)


def _own(code: str, version: int | None, at: datetime) -> models.NewsSource:
    _adopted(code, at)
    return locked(models.NewsSource, SOURCE, version, called=code, code=code)


def _row(source: Source, at: datetime) -> models.NewsSource:
    return models.NewsSource(
        code=source.code,
        title=source.title,
        url=source.address,
        administration=source.administration,
        language=source.language,
        licence=source.licence,
        every_minutes=EVERY_MINUTES,
        shipped=True,
        added_at=at,
    )


def _check(draft: SourceDraft) -> None:
    """Refuse what no source can be.

    Raises:
        SourceDraftError: it names the part and what is wrong with it.
    """
    known = draft.administration in load_groups().by_code or is_country(draft.administration)
    faults = {
        "code": not _CODE.fullmatch(draft.code) and N_("is not of the form xx-customs"),
        "title": not 0 < len(draft.title.strip()) <= 500 and N_("is empty or too long"),
        "url": _fault_of_address(draft.url),
        "administration": draft.administration and not known and N_("is no country's code"),
        "language": not _LANGUAGE.fullmatch(draft.language) and N_("is not a code such as en"),
        "every_minutes": not LEAST_MINUTES <= draft.every_minutes <= MOST_MINUTES
        and N_("is not between 15 minutes and 31 days"),
    }
    for part, obstacle in faults.items():
        if obstacle:
            raise SourceDraftError(source=draft.code, part=part, obstacle=obstacle)


def _fault_of_address(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, named = parts.hostname, "@" in parts.netloc
    except ValueError:
        return N_("cannot be read")
    if parts.scheme not in ("https", "http") or not host or named or len(url) > 2000:
        return N_("does not begin with https:// and a host")
    return "" if url.isprintable() and " " not in url else N_("holds a space")
