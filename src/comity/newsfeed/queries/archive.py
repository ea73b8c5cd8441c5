# SPDX-License-Identifier: Apache-2.0
"""The archive of releases: searched, listed newest first, and read edition by edition."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from comity.agreements.keyset import PAGE_SIZE, Page, newest_first
from comity.catalogues import N_
from comity.newsfeed import difference as differences
from comity.newsfeed import models
from comity.newsfeed.difference import Difference
from comity.newsfeed.queries.rows import (
    _latest_readings,
    _one,
    _release_records,
    _release_row,
)
from comity.newsfeed.records import ArchiveSearch, ReleaseRecord, ReleaseRow

EVERYTHING = ArchiveSearch()
RELEASE = N_("release")
DICTIONARIES: dict[str, str] = {
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "pt": "portuguese",
    "de": "german",
    "it": "italian",
    "nl": "dutch",
}
"""The database's own dictionary for a language; every other language is searched word for word."""
PLAIN_DICTIONARY = "simple"


def releases(
    search: ArchiveSearch = EVERYTHING,
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[ReleaseRow]:
    """The latest edition of every release that fits, the newest read first; keys are references."""
    rows = _narrowed(_latest_editions(), search)
    return newest_first(rows, _rows, after=after, before=before, size=size)


def release(reference: str) -> ReleaseRecord:
    """One edition of a release, its events with their outcomes, and the list of its editions.

    Raises:
        UnknownNewsRecordError: there is none of that reference.
    """
    row = _one(_releases(), RELEASE, reference=reference)
    return _release_records([row])[row.pk]


def release_difference(reference: str, than: str = "") -> Difference | None:
    """How this edition differs from another one, or from the one before it; None for the first."""
    now = release(reference)
    earlier = [each.reference for each in now.editions if each.edition < now.edition]
    if not than and not earlier:
        return None
    before = release(than or earlier[-1])
    return differences.difference(
        before.article,
        now.article,
        tuple(each.event for each in before.events),
        tuple(each.event for each in now.events),
    )


def _releases() -> QuerySet[models.Release]:
    return models.Release.objects.select_related("source").defer("search")


def _latest_editions() -> QuerySet[models.Release]:
    later = models.Release.objects.filter(
        source=OuterRef("source"), guid=OuterRef("guid"), edition__gt=OuterRef("edition")
    )
    return _releases().filter(~Exists(later))


def _narrowed(rows: QuerySet[models.Release], search: ArchiveSearch) -> QuerySet[models.Release]:
    words = search.words.replace("\0", " ").strip()
    if words:
        rows = rows.filter(_saying(words))
    if search.source:
        rows = rows.filter(source__code=search.source)
    if search.since:
        rows = rows.filter(published__gte=search.since)
    if search.until:
        rows = rows.filter(published__lte=search.until)
    if search.type:
        rows = rows.filter(_read(types__contains=[search.type.value]))
    if search.country:
        named = _read(countries__contains=[search.country])
        rows = rows.filter(named | Q(publisher=search.country))
    return rows


def _read(**about: list[str]) -> Q:
    """Releases whose last reading is about this."""
    readings = models.Reading.objects.filter(release=OuterRef(OuterRef("pk"))).order_by("-pk")
    last = models.Reading.objects.filter(pk=Subquery(readings.values("pk")[:1]), **about)
    return Q(Exists(last))


def _saying(words: str) -> Q:
    """Texts that say it: each is searched in the dictionary in which it was kept."""
    told = [Q(language=code, search=_query(words, name)) for code, name in DICTIONARIES.items()]
    others = ~Q(language__in=DICTIONARIES) & Q(search=_query(words, PLAIN_DICTIONARY))
    return reduce(or_, told, others)


def _query(words: str, dictionary: str) -> SearchQuery:
    return SearchQuery(words, config=dictionary, search_type="websearch")


def _rows(found: list[models.Release]) -> list[ReleaseRow]:
    readings = _latest_readings(row.pk for row in found)
    return [_release_row(row, readings.get(row.pk)) for row in found]
