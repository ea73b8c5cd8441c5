"""Wanted persons found abroad and brought back; no arrests at home."""

import pytest

from comity.newsfeed.announcement import AnnouncementType
from tests.newsfeed.extraction.releases import Release, releases_of, tells


@pytest.mark.parametrize(
    "release", releases_of("fugitive-return"), ids=lambda release: release.title
)
def test_a_fugitive_is_located_in_one_country_and_returned_to_another(release: Release) -> None:
    found = release.events(AnnouncementType.FUGITIVE_RETURN)

    assert len(found) == len(release.gives), found
    for expected in release.gives:
        assert any(tells(event, expected) for event in found), (expected, found)
