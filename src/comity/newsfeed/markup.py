# SPDX-License-Identifier: Apache-2.0
"""HTML as the blocks of a release: what is news, in order, each block apart from the next.

Scripts, navigation, forms and footers are dropped, and what the page says of its own publication
is kept as metadata. Hostile markup costs no more than other markup of its length: nothing here
recurses, and size, depth, tags and blocks are bounded. What the words mean is left to `extraction`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

from comity.newsfeed.article import BlockKind
from comity.newsfeed.formats.boilerplate import Blocks, marked
from comity.newsfeed.formats.markup_tables import (
    BLOCKS,
    DROPPED,
    DROPPED_ROLES,
    ENDED_BY,
    GENERIC_ALT,
    KINDS,
    NEVER_BY_CLASS,
    REPEATS_CAPTION,
    VOID,
    Treatment,
    treatment_of,
)
from comity.newsfeed.formats.release_day import (
    TOP,
    day_in,
    folded,
    instant_of,
    labelled_day,
    stated_day,
)
from comity.newsfeed.formats.words import one_line

MAXIMUM_TEXT = 1024 * 1024
"""Characters of text that are read of one release."""
MAXIMUM_DEPTH = 256
MAXIMUM_TAGS = 100_000
MAXIMUM_BLOCKS = 5_000
LONGEST_SUBTITLE = 200
LONGEST_ROW = 600
LONGEST_LINE = 160
"""A longer row, or a longer line below another in a row, is layout; its parts are paragraphs."""
LONGEST_WAIT = 128 * 1024
"""Characters of one unfinished tag, comment or script after which the rest is not read."""
CHUNK = 32 * 1024

_CELL, _BREAK = "\x01", "\x02"
_INLINE_DATA = re.compile(r"data:[\w/+.;=-]{0,60}base64,[A-Za-z0-9+/=\s]*")
_SITE_NAME = re.compile(r"\s+[|–—»·]\s+[^|–—»·]{2,60}$|\s+-\s+[^-]{2,40}$")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "govuk:first-published-at",
    "datepublished",
    "date.released",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "date",
    "pubdate",
    "publish-date",
    "publication_date",
    "release_date",
    "parsely-pub-date",
    "sailthru.date",
)
"""Names under which pages state their day of publication, the most exact first."""
_RIGHTS = ("dcterms.license", "dcterms.rights", "dc.rights", "license", "rights", "copyright")


@dataclass(frozen=True, slots=True)
class Page:
    """A page or a fragment of HTML as a reader understands it."""

    title: str
    blocks: tuple[tuple[BlockKind, str], ...]
    language: str = ""
    """As the page declares it."""
    published: date | None = None
    """What the page says of its own publication: a field, metadata, a line at its top."""
    published_at: datetime | None = None
    link: str = ""
    site: str = ""
    licence: str = ""
    labelled: bool = False
    """Whether the day stands in a field or label made for it, so that no other source is better."""
    cut: bool = False
    """Whether the page is longer, deeper or more broken than what is read."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """An open element and what it means for the words inside it."""

    tag: str
    kind: BlockKind
    drop: bool = False
    released: bool = False
    link: bool = False
    figure: bool = False
    row: bool = False
    region: int = 0
    """0 outside of `main` and `article`; the number of the outermost of them otherwise."""


@dataclass(slots=True)
class _Block:
    kind: BlockKind
    text: str
    linked: int
    region: int
    picture: bool = False
    """Whether the words are the description of a picture."""


@dataclass(slots=True)
class _Said:
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


def read_markup(
    html: str, *, title: str = "", whole: bool = False, month_first: bool = False
) -> Page:
    """The page's blocks and metadata.

    `title` is the release's where it is known; a block that only repeats it is left out. `whole`
    says that the markup is a page, of which only the part with the release is wanted.
    """
    reader = _read(html, by_class=True)
    if not _words(reader.blocks):
        reader = _read(html, by_class=False)
    said = reader.said
    found = _main_part(reader.blocks, reader.regions) if whole else reader.blocks
    named = title or _title_of(said)
    found = _without_empty_descriptions(found, named) if reader.pictures else found
    blocks = _without_title(_texts(found, whole=whole), named)
    day, instant, labelled = _publication(said, blocks, whole=whole, month_first=month_first)
    return Page(
        title=named,
        blocks=tuple(marked(blocks)),
        language=said.language or said.meta.get("og:locale", "")[:2],
        published=day,
        published_at=instant,
        link=said.link or said.meta.get("og:url", ""),
        site=said.meta.get("og:site_name", ""),
        licence=said.licence or _first(said.meta, _RIGHTS),
        labelled=labelled,
        cut=reader.cut,
    )


def plain_words(html: str) -> str:
    """The words of a short piece of markup, such as a title with emphasis, on one line."""
    if "<" not in html and "&" not in html:
        return one_line(html)
    return " ".join(block.text for block in _read(html, by_class=False).blocks)


class _Enough(Exception):  # noqa: N818 - no error: the end of reading
    """The page has more than is read."""


class _Reader(HTMLParser):
    """Collects blocks while the tags pass by."""

    def __init__(self, *, by_class: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Block] = []
        self.pictures = 0
        self.regions: dict[int, str] = {}
        self.said = _Said()
        self.cut = False
        self._by_class = by_class
        self._frame = _Frame("", BlockKind.PARAGRAPH)
        self._open: list[_Frame] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._tags = 0
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
            figure=outer.figure or tag == "figure",
            row=(outer.row or tag == "tr") and tag != "table",
            region=outer.region or self._region(tag, known),
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

    def _region(self, tag: str, known: dict[str, str | None]) -> int:
        if tag not in ("main", "article") and known.get("role") != "main":
            return 0
        number = len(self.regions) + 1
        self.regions[number] = tag
        return number

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
            words = one_line(description)
            region = self._frame.region
            self.blocks.append(_Block(BlockKind.CAPTION, words, 0, region, picture=True))

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
            self._add_row(text, linked, frame.region)
            return
        for part in _paragraphs(text):
            self._add(frame.kind, part, linked, frame.region)

    def _add_row(self, text: str, linked: int, region: int) -> None:
        cells = [" ".join(cell.replace(_BREAK, " ").split()) for cell in text.split(_CELL)]
        row = " | ".join(cell for cell in cells if cell)
        told = any(len(part) > LONGEST_LINE for part in text.split(_BREAK)[1:])
        if len(row) <= LONGEST_ROW and not told:
            self._add(BlockKind.TABLE_ROW, row, linked, region)
            return
        for part in text.replace(_CELL, _BREAK).split(_BREAK):
            self._add(BlockKind.PARAGRAPH, part, 0, region)

    def _add(self, kind: BlockKind, text: str, linked: int, region: int) -> None:
        words = one_line(text.replace(_BREAK, " ").replace(_CELL, " "))
        if not words:
            return
        if self._frame.tag == "h1" and not self.said.heading:
            self.said.heading = words
        self.blocks.append(_Block(kind, words, linked, region))

    def finish(self) -> None:
        """The end of the page ends the last block."""
        while self._open:
            self._end()
        self._end_block()


def _read(html: str, *, by_class: bool) -> _Reader:
    reader = _Reader(by_class=by_class)
    text = _INLINE_DATA.sub("data:", html) if "base64," in html else html
    # The parser of the standard library stumbles over marked sections; to HTML they are comments.
    text = text.replace("<![", "<!x[") if "<![" in text else text
    try:
        _feed(reader, text)
    except (_Enough, AssertionError, ValueError):
        reader.cut = True
    reader.finish()
    return reader


def _feed(reader: _Reader, text: str) -> None:
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


def _is_hidden(known: dict[str, str | None]) -> bool:
    if not known:
        return False
    return (
        "hidden" in known
        or known.get("aria-hidden") == "true"
        or known.get("role") in DROPPED_ROLES
        or _HIDDEN.search(known.get("style") or "") is not None
    )


def _words(blocks: Iterable[_Block]) -> bool:
    return any(b.kind is not BlockKind.BOILERPLATE and not b.picture for b in blocks)


def _main_part(blocks: list[_Block], regions: dict[int, str]) -> list[_Block]:
    """The blocks of the page's main part where it has one that holds a good part of its words."""
    sizes = dict.fromkeys(regions, 0)
    for block in blocks:
        if block.region:
            sizes[block.region] += len(block.text) - min(block.linked, len(block.text))
    best = max(sizes, key=lambda region: sizes[region], default=0)
    whole = sum(len(b.text) - min(b.linked, len(b.text)) for b in blocks)
    if not best or sizes[best] < 0.2 * whole:
        return blocks
    return [block for block in blocks if block.region == best]


