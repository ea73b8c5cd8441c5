# SPDX-License-Identifier: Apache-2.0
"""The parser that turns HTML into raw blocks, each with what its elements say of it.

The parser of the standard library is given its text in pieces and is stopped where a page has more
tags, blocks, words or depth than is read; it never recurses. Which of the blocks are the release
is for `markup` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from comity.newsfeed.article import BlockKind
from comity.newsfeed.formats.markup_tables import (
    BLOCKS,
    DROPPED,
    DROPPED_ROLES,
    ENDED_BY,
    KINDS,
    NEVER_BY_CLASS,
    VOID,
    Treatment,
    treatment_of,
)
from comity.newsfeed.formats.words import one_line

MAXIMUM_TEXT = 1024 * 1024
"""Characters of text that are read of one release."""
MAXIMUM_DEPTH = 256
MAXIMUM_TAGS = 100_000
MAXIMUM_BLOCKS = 5_000
LONGEST_ROW = 600
LONGEST_LINE = 160
"""A longer row, or a longer line below another in a row, is layout; its parts are paragraphs."""
LONGEST_WAIT = 128 * 1024
"""Characters of one unfinished tag, comment or script after which the rest is not read."""
CHUNK = 32 * 1024

_CELL, _BREAK = "\x01", "\x02"
_INLINE_DATA = re.compile(r"data:[\w/+.;=-]{0,60}base64,[A-Za-z0-9+/=\s]*")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(frozen=True, slots=True)
class _Frame:
    """An open element and what it means for the words inside it."""

    tag: str
    kind: BlockKind
    drop: bool = False
    released: bool = False
    link: bool = False
    row: bool = False
    main: int = 0
    article: int = 0


@dataclass(slots=True)
class RawBlock:
    """A block as it stands in the markup."""

    kind: BlockKind
    text: str
    linked: int
    """How many of its characters are those of links."""
    main: int
    """Number of the `main` element that it stands in; 0 outside of any."""
    article: int
    """Number of the outermost `article` that it stands in; 0 outside of any."""
    picture: bool = False
    """Whether the words are the description of a picture."""


@dataclass(slots=True)
class SaidOfItself:
    """What a page says of itself."""

    title: str = ""
    heading: str = ""
    language: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    released: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    linked_data: list[str] = field(default_factory=list)
    link: str = ""
    licence: str = ""


class _Enough(Exception):  # noqa: N818 - no error: the end of reading
    """The page has more than is read."""


class BlockReader(HTMLParser):
    """Collects blocks while the tags pass by."""

    def __init__(self, *, by_class: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[RawBlock] = []
        self.pictures = 0
        self.said = SaidOfItself()
        self.cut = False
        self._by_class = by_class
        self._frame = _Frame("", BlockKind.PARAGRAPH)
        self._open: list[_Frame] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._tags = 0
        self._parts = 0
        self._size = 0
        self._heard = ""
        """The element outside the text whose words are wanted: `title`, `json`."""

    # --- what the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self._count()
        if tag in VOID:
            self._void(tag, attrs)
            return
        ended = ENDED_BY.get(tag)
        while ended and self._frame.tag in ended:
            self._end()
        if tag in BLOCKS:
            self._end_block()
        frame = self._inner(tag, attrs)
        if len(self._open) < MAXIMUM_DEPTH:
            self._open.append(self._frame)
            self._frame = frame
        else:
            self.cut = True
        if tag in ("title", "script"):
            self._hear(tag, dict(attrs))
        elif tag == "time":
            self._time(dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that begins and ends at once."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and with it whatever in it was left open."""
        self._count()
        self._heard = ""
        if self._frame.tag == tag:
            self._end()
            return
        if tag in BLOCKS:
            self._end_block()
        for position in range(len(self._open) - 1, 0, -1):
            if self._open[position].tag == tag:
                while len(self._open) >= position:
                    self._end()
                return

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._heard:
            self._listen(data)
        frame = self._frame
        if frame.drop:
            return
        if frame.released:
            self.said.released.append(data[:200])
            return
        self._size += len(data)
        if self._size > MAXIMUM_TEXT:
            raise _Enough
        self._pieces.append(data)
        if frame.link:
            self._linked += len(data.strip())

    # --- elements

    def _count(self) -> None:
        self._tags += 1
        if self._tags > MAXIMUM_TAGS or len(self.blocks) >= MAXIMUM_BLOCKS:
            raise _Enough

    def _inner(self, tag: str, attrs: list[tuple[str, str | None]]) -> _Frame:
        """What the element means for the words inside it."""
        outer = self._frame
        known = dict(attrs) if attrs else {}
        if tag in ("html", "body", "article") and known.get("lang") and not self.said.language:
            self.said.language = known["lang"] or ""
        if outer.drop or tag in DROPPED or _is_hidden(known):
            return _Frame(tag, outer.kind, drop=True)
        kind = KINDS.get(tag, outer.kind)
        drop = released = False
        treatment = self._treatment(tag, known)
        if treatment is Treatment.DROP or tag in ("head", "title"):
            drop = True
        elif treatment is Treatment.RELEASED:
            released = True
        elif treatment is not None:
            kind = BlockKind(treatment.value)
        return _Frame(
            tag,
            kind if outer.kind is not BlockKind.BOILERPLATE else outer.kind,
            drop=drop,
            released=released or outer.released,
            link=outer.link or tag == "a",
            row=(outer.row or tag == "tr") and tag != "table",
            main=outer.main or (self._numbered() if _is_main(tag, known) else 0),
            article=outer.article or (self._numbered() if tag == "article" else 0),
        )

    def _treatment(self, tag: str, known: dict[str, str | None]) -> Treatment | None:
        if not self._by_class or tag in NEVER_BY_CLASS or not known:
            return None
        for name in ("class", "id", "itemprop"):
            said = known.get(name)
            found = treatment_of(said) if said else None
            if found:
                return found
        return Treatment.DROP if known.get("rel") == "author" else None

    def _numbered(self) -> int:
        self._parts += 1
        return self._parts

    def _void(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._pieces.append(_BREAK)
        elif tag == "hr":
            self._end_block()
        elif tag == "img" and not self._frame.drop and self.pictures < 200:
            self._picture((dict(attrs).get("alt") or "").strip()[:2000])
        elif tag == "meta":
            self._meta(dict(attrs))
        elif tag == "link":
            known = dict(attrs)
            self._link(known.get("rel") or "", known.get("href") or "")

    def _picture(self, description: str) -> None:
        if description:
            self.pictures += 1
            at, words = self._frame, one_line(description)
            block = RawBlock(BlockKind.CAPTION, words, 0, at.main, at.article, picture=True)
            self.blocks.append(block)

    def _meta(self, known: dict[str, str | None]) -> None:
        name = known.get("property") or known.get("name") or known.get("itemprop") or ""
        content = known.get("content") or ""
        if name and content and len(self.said.meta) < 100:
            self.said.meta.setdefault(name.lower()[:60], content[:500])

    def _link(self, rel: str, address: str) -> None:
        if rel == "canonical" and not self.said.link:
            self.said.link = address[:2000]
        elif rel == "license" and not self.said.licence:
            self.said.licence = address[:500]

    def _time(self, known: dict[str, str | None]) -> None:
        """A time before the first real paragraph is the page's own."""
        written = known.get("datetime")
        begun = any(len(each.text) > 120 for each in self.blocks[-8:])
        if written and not begun and len(self.said.times) < 8:
            self.said.times.append(written[:64])

    def _hear(self, tag: str, known: dict[str, str | None]) -> None:
        if tag == "title" and not self.said.title:
            self._heard = "title"
        elif "ld+json" in (known.get("type") or "") and len(self.said.linked_data) < 40:
            self._heard = "json"

    def _listen(self, data: str) -> None:
        if self._heard == "title":
            self.said.title = (self.said.title + data)[:500]
        elif len(data) < 200_000:
            self.said.linked_data.append(data)

    # --- blocks

    def _end(self) -> None:
        """The innermost open element ends."""
        tag = self._frame.tag
        if tag in BLOCKS:
            self._end_block()
        elif tag in ("td", "th"):
            self._pieces.append(_CELL)
        self._frame = self._open.pop()

    def _end_block(self) -> None:
        """The words since the last end are a block, or several where a row or breaks part them."""
        if self._frame.row and self._frame.tag != "tr":
            if self._pieces:
                self._pieces.append(_BREAK)
            return
        pieces, self._pieces = self._pieces, []
        linked, self._linked = self._linked, 0
        if not pieces:
            return
        text = "".join(pieces)
        if text.isspace() or not text:
            return
        frame = self._frame
        if frame.row:
            self._add_row(text, linked)
            return
        for part in _paragraphs(text):
            self._add(frame.kind, part, linked)

    def _add_row(self, text: str, linked: int) -> None:
        cells = [" ".join(cell.replace(_BREAK, " ").split()) for cell in text.split(_CELL)]
        row = " | ".join(cell for cell in cells if cell)
        told = any(len(part) > LONGEST_LINE for part in text.split(_BREAK)[1:])
        if len(row) <= LONGEST_ROW and not told:
            self._add(BlockKind.TABLE_ROW, row, linked)
            return
        for part in text.replace(_CELL, _BREAK).split(_BREAK):
            self._add(BlockKind.PARAGRAPH, part, 0)

    def _add(self, kind: BlockKind, text: str, linked: int) -> None:
        words = one_line(text.replace(_BREAK, " ").replace(_CELL, " "))
        if not words:
            return
        if self._frame.tag == "h1" and not self.said.heading:
            self.said.heading = words
        at = self._frame
        self.blocks.append(RawBlock(kind, words, linked, at.main, at.article))

    def finish(self) -> None:
        """The end of the page ends the last block."""
        while self._open:
            self._end()
        self._end_block()


def read_blocks(html: str, *, by_class: bool) -> BlockReader:
    """Every block of the markup; without `by_class`, whatever its classes say."""
    reader = BlockReader(by_class=by_class)
    text = _INLINE_DATA.sub("data:", html) if "base64," in html else html
    # The parser of the standard library stumbles over marked sections; to HTML they are comments.
    text = text.replace("<![", "<!x[") if "<![" in text else text
    try:
        _feed(reader, text)
    except (_Enough, AssertionError, ValueError):
        reader.cut = True
    reader.finish()
    return reader


def _feed(reader: BlockReader, text: str) -> None:
    """Give the parser its text in pieces, so that what never ends is not read again and again."""
    for start in range(0, len(text), CHUNK):
        reader.feed(text[start : start + CHUNK])
        if len(reader.rawdata) > LONGEST_WAIT:
            raise _Enough
    waiting = reader.rawdata
    # At the end, every "<" that begins nothing would be looked at to the end of the text.
    if waiting.count("<") > 200:
        raise _Enough
    reader.close()


def _paragraphs(text: str) -> list[str]:
    """Two line breaks in a row part paragraphs, one does not."""
    if text.count(_BREAK) < 2:
        return [text]
    parts, blank = [""], False
    for line in text.split(_BREAK):
        if not line.strip():
            blank = True
            continue
        if blank and parts[-1].strip():
            parts.append(line)
        else:
            parts[-1] += " " + line
        blank = False
    return parts


def _is_main(tag: str, known: dict[str, str | None]) -> bool:
    return tag == "main" or known.get("role") == "main"


def _is_hidden(known: dict[str, str | None]) -> bool:
    if not known:
        return False
    return (
        "hidden" in known
        or known.get("aria-hidden") == "true"
        or known.get("role") in DROPPED_ROLES
        or _HIDDEN.search(known.get("style") or "") is not None
    )
