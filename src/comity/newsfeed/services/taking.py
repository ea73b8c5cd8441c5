# SPDX-License-Identifier: Apache-2.0
"""Taking releases in: kept, read, and what they announce handed to whoever takes it.

Every release has a transaction of its own, so that a broken one does not lose the others. The
same release again changes nothing; an edited one becomes a new edition, of which only what is new
is handed on.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.utils.module_loading import import_string

from comity import __version__
from comity.agreements.records import ProposalState
from comity.newsfeed import extraction, models
from comity.newsfeed.announcement import AnnouncedEvent, Announcement, AnnouncementType
from comity.newsfeed.article import Article
from comity.newsfeed.extraction import extract
from comity.newsfeed.feed import Feed, read_feed
from comity.newsfeed.formats.publisher import publisher_of
from comity.newsfeed.formats.received import FeedFormat, NoteReason
from comity.newsfeed.proposal import outcome
from comity.newsfeed.queries.archive import DICTIONARIES, PLAIN_DICTIONARY
from comity.newsfeed.queries.rows import _article_of_row, _latest_readings
from comity.newsfeed.records import (
    Outcome,
    ReleaseRecord,
    SourceIsEmptyError,
    SourceIsNoFeedError,
    TakenIn,
)
from comity.newsfeed.services.proposing import Taker, identity_digest
from comity.newsfeed.services.rows import in_its_own_transaction, inserted
from comity.newsfeed.services.sourcing import _adopted
from comity.newsfeed.stored import event_of, stored_blocks, stored_event, stored_saying

log = logging.getLogger("comity.newsfeed")

LONGEST_GUID = 500
LONGEST_CODE = 10
SEARCHED = 200_000
"""Characters of a text that the archive's search knows."""
COUNTRY_FACTS = ("parties", "recipient", "located_in", "returned_to", "nationality")
"""Facts whose values are codes of countries and unions."""
TEXTS = ("title", "text", "link", "language", "publisher", "source", "licence")
"""The words of an article, which its source may have filled with anything."""
_CODE = re.compile(r"[A-Z]{2,8}")
OVER_AGAIN = frozenset({"unfit"})
"""Outcomes of which a further reading may make something else."""


class Became(StrEnum):
    """What a release turned out to be."""

    NEW = "new"
    EDITED = "edited"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a transaction came to."""

    became: Became
    proposed: int = 0
    joined: int = 0


def take_in_document(
    content: bytes,
    source: str,
    at: datetime,
    *,
    content_type: str = "",
    address: str = "",
    handed_in_by: str = "",
) -> TakenIn:
    """Read a feed, a page or a text, and take in its releases.

    A page or text is known again by its address; without one, as from a file, by its words.
    `handed_in_by` names the officer who read it in, where the source was not visited.

    Raises:
        UnknownNewsRecordError: there is no such source.
        InvalidInputError: the document cannot be read.
    """
    row = _adopted(source, at)
    feed = read_feed(
        content,
        content_type=content_type,
        address=address,
        publisher=row.administration or publisher_of(row.url),
        licence=row.licence,
    )
    if address:
        _require_its_shape(row, feed)
    taken = take_in(feed.articles, source, at, handed_in_by=handed_in_by)
    unread = (note for note in feed.notes if note.reason is NoteReason.UNREADABLE_ITEM)
    broken = tuple(note.guid or f"#{note.item}" for note in unread)
    return replace(taken, broken=(*taken.broken, *broken))


def _require_its_shape(source: models.NewsSource, feed: Feed) -> None:
    """Whoever sent a feed sends one again: a page in its place announces nothing.

    Raises:
        SourceIsNoFeedError: it is a page or a text now.
        SourceIsEmptyError: no release is left in it.
    """
    guids = source.releases.order_by().values_list("guid", flat=True).distinct()[:2]
    if len(guids) < 2:
        return
    if feed.format in (FeedFormat.HTML, FeedFormat.TEXT):
        raise SourceIsNoFeedError(source=source.code)
    if not feed.articles and not feed.notes:
        raise SourceIsEmptyError(source=source.code)


def take_in(
    articles: Iterable[Article], source: str, at: datetime, *, handed_in_by: str = ""
) -> TakenIn:
    """Keep the releases of one feed, and propose what they announce; again changes nothing.

    `handed_in_by` names the officer who read them in, where the source was not visited.

    Raises:
        UnknownNewsRecordError: there is no such source.
    """
    row = _adopted(source, at)
    known = _known_digests(row)
    counts: Counter[str] = Counter()
    broken: list[str] = []
    own = partial(_as_of, row)
    for article in sorted(map(own, map(_storable, articles)), key=_day):
        if known.get(article.guid) == article.digest:
            counts[Became.KNOWN] += 1
            continue
        kept = _safely(article.guid, row.code, partial(_taken, row, article, at, handed_in_by))
        if kept is None:
            broken.append(article.guid)
            continue
        counts.update({kept.became: 1, "proposed": kept.proposed, "joined": kept.joined})
    _note(row, counts, at)
    return _counted(counts, broken)


def reread(at: datetime, *, source: str = "") -> TakenIn:
    """Read every kept release again by today's rules; only what is new is proposed."""
    counts: Counter[str] = Counter()
    broken: list[str] = []
    for key in _read_by_other_rules(source):
        kept = _safely(str(key), source, partial(_read_again, key, at))
        if kept is None:
            broken.append(str(key))
            continue
        counts.update({kept.became: 1, "proposed": kept.proposed, "joined": kept.joined})
    return _counted(counts, broken)


