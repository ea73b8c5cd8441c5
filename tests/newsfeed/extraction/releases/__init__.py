"""Made-up releases by family of announcements, and what is to be read in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.article import BlockKind, article_of
from comity.newsfeed.extraction import extract
from comity.reference.yaml_files import read_yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Release:
    """One made-up release and the facts of every event of its family."""

    title: str
    text: str
    published: date
    gives: Sequence[Mapping[str, Any]]

    def events(self, kind: AnnouncementType) -> list[AnnouncedEvent]:
        """What is read in it, of this type."""
        paragraphs = tuple((BlockKind.PARAGRAPH, line) for line in self.text.splitlines())
        article = article_of(self.title, paragraphs, published=self.published)
        return [event for event in extract(article).events if event.type is kind]


def releases_of(family: str) -> list[Release]:
    """The made-up releases of one family."""
    entries: Any = read_yaml(FOLDER / f"{family}.yaml").value
    return [
        Release(
            title=entry["title"],
            text=entry["text"],
            published=date.fromisoformat(entry["published"]),
            gives=entry["gives"],
        )
        for entry in entries
    ]


def tells(event: AnnouncedEvent, expected: Mapping[str, Any]) -> bool:
    """Whether the event has every expected fact: all the values of a list, or the one value."""
    return all(
        set(event.values(name)) == set(value)
        if isinstance(value, list | tuple)
        else value in event.values(name)
        for name, value in expected.items()
    )
