"""Training: between whom and on what; no offers, no academies of one's own."""

import pytest

from comity.newsfeed.announcement import AnnouncementType
from tests.newsfeed.extraction.releases import Release, releases_of, tells


@pytest.mark.parametrize(
    "release", releases_of("capacity-building"), ids=lambda release: release.title
)
def test_a_training_is_told_with_its_parties_and_subject(release: Release) -> None:
    found = release.events(AnnouncementType.CAPACITY_BUILDING)

    assert len(found) == len(release.gives), found
    for expected in release.gives:
        assert any(tells(event, expected) for event in found), (expected, found)
