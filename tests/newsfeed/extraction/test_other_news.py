"""Visits, agreements, statistics, advice and offers announce none of the other events."""

import pytest

from comity.newsfeed.announcement import AnnouncementType
from tests.newsfeed.extraction.releases import Release, releases_of

OTHER_EVENTS = (
    AnnouncementType.JOINT_OPERATION,
    AnnouncementType.SEIZURE,
    AnnouncementType.REPATRIATION,
    AnnouncementType.FUGITIVE_RETURN,
    AnnouncementType.INTAKE_FIGURES,
    AnnouncementType.PORT_HOURS,
    AnnouncementType.RECOMMENDATION,
    AnnouncementType.CAPACITY_BUILDING,
)


@pytest.mark.parametrize("release", releases_of("other-news"), ids=lambda release: release.title)
def test_what_is_mentioned_by_the_way_is_not_announced(release: Release) -> None:
    assert [event for kind in OTHER_EVENTS for event in release.events(kind)] == []
