"""Seizures: what, how much and where; no statistics, no policy, no auctions."""

import pytest

from comity.newsfeed.announcement import AnnouncementType
from tests.newsfeed.extraction.releases import Release, releases_of, tells


@pytest.mark.parametrize("release", releases_of("seizure"), ids=lambda release: release.title)
def test_a_seizure_is_told_with_goods_quantities_and_place(release: Release) -> None:
    found = release.events(AnnouncementType.SEIZURE)

    assert len(found) == len(release.gives), found
    for expected in release.gives:
        assert any(tells(event, expected) for event in found), (expected, found)
