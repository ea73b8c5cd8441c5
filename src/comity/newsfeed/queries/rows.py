# SPDX-License-Identifier: Apache-2.0
"""Rows as values: releases with their readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from comity.agreements.records import ProposalState
from comity.newsfeed import models
from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.article import Article
from comity.newsfeed.records import (
    EditionRow,
    EventRecord,
    ReleaseRecord,
    ReleaseRow,
    UnknownNewsRecordError,
)
from comity.newsfeed.stored import blocks_of, event_of, saying_of

EDITION = ("source", "guid", "reference", "edition", "received_at")


def _article_of_row(row: models.Release) -> Article:
    """The release as it was received."""
    return Article(
        guid=row.guid,
        title=row.title,
        text=row.text,
        blocks=blocks_of(row.blocks),
        published=row.published,
        published_at=row.published_at,
        language=row.language,
        link=row.link,
        publisher=row.publisher,
        source=row.source_title,
        licence=row.licence,
    )


def _latest_readings(releases: Iterable[int]) -> dict[int, models.Reading]:
    """The last reading of each release, by the release's key."""
    found = models.Reading.objects.filter(release__in=list(releases))
    return {r.release_id: r for r in found.order_by("release_id", "-pk").distinct("release_id")}


def _editions_of(rows: Iterable[models.Release]) -> dict[tuple[int, str], tuple[EditionRow, ...]]:
    """Every edition of these releases, oldest first, by source and guid."""
    wanted = {(row.source_id, row.guid) for row in rows}
    known = models.Release.objects.filter(guid__in={guid for _, guid in wanted})
    found: dict[tuple[int, str], tuple[EditionRow, ...]] = {}
    for row in known.order_by("edition").only(*EDITION):
        name = (row.source_id, row.guid)
        if name in wanted:
            edition = EditionRow(row.reference, row.edition, row.received_at)
            found[name] = (*found.get(name, ()), edition)
    return found


def _release_records(rows: Iterable[models.Release]) -> dict[int, ReleaseRecord]:
    """Releases with what was read from them, by key; rows need their source selected."""
    rows = list(rows)
    readings, editions = _latest_readings(row.pk for row in rows), _editions_of(rows)
    anew = _made_anew(readings.values())
    return {
        row.pk: _release(
            row,
            _events_of(readings.get(row.pk), anew),
            readings[row.pk].rules_edition if row.pk in readings else "",
            editions.get((row.source_id, row.guid), ()),
        )
        for row in rows
    }


def _release(
    row: models.Release,
    events: tuple[EventRecord, ...],
    rules_edition: str,
    editions: tuple[EditionRow, ...],
) -> ReleaseRecord:
    return ReleaseRecord(
        reference=row.reference,
        source=row.source.code,
        source_title=row.source.title,
        edition=row.edition,
        article=_article_of_row(row),
        read_at=row.received_at,
        events=events,
        rules_edition=rules_edition,
        editions=editions,
        handed_in_by=row.handed_in_by,
    )


def _events_of(reading: models.Reading | None, anew: Mapping[str, str]) -> tuple[EventRecord, ...]:
    """What a reading found, with what became of it and the card that stands for it now."""
    found = []
    for index, each in enumerate(reading.events if reading else ()):
        said, card = saying_of(each["outcome"]), each.get("card", "")
        if card in anew:
            card = anew[card]
            said = replace(said, fields={**said.fields, "card": card})
        found.append(EventRecord(index, event_of(each), said, card))
    return tuple(found)


def _made_anew(readings: Iterable[models.Reading]) -> dict[str, str]:
    """Withdrawn cards in whose place another one was made when the register changed."""
    named = {e.get("card", "") for reading in readings for e in reading.events} - {""}
    withdrawn = models.Card.objects.filter(
        reference__in=named, proposal__state=ProposalState.WITHDRAWN
    )
    gone = dict(withdrawn.values_list("reference", "identity_digest"))
    if not gone:
        return {}
    later = models.Card.objects.filter(identity_digest__in=gone.values()).order_by("round")
    last = dict(later.values_list("identity_digest", "reference"))
    return {reference: last[digest] for reference, digest in gone.items()}


def _release_row(row: models.Release, reading: models.Reading | None) -> ReleaseRow:
    """A release as a list shows it."""
    return ReleaseRow(
        reference=row.reference,
        source=row.source.code,
        source_title=row.source.title,
        title=row.title,
        link=row.link,
        published=row.published,
        language=row.language,
        publisher=row.publisher,
        edition=row.edition,
        read_at=row.received_at,
        types=tuple(AnnouncementType(t) for t in reading.types) if reading else (),
        countries=tuple(reading.countries) if reading else (),
        events=len(reading.events) if reading else 0,
    )


# Any below: rows of several tables; the caller's own annotation says what comes back.


def _one(rows: QuerySet[Any], kind: str, **named: str) -> Any:
    """The one row of this name.

    Raises:
        UnknownNewsRecordError: there is none.
    """
    row = rows.filter(**named).first()
    if row is None:
        raise UnknownNewsRecordError(kind=kind, reference=next(iter(named.values())))
    return row
