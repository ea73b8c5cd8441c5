"""Recommendations: number, title, owner and steps."""

import pytest

from comity.newsfeed.announcement import AnnouncementType
from tests.newsfeed.extraction.releases import Release, releases_of, tells


@pytest.mark.parametrize(
    "release", releases_of("recommendation"), ids=lambda release: release.title
)
def test_a_recommendation_has_an_owner_and_a_title(release: Release) -> None:
    found = release.events(AnnouncementType.RECOMMENDATION)

    assert len(found) == len(release.gives), found
    for expected in release.gives:
        assert any(tells(event, expected) for event in found), (expected, found)
