# SPDX-License-Identifier: Apache-2.0
"""The sources and how they are doing: those of this node, and those shipped and not yet used."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Count, Max

from comity.catalogues import N_
from comity.newsfeed import models
from comity.newsfeed.queries.cards import cards_waiting
from comity.newsfeed.records import (
    NewsHealth,
    SourceHealth,
    SourceRecord,
    SourceState,
    UnknownNewsRecordError,
)
from comity.newsfeed.sayings import Saying
from comity.newsfeed.source import Source, shipped_sources
from comity.outbound.addresses import OutboundOffError

SOURCE = N_("source")
EVERY_MINUTES = 60


def sources() -> tuple[SourceRecord, ...]:
    """Every source with its health, in the order of their codes."""
    counts = _counts()
    known = {row.code: _record(row, counts[row.pk]) for row in models.NewsSource.objects.all()}
    fresh = {each.code: _shipped(each) for each in shipped_sources() if each.code not in known}
    found = known | fresh
    return tuple(found[code] for code in sorted(found))


def source(code: str) -> SourceRecord:
    """One source with its health.

    Raises:
        UnknownNewsRecordError: there is none of that code.
    """
    row = models.NewsSource.objects.filter(code=code).first()
    if row is not None:
        return _record(row, row.releases.filter(edition=1).count())
    for each in shipped_sources():
        if each.code == code:
            return _shipped(each)
    raise UnknownNewsRecordError(kind=SOURCE, reference=code)


def news_health() -> NewsHealth:
    """The newsfeed in one line, for the page on the node."""
    found = sources()
    states = Counter(each.health.state for each in found)
    last = models.NewsSource.objects.aggregate(last=Max("read_at"))["last"]
    return NewsHealth(
        sources=len(found),
        active=sum(1 for each in found if each.active),
        failing=states[SourceState.FAILING],
        last_read_at=last,
        releases=sum(each.releases for each in found),
        open_cards=cards_waiting(),
        states=dict(states),
    )


def _counts() -> Counter[int]:
    first = models.Release.objects.filter(edition=1).order_by()
    counted = first.values("source").annotate(releases=Count("pk"))
    return Counter({each["source"]: each["releases"] for each in counted})


def _record(row: models.NewsSource, releases: int) -> SourceRecord:
    return SourceRecord(
        code=row.code,
        title=row.title,
        url=row.url,
        administration=row.administration,
        language=row.language,
        licence=row.licence,
        active=row.active,
        every_minutes=row.every_minutes,
        version=row.version,
        added_at=row.added_at,
        health=_health(row),
        releases=releases,
        shipped=row.shipped,
    )


def _health(row: models.NewsSource) -> SourceHealth:
    problem, remedy = _trouble(row.problem)
    return SourceHealth(
        state=_state(row),
        tried_at=row.tried_at,
        read_at=row.read_at,
        changed_at=row.changed_at,
        failures=row.failures,
        problem=problem,
        remedy=remedy,
        due_at=row.due_at if row.active and not row.gone else None,
        broken=row.broken,
        moved_to=row.moved_to,
    )


def _trouble(problem: dict[str, Any] | None) -> tuple[Saying | None, Saying | None]:
    if problem is None:
        return None, None
    code, fields = problem["code"], problem["fields"]
    said = Saying(code, problem["text"], fields)
    return said, Saying(code, problem["remedy"], fields) if problem["remedy"] else None


def _state(row: models.NewsSource) -> SourceState:
    if not row.url:
        return SourceState.BY_HAND
    if not row.active:
        return SourceState.PAUSED
    if (row.problem or {}).get("code") == OutboundOffError.code:
        return SourceState.SWITCHED_OFF
    if row.problem is not None:
        return SourceState.FAILING
    return SourceState.HEALTHY if row.read_at else SourceState.NEVER_READ


def _shipped(source: Source) -> SourceRecord:
    """A shipped source of which this node keeps nothing yet."""
    return SourceRecord(
        code=source.code,
        title=source.title,
        url=source.address,
        administration=source.administration,
        language=source.language,
        licence=source.licence,
        active=False,
        every_minutes=EVERY_MINUTES,
        version=1,
        added_at=datetime.combine(source.read_on, time.min, tzinfo=UTC),
        health=SourceHealth(SourceState.PAUSED),
        shipped=True,
    )