def _safely(name: str, source: str, act: Callable[[], _Kept]) -> _Kept | None:
    """What the act came to; a fault is logged without the release's content, and None."""
    try:
        return act()
    except Exception:
        log.exception("a release could not be taken in", extra={"source": source})
        return None


def _counted(counts: Mapping[str, int], broken: list[str]) -> TakenIn:
    return TakenIn(
        new=counts.get(Became.NEW, 0),
        edited=counts.get(Became.EDITED, 0),
        known=counts.get(Became.KNOWN, 0),
        proposed=counts.get("proposed", 0),
        joined=counts.get("joined", 0),
        broken=tuple(broken),
    )


def _note(row: models.NewsSource, counts: Mapping[str, int], at: datetime) -> None:
    """The releases are on the disk; now the source may be said to have brought something."""
    if counts.get(Became.NEW) or counts.get(Became.EDITED):
        models.NewsSource.objects.filter(pk=row.pk).update(changed_at=at)


# One release


def _taken(source: models.NewsSource, article: Article, at: datetime, by: str) -> _Kept:
    announcement = extract(article)
    return in_its_own_transaction(lambda: _kept(source.pk, announcement, at, by))


def _kept(source: int, announcement: Announcement, at: datetime, by: str) -> _Kept:
    row = models.NewsSource.objects.select_for_update().get(pk=source)
    article = announcement.article
    before = row.releases.filter(guid=article.guid).order_by("-edition").first()
    if before is not None and before.digest == article.digest:
        return _Kept(Became.KNOWN)
    release = _release(row, article, before.edition + 1 if before else 1, at, by)
    kept = _reading(release, announcement.events, before, at)
    return replace(kept, became=Became.EDITED if before else Became.NEW)


def _release(
    source: models.NewsSource, article: Article, edition: int, at: datetime, by: str
) -> models.Release:
    dictionary = DICTIONARIES.get(article.language, PLAIN_DICTIONARY)
    title = SearchVector(Value(article.title), weight="A", config=dictionary)
    text = SearchVector(Value(article.text[:SEARCHED]), weight="B", config=dictionary)
    return inserted(
        models.Release,
        "REL",
        {
            "source": source,
            "guid": article.guid,
            "edition": edition,
            "digest": article.digest,
            "title": article.title,
            "text": article.text,
            "blocks": stored_blocks(article.blocks),
            "link": article.link,
            "published": article.published,
            "published_at": article.published_at,
            "language": article.language,
            "publisher": article.publisher,
            "source_title": article.source,
            "licence": article.licence,
            "received_at": at,
            "handed_in_by": by,
            "search": title + text,
        },
    )


def _read_again(key: int, at: datetime) -> _Kept:
    row = models.Release.objects.select_related("source").get(pk=key)
    events = extract(_article_of_row(row)).events
    return in_its_own_transaction(lambda: _reading(row, events, row, at))


def _reading(
    release: models.Release,
    events: Iterable[AnnouncedEvent],
    before: models.Release | None,
    at: datetime,
) -> _Kept:
    """What was read, each event with its outcome; what an earlier reading had is not handed on."""
    earlier = _earlier(before)
    record = _record(release)
    stored, proposed, joined = [], 0, 0
    for event in events:
        told = earlier.pop(event.identity, None)
        if told is not None and told["outcome"]["code"] not in OVER_AGAIN:
            stored.append({**stored_event(event), **told})
            earlier[event.identity] = told
            continue
        result = _handed_on(event, record, at)
        proposed, joined = proposed + result.made, joined + result.joined
        fate = {"outcome": stored_saying(result.saying), "card": result.card}
        stored.append({**stored_event(event), **fate})
    if before is not None:
        _say_what_vanished(release, {event_of(each).identity for each in stored})
    models.Reading.objects.create(
        release=release,
        rules_edition=rules_edition(),
        events=stored,
        types=sorted({each["type"] for each in stored}),
        countries=_countries(stored),
        read_at=at,
    )
    return _Kept(Became.KNOWN, proposed, joined)


