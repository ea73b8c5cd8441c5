"""Figures of a surge, and not those of every day."""

import pytest

from comity.newsfeed.announcement import AnnouncementType
from tests.newsfeed.extraction.releases import Release, releases_of, tells


@pytest.mark.parametrize(
    "release", releases_of("intake-figures"), ids=lambda release: release.title
)
def test_figures_are_those_of_a_surge(release: Release) -> None:
    found = release.events(AnnouncementType.INTAKE_FIGURES)

    assert len(found) == len(release.gives), found
    for expected in release.gives:
        assert any(tells(event, expected) for event in found), (expected, found)
