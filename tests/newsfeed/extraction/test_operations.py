"""Joint operations: who takes part, under which name, joint or mirrored."""

import pytest

from comity.newsfeed.announcement import AnnouncementType
from tests.newsfeed.extraction.releases import Release, releases_of, tells


@pytest.mark.parametrize(
    "release", releases_of("joint-operation"), ids=lambda release: release.title
)
def test_a_joint_operation_is_told_with_its_parties_and_name(release: Release) -> None:
    found = release.events(AnnouncementType.JOINT_OPERATION)

    assert len(found) == len(release.gives), found
    for expected in release.gives:
        assert any(tells(event, expected) for event in found), (expected, found)
