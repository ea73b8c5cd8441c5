"""Opening hours: the new ones and not the former, from which day, where else to cross."""

import pytest

from comity.newsfeed.announcement import AnnouncementType
from tests.newsfeed.extraction.releases import Release, releases_of, tells


@pytest.mark.parametrize("release", releases_of("port-hours"), ids=lambda release: release.title)
def test_a_port_changes_its_hours_from_a_day(release: Release) -> None:
    found = release.events(AnnouncementType.PORT_HOURS)

    assert len(found) == len(release.gives), found
    for expected in release.gives:
        assert any(tells(event, expected) for event in found), (expected, found)
