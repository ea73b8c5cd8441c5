"""Cultural property given back: every object, the country, the day."""

from datetime import date

import pytest

from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.article import BlockKind, article_of
from comity.newsfeed.extraction import extract
from tests.newsfeed.extraction.releases import Release, releases_of, tells


@pytest.mark.parametrize("release", releases_of("repatriation"), ids=lambda release: release.title)
def test_a_return_of_cultural_property_is_told_with_its_objects(release: Release) -> None:
    found = release.events(AnnouncementType.REPATRIATION)

    assert len(found) == len(release.gives), found
    for expected in release.gives:
        assert any(tells(event, expected) for event in found), (expected, found)


def test_contradictory_descriptions_in_body_and_caption_are_both_kept() -> None:
    article = article_of(
        "Customs returns artifacts to Costa Rica",
        (
            (BlockKind.PARAGRAPH, "Customs returned two artifacts to Costa Rica on 14 May 2024."),
            (BlockKind.PARAGRAPH, "The first one is a clay rattle with the head of a bird."),
            (BlockKind.PARAGRAPH, "The second one is a tripod pot."),
            (BlockKind.CAPTION, "A jade crocodile head dated circa 1000 A.D."),
        ),
        published=date(2024, 5, 15),
    )

    event = next(e for e in extract(article).events if e.type is AnnouncementType.REPATRIATION)

    assert event.values("objects") == ("clay rattle", "tripod pot")
    assert "A jade crocodile head dated circa 1000 A.D." in event.values("descriptions")
    assert any("clay rattle" in words for words in event.values("descriptions"))
    assert event.value("count") == "2"