def _texts(blocks: list[_Block], *, whole: bool) -> Blocks:
    """Kinds and texts; lines that are nothing but links lead elsewhere."""
    texts: Blocks = []
    for block in blocks:
        kind = block.kind
        if kind is BlockKind.SUBTITLE and len(block.text) > LONGEST_SUBTITLE:
            kind = BlockKind.PARAGRAPH
        if block.linked * 10 > 9 * len(block.text) and kind is not BlockKind.HEADING:
            if whole and len(block.text) < 60:
                continue
            kind = BlockKind.BOILERPLATE
        texts.append((kind, block.text))
    return texts


def _title_of(said: _Said) -> str:
    shared = said.meta.get("og:title", "")
    if said.heading and (not shared or _bare(said.heading) in _bare(shared)):
        return said.heading
    title = shared or said.title
    return _SITE_NAME.sub("", one_line(title))


def _without_title(blocks: Blocks, title: str) -> Blocks:
    """The blocks, what only repeats the title among the first ones left out."""
    same = _bare(title)
    return [
        block
        for position, block in enumerate(blocks)
        if not (same and position < 12 and _bare(block[1]) == same)
    ]


def _without_empty_descriptions(blocks: list[_Block], title: str) -> list[_Block]:
    """The blocks; of the descriptions of pictures only those that say what stands nowhere else."""
    said = _bare(" ".join([title, *(block.text for block in blocks if not block.picture)]))
    kept = []
    for block in blocks:
        if block.picture:
            bare = _bare(block.text)
            if bare in said or not _tells(block.text, bare):
                continue
            said += " " + bare
        kept.append(block)
    return kept


