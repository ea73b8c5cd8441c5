# SPDX-License-Identifier: Apache-2.0
"""A card told to a person at a terminal: what would change, why, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator

from comity.agreements.claim import Confidence
from comity.catalogues import N_, said, translate
from comity.newsfeed.proposal import CHANGE_WORDS
from comity.newsfeed.records import CardRecord
from comity.newsfeed.sayings import day_words
from comity.newsfeed.telling import CONFIDENCES, RULE

SHOWN = 5
"""Releases that are named beside a card; the others are counted."""

IN_THE_REGISTER = N_("In the register: {day}, by {source}")
ALSO = N_("Also announced by {source} ({release})")
ALSO_ONCE = N_("Once also announced by {source} ({release}); a later edition no longer says it")
ALSO_MORE = N_("And by {count} more releases")
GONE = N_("A later edition of the release no longer says it ({release})")
NOT_READ_ANY_MORE = N_("Read again by newer rules, the release does not say it")
BY_HAND = N_("Read in from a file or a text by {officer}")
REJECTED = N_("Rejected before as {card}: {reason}")
DECIDED = N_("Decided by {by} on {day}. {reason}")


def told(card: CardRecord, language: str = "en") -> str:
    """A card in a few lines: what, why, by whom announced, and with which confidence claimed."""
    change, article = card.change, card.release.article
    kind = translate(CHANGE_WORDS[change.kind], language)
    day = article.published.isoformat() if article.published else ""
    origin = ", ".join(part for part in (card.release.source_title, day) if part)
    trust = translate(CONFIDENCES[Confidence(change.ours.confidence)], language)
    return "\n    ".join(
        (
            f"{card.reference}  {kind}: {change.instrument}",
            change.why.said(language),
            f"“{card.event.span.text}”",
            said(RULE, {"rule": card.event.rule, "confidence": trust}, language),
            f"{origin}: {article.title}",
            *_beside(card, language),
        )
    )


def _beside(card: CardRecord, language: str) -> Iterator[str]:
    """What whoever decides should know beside the announcement itself."""
    for side in card.change.against:
        facts = {"day": day_words(side.date, language), "source": side.source}
        yield said(IN_THE_REGISTER, facts, language)
    for other in card.also[:SHOWN]:
        text = ALSO_ONCE if other.vanished_in else ALSO
        yield said(text, {"source": other.source_title, "release": other.release}, language)
    if len(card.also) > SHOWN:
        yield said(ALSO_MORE, {"count": len(card.also) - SHOWN}, language)
    if card.release.handed_in_by:
        yield said(BY_HAND, {"officer": card.release.handed_in_by}, language)
    if card.vanished_in == card.release.reference:
        yield translate(NOT_READ_ANY_MORE, language)
    elif card.vanished_in:
        yield said(GONE, {"release": card.vanished_in}, language)
    for before in card.earlier:
        yield said(REJECTED, {"card": before.card, "reason": before.reason}, language)
    decided = card.proposal
    if decided.decided_at is not None:
        facts = {"by": decided.decided_by, "day": f"{decided.decided_at:%Y-%m-%d}"}
        yield said(DECIDED, facts | {"reason": decided.reason}, language).rstrip()
