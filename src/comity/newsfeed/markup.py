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
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from comity.newsfeed.article import BlockKind
from comity.newsfeed.formats.boilerplate import Blocks, marked
from comity.newsfeed.formats.markup_reader import RawBlock, SaidOfItself, read_blocks
from comity.newsfeed.formats.markup_tables import GENERIC_ALT, REPEATS_CAPTION
from comity.newsfeed.formats.release_day import (
    TOP,
    day_in,
    folded,
    instant_of,
    labelled_day,
    stated_day,
)
from comity.newsfeed.formats.words import one_line

LONGEST_SUBTITLE = 200
SMALLEST_MAIN, SMALLEST_ARTICLE = 0.2, 0.5
"""Which share of the words the main part of a page, and the article in it, must have."""
_SITE_NAME = re.compile(r"\s+[|–—»·]\s+[^|–—»·]{2,60}$|\s+-\s+[^-]{2,40}$")
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


def read_markup(
    html: str,
    *,
    title: str = "",
    whole: bool = False,
    month_first: bool = False,
    dated: bool = False,
) -> Page:
    """The page's blocks and metadata.

    `title` is the release's where it is known; a block that only repeats it is left out. `whole`
    says that the markup is a page, of which only the part with the release is wanted; `dated`,
    that the day of publication is known: only a field or a label made for it is then looked for.
    """
    reader = read_blocks(html, by_class=True)
    if not _words(reader.blocks):
        reader = read_blocks(html, by_class=False)
    said = reader.said
    main = _main_part(reader.blocks) if whole else reader.blocks
    found = _article_part(main) if whole else main
    named = title or _title_of(said)
    found = _without_empty_descriptions(found, named) if reader.pictures else found
    blocks = _without_title(_texts(found, whole=whole), named)
    day, instant, labelled = _publication(said, main, month_first=month_first, dated=dated)
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
    return " ".join(block.text for block in read_blocks(html, by_class=False).blocks)


def _words(blocks: Iterable[RawBlock]) -> bool:
    return any(b.kind is not BlockKind.BOILERPLATE and not b.picture for b in blocks)


def _main_part(blocks: list[RawBlock]) -> list[RawBlock]:
    """The blocks of the page's main part where it has one that holds a good part of its words."""
    mains = _sizes((block.main, block) for block in blocks)
    best = max(mains, key=lambda number: mains[number], default=0)
    if not best or mains[best] < SMALLEST_MAIN * sum(map(_weight, blocks)):
        return blocks
    return [block for block in blocks if block.main == best]


def _article_part(blocks: list[RawBlock]) -> list[RawBlock]:
    """The blocks of the one article that these are about, and what stands above it."""
    articles = _sizes((block.article, block) for block in blocks)
    best = max(articles, key=lambda number: articles[number], default=0)
    if not best or articles[best] < SMALLEST_ARTICLE * sum(map(_weight, blocks)):
        return blocks
    begins = next(at for at, block in enumerate(blocks) if block.article == best)
    above = [block for block in blocks[:begins] if not block.article and block.main]
    return above + [block for block in blocks if block.article == best]


def _sizes(numbered: Iterable[tuple[int, RawBlock]]) -> dict[int, int]:
    """How many characters each numbered part has, those of links left out."""
    sizes: dict[int, int] = {}
    for number, block in numbered:
        if number:
            sizes[number] = sizes.get(number, 0) + _weight(block)
    return sizes


def _weight(block: RawBlock) -> int:
    return max(0, len(block.text) - block.linked)


def _texts(blocks: list[RawBlock], *, whole: bool) -> Blocks:
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


def _title_of(said: SaidOfItself) -> str:
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
        if not (
            same and position < 12 and len(block[1]) < len(title) + 20 and _bare(block[1]) == same
        )
    ]


def _without_empty_descriptions(blocks: list[RawBlock], title: str) -> list[RawBlock]:
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
    said: SaidOfItself, blocks: list[RawBlock], *, month_first: bool, dated: bool
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
    top = [block.text for block in blocks[:TOP]]
    labelled = labelled_day(top, month_first=month_first)
    if labelled or dated:
        return labelled, None, labelled is not None
    return stated_day(top, month_first=month_first), None, False


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
