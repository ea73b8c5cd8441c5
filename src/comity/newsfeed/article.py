# SPDX-License-Identifier: Apache-2.0
"""One public release as a value: its text, where each block stands in it, and where it is from.

Every span that extraction names is a place in `Article.text`. How bytes become articles is in
`feed` and `markup`; what an article says is in `extraction`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block of text is to a reader."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    TABLE_ROW = "table-row"
    CAPTION = "caption"
    BOILERPLATE = "boilerplate"
    """Says who the publisher is, how to follow it, when the page was changed: no news."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the text: from `start` up to but not including `end`."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One release as it was received, its markup taken off."""

    guid: str
    """What tells it from every other release of its source; made of the content where none is."""
    title: str
    text: str
    """The title, then every block, one a line: blocks are separated by one line feed."""
    blocks: tuple[Block, ...]
    """In the order of the text, not overlapping; the first is the title where there is one."""
    published: date | None = None
    """The day of publication where the publisher is; what "today" means in the text."""
    published_at: datetime | None = None
    """The instant, where the source gives one; it always has an offset."""
    language: str = ""
    """`en`, `fr`, `es` or another ISO 639-1 code; empty when it could not be told."""
    link: str = ""
    publisher: str = ""
    """Code of the country or union whose administration publishes; empty when unknown."""
    source: str = ""
    """The source's own title, such as the feed's."""
    licence: str = ""
    """Terms under which the source may be used, in its own words; empty when it states none."""

    @property
    def digest(self) -> str:
        """SHA-256 of title, text and day, in hexadecimal: an edited release has another."""
        day = self.published.isoformat() if self.published else ""
        return hashlib.sha256("\0".join((self.title, self.text, day)).encode()).hexdigest()

    def text_of(self, block: Block) -> str:
        """The block's text."""
        return self.text[block.start : block.end]


def article_of(
    title: str, blocks: tuple[tuple[BlockKind, str], ...], *, guid: str = "", **known: object
) -> Article:
    """An article whose text is the title and the blocks; empty blocks are left out.

    `known` are further fields of `Article`. Without a guid the digest of the content serves.
    """
    parts = [(BlockKind.TITLE, title.strip()), *blocks]
    placed, texts, end = [], [], -1
    for kind, part in parts:
        words = " ".join(part.split())
        if not words:
            continue
        placed.append(Block(kind, end + 1, end + 1 + len(words)))
        texts.append(words)
        end = placed[-1].end
    text = "\n".join(texts)
    made = Article(guid=guid, title=title.strip(), text=text, blocks=tuple(placed), **known)  # type: ignore[arg-type]  # fields by name
    return made if guid else replace(made, guid=f"sha256:{made.digest[:32]}")