def _earlier(before: models.Release | None) -> dict[str, dict[str, Any]]:
    """What became of the events of the last reading, by identity."""
    if before is None:
        return {}
    reading = _latest_readings([before.pk]).get(before.pk)
    return {
        event_of(each).identity: {"outcome": each["outcome"], "card": each.get("card", "")}
        for each in (reading.events if reading else ())
    }


def _handed_on(event: AnnouncedEvent, release: ReleaseRecord, at: datetime) -> Outcome:
    takers: Mapping[AnnouncementType, Taker] = import_string(settings.NEWS_TAKERS)
    taker = takers.get(event.type)
    if taker is None:
        return Outcome(outcome("no-register-matter"))
    return taker(event, release, at=at)


def _record(row: models.Release) -> ReleaseRecord:
    """The release as a taker gets it."""
    return ReleaseRecord(
        reference=row.reference,
        source=row.source.code,
        source_title=row.source.title,
        edition=row.edition,
        article=_article_of_row(row),
        read_at=row.received_at,
        events=(),
        rules_edition=rules_edition(),
        handed_in_by=row.handed_in_by,
    )


def _say_what_vanished(release: models.Release, identities: set[str]) -> None:
    """Open cards of this release say whether its last edition still announces them."""
    digests = [identity_digest(identity) for identity in identities]
    cards = models.Card.objects.filter(
        release__source=release.source_id,
        release__guid=release.guid,
        proposal__state=ProposalState.OPEN,
    )
    kept = models.Card.objects.filter(pk__in=list(cards.values_list("pk", flat=True)))
    kept.filter(identity_digest__in=digests).exclude(vanished_in="").update(vanished_in="")
    kept.exclude(identity_digest__in=digests).filter(vanished_in="").update(
        vanished_in=release.reference
    )


def _countries(stored: Iterable[Mapping[str, Any]]) -> list[str]:
    named = {
        value
        for each in stored
        for name, value, _ in each["facts"]
        if name in COUNTRY_FACTS and _CODE.fullmatch(value)
    }
    return sorted(named)


# Which releases


def _known_digests(source: models.NewsSource) -> dict[str, str]:
    """The digest of the latest edition of every release of the source, by guid."""
    rows = source.releases.order_by("edition").values_list("guid", "digest")
    return dict(rows)


def _read_by_other_rules(source: str) -> Iterator[int]:
    """Latest editions that today's rules have not read yet, oldest first."""
    rows = models.Release.objects.exclude(readings__rules_edition=rules_edition())
    if source:
        rows = rows.filter(source__code=source)
    latest = {(s, guid): key for key, s, guid in rows.order_by("edition").values_list(
        "pk", "source", "guid"
    )}  # fmt: skip
    newest = models.Release.objects.filter(pk__in=latest.values()).order_by("pk")
    for key, of, guid, edition in newest.values_list("pk", "source", "guid", "edition"):
        later = models.Release.objects.filter(source=of, guid=guid, edition__gt=edition)
        if not later.exists():
            yield key


def _storable(article: Article) -> Article:
    """The article without characters that no table holds, and with a guid that an index can."""
    texts: dict[str, Any] = {name: _clean(getattr(article, name)) for name in TEXTS}
    texts |= {name: texts[name][:LONGEST_CODE] for name in ("language", "publisher")}
    if len(article.guid) > LONGEST_GUID or _clean(article.guid) != article.guid:
        whole = hashlib.sha256(article.guid.encode("utf-8", "surrogatepass"))
        texts["guid"] = f"sha256:{whole.hexdigest()}"
    return replace(article, **texts)


def _as_of(source: models.NewsSource, article: Article) -> Article:
    """The article with what its source says of itself, where it says nothing else."""
    return replace(
        article,
        source=article.source or source.title,
        licence=article.licence or source.licence,
        publisher=article.publisher or source.administration,
        language=article.language or source.language,
    )


def _clean(text: str) -> str:
    """The text with as many characters, so that every place in it stays."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _day(article: Article) -> tuple[date, datetime]:
    at = article.published_at or datetime.min.replace(tzinfo=UTC)
    return article.published or date.min, at


@cache
def rules_edition() -> str:
    """A digest of everything that reads: another one may read something else."""
    folder = Path(extraction.__file__).parent
    whole = hashlib.sha256(__version__.encode())
    for file in sorted((*folder.rglob("*.py"), *folder.rglob("*.yaml"))):
        whole.update(file.relative_to(folder).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()
