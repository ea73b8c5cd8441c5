# SPDX-License-Identifier: Apache-2.0
"""Values of the newsfeed as JSON that a table keeps, and back again without loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from comity.agreements.claim import Confidence
from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType, Fact, Span
from comity.newsfeed.article import Block, BlockKind
from comity.newsfeed.proposal import CHANGES, NOTES, NOTHING, ClaimSide
from comity.newsfeed.publication import PUBLISHED
from comity.newsfeed.sayings import Saying

Stored = dict[str, Any]
"""A JSON object. Any: what JSON can hold."""

TEXTS: dict[str, str] = NOTHING | CHANGES | NOTES | PUBLISHED
"""Every sentence that is kept by its code only; a new edition of Comity may say it better."""


def stored_event(event: AnnouncedEvent) -> Stored:
    """An event with all its spans."""
    return {
        "type": event.type.value,
        "rule": event.rule,
        "confidence": event.confidence.value,
        "span": _span(event.span),
        "facts": [[fact.name, fact.value, _span(fact.span)] for fact in event.facts],
    }


def event_of(stored: Mapping[str, Any]) -> AnnouncedEvent:
    """The event that was stored."""
    return AnnouncedEvent(
        type=AnnouncementType(stored["type"]),
        rule=stored["rule"],
        confidence=Confidence(stored["confidence"]),
        span=Span(*stored["span"]),
        facts=tuple(Fact(name, value, Span(*span)) for name, value, span in stored["facts"]),
    )


def _span(span: Span) -> list[Any]:
    return [span.start, span.end, span.text]


def stored_blocks(blocks: Iterable[Block]) -> list[Any]:
    """The blocks of a text as triples."""
    return [[block.kind.value, block.start, block.end] for block in blocks]


def blocks_of(stored: Iterable[Any]) -> tuple[Block, ...]:
    """The blocks that were stored."""
    return tuple(Block(BlockKind(kind), start, end) for kind, start, end in stored)


def stored_saying(saying: Saying) -> Stored:
    """Code and fields; a sentence that is in no table is kept as well."""
    text = {} if TEXTS.get(saying.code) == saying.text else {"text": saying.text}
    return {"code": saying.code, "fields": dict(saying.fields), **text}


def saying_of(stored: Mapping[str, Any]) -> Saying:
    """The saying that was stored."""
    code = stored["code"]
    return Saying(code, stored.get("text") or TEXTS.get(code, code), stored["fields"])


def stored_side(side: ClaimSide) -> Stored:
    """One side of a comparison."""
    recorded = side.recorded_on.isoformat() if side.recorded_on else None
    return {**asdict(side), "recorded_on": recorded}


def side_of_stored(stored: Mapping[str, Any]) -> ClaimSide:
    """The side that was stored."""
    given = {field.name: stored[field.name] for field in fields(ClaimSide)}
    recorded = given["recorded_on"]
    return ClaimSide(**given | {"recorded_on": date.fromisoformat(recorded) if recorded else None})