def _tells(description: str, bare: str) -> bool:
    """Whether the description of a picture says more than that it is one."""
    if len(bare.split()) < 4 or GENERIC_ALT.fullmatch(description):
        return False
    return REPEATS_CAPTION.search(folded(description)) is None


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(text)))


def _publication(
    said: _Said, blocks: Blocks, *, whole: bool, month_first: bool
) -> tuple[date | None, datetime | None, bool]:
    """The day and the instant that the page gives, and whether in a field made for it."""
    stated = [_first(said.meta, _PUBLISHED), _linked_day(said.linked_data), *said.times]
    instant = _in_its_own_offset([each for each in map(instant_of, stated) if each])
    released = " ".join(" ".join(said.released).split())
    day = day_in(released, month_first=month_first) if released else None
    if day:
        return day, instant, True
    if instant:
        return instant.date(), instant, True
    day = next((each for each in map(day_in, stated) if each), None)
    if day:
        return day, None, True
    top = [text for _, text in blocks[:TOP]]
    labelled = labelled_day(top, month_first=month_first)
    return labelled or stated_day(top, month_first=month_first), None, labelled is not None


def _in_its_own_offset(instants: list[datetime]) -> datetime | None:
    """The first instant; where it is given in another offset than that of Greenwich, in that."""
    if not instants:
        return None
    same = (each for each in instants if each == instants[0] and each.utcoffset())
    return next(same, instants[0])


def _linked_day(scripts: list[str]) -> str:
    """`datePublished` of the first thing in the page's linked data that has one."""
    for script in scripts:
        try:
            waiting: list[Any] = [json.loads(script)]  # Any: what JSON holds
        except (ValueError, RecursionError):
            continue
        for _ in range(2000):
            if not waiting:
                break
            each = waiting.pop(0)
            if isinstance(each, dict):
                if isinstance(each.get("datePublished"), str):
                    return str(each["datePublished"])
                waiting += each.values()
            elif isinstance(each, list):
                waiting += each[:200]
    return ""


def _first(known: dict[str, str], names: Iterable[str]) -> str:
    return next((known[name] for name in names if known.get(name)), "")
