# SPDX-License-Identifier: Apache-2.0
"""What can be read of sources, releases, cards and published changes: frozen values only."""

from __future__ import annotations

from comity.newsfeed.queries.archive import release, release_difference, releases
from comity.newsfeed.queries.cards import card, card_of_proposal, cards, cards_waiting
from comity.newsfeed.queries.published import public_change, public_changes, publishable
from comity.newsfeed.queries.sources import news_health, source, sources

__all__ = [
    "card",
    "card_of_proposal",
    "cards",
    "cards_waiting",
    "news_health",
    "public_change",
    "public_changes",
    "publishable",
    "release",
    "release_difference",
    "releases",
    "source",
    "sources",
]
