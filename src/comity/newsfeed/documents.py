# SPDX-License-Identifier: Apache-2.0
"""Records of the newsfeed as JSON has them: for the API and for commands with `--json`."""

from __future__ import annotations

from typing import Any

from comity.agreements.documents import plain
from comity.newsfeed.announcement import event_document
from comity.newsfeed.proposal import Change
from comity.newsfeed.records import (
    CardRecord,
    EventRecord,
    Evidence,
    PublicChangeRecord,
    ReleaseRecord,
    ReleaseRow,
    SourceRecord,
    TakenIn,
)
from comity.newsfeed.sayings import Saying

Document = dict[str, Any]
"""A JSON object. Any: what JSON can hold."""


def saying_document(saying: Saying | None, language: str = "en") -> Document | None:
    """The permanent code, the sentence in this language, and its fields."""
    if saying is None:
        return None
    return {"code": saying.code, "says": saying.said(language), "fields": dict(saying.fields)}


def source_document(source: SourceRecord, language: str = "en") -> Document:
    """A source and its health."""
    health = source.health
    document = _plain(source)
    document["health"] |= {
        "problem": saying_document(health.problem, language),
        "remedy": health.remedy.said(language) if health.remedy else None,
    }
    return document


def release_row_document(row: ReleaseRow) -> Document:
    """A release in a list."""
    return _plain(row)


def release_document(release: ReleaseRecord, language: str = "en") -> Document:
    """One edition of a release with its text and what was read from it."""
    article = release.article
    return {
        "reference": release.reference,
        "source": release.source,
        "source_title": release.source_title,
        "guid": article.guid,
        "edition": release.edition,
        "title": article.title,
        "text": article.text,
        "link": article.link,
        "published": plain(article.published),
        "language": article.language,
        "publisher": article.publisher,
        "licence": article.licence,
        "handed_in_by": release.handed_in_by or None,
        "digest": article.digest,
        "read_at": plain(release.read_at),
        "rules_edition": release.rules_edition,
        "editions": [_plain(edition) for edition in release.editions],
        "events": [_event(each, language) for each in release.events],
    }


def card_document(card: CardRecord, language: str = "en") -> Document:
    """A card with what would change and the evidence for it."""
    return {
        "reference": card.reference,
        "state": card.state.value,
        "version": card.version,
        "proposal": card.proposal.reference,
        "change": _change(card.change, language),
        "event": event_document(card.event),
        "release": card.release.reference,
        "source": card.release.source,
        "title": card.release.article.title,
        "link": card.release.article.link,
        "licence": card.release.article.licence,
        "handed_in_by": card.release.handed_in_by or None,
        "published": plain(card.release.article.published),
        "also": [_evidence(each) for each in card.also],
        "earlier": [_plain(each) for each in card.earlier],
        "beside": list(card.beside),
        "vanished_in": card.vanished_in or None,
        "decided_by": card.proposal.decided_by or None,
        "decided_at": plain(card.proposal.decided_at),
        "reason": card.proposal.reason,
        "public": card.public.reference if card.public else None,
    }


def public_change_document(change: PublicChangeRecord, language: str = "en") -> Document:
    """A published change."""
    sources = [{"title": title, "url": url} for title, url in change.sources]
    summary = saying_document(change.summary, language)
    return _plain(change) | {"summary": summary, "sources": sources}


def taken_document(taken: TakenIn) -> Document:
    """What became of the releases of one feed."""
    return _plain(taken)


def _evidence(told: Evidence) -> Document:
    read = {"event": event_document(told.event), "vanished_in": told.vanished_in or None}
    return _plain(told) | read


def _event(record: EventRecord, language: str) -> Document:
    return {
        "index": record.index,
        **event_document(record.event),
        "outcome": saying_document(record.outcome, language),
        "card": record.card or None,
    }


def _change(change: Change, language: str) -> Document:
    return {
        "kind": change.kind.value,
        "instrument": change.instrument,
        "why": saying_document(change.why, language),
        "ours": _plain(change.ours),
        "against": [_plain(side) for side in change.against],
        "notes": [saying_document(note, language) for note in change.notes],
        "content": plain(change.content),
    }


def _plain(value: object) -> Document:
    """A value as an object of JSON."""
    document = plain(value)
    if not isinstance(document, dict):
        raise TypeError(type(value).__name__)
    return document
