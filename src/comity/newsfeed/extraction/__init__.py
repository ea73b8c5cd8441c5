# SPDX-License-Identifier: Apache-2.0
"""What an article announces: every family of rules applied to it, each fact with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from comity.newsfeed.announcement import AnnouncedEvent, Announcement
from comity.newsfeed.article import Article
from comity.newsfeed.extraction.appointments import (
    announced_appointments,
    announced_nominations,
)
from comity.newsfeed.extraction.capacity import announced_trainings
from comity.newsfeed.extraction.fugitives import announced_fugitives
from comity.newsfeed.extraction.instruments import instruments
from comity.newsfeed.extraction.intake import announced_intakes
from comity.newsfeed.extraction.operations import announced_operations
from comity.newsfeed.extraction.port_hours import announced_port_hours
from comity.newsfeed.extraction.reading import Reading, reading_of
from comity.newsfeed.extraction.recommendations import announced_recommendations
from comity.newsfeed.extraction.repatriations import announced_repatriations
from comity.newsfeed.extraction.seizures import announced_seizures
from comity.newsfeed.extraction.visits import announced_visits

Family = Callable[[Reading], Iterable[AnnouncedEvent]]
FAMILIES: tuple[Family, ...] = (
    instruments,
    announced_operations,
    announced_seizures,
    announced_repatriations,
    announced_fugitives,
    announced_intakes,
    announced_port_hours,
    announced_recommendations,
    announced_trainings,
    announced_appointments,
    announced_nominations,
    announced_visits,
)
"""Each family of rules finds its events and knows nothing of the others."""


def extract(article: Article) -> Announcement:
    """Everything that the article announces, in the order of the text."""
    reading = reading_of(article)
    events = [event for family in FAMILIES for event in family(reading)]
    return Announcement(article, tuple(sorted(events, key=lambda e: (e.span.start, e.rule))))
