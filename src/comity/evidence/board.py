# SPDX-License-Identifier: Apache-2.0
"""The evidence board of a case as a picture: items as boxes, what was made of what as lines.

Columns are steps of derivation: an item stands right of everything that it was made from. Plain:
positions only, in units of one box; what a box says is decided by the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class LinkKind(StrEnum):
    """How one item belongs to another."""

    DERIVES = "derives"
    """The second was made from the first."""
    SUPERSEDES = "supersedes"
    """The second corrects the first and stands in its place."""


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the board, from the earlier item to the later one."""

    source: str
    target: str
    kind: LinkKind = LinkKind.DERIVES


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: its column and its row, counted from 0."""

    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Board:
    """The drawing: a place for every item, and the lines between those that stand on it."""

    places: Mapping[str, Place]
    links: tuple[Link, ...]

    @property
    def columns(self) -> int:
        """How many columns the drawing has."""
        return max((place.column for place in self.places.values()), default=-1) + 1

    @property
    def rows(self) -> int:
        """How many rows the longest column has."""
        return max((place.row for place in self.places.values()), default=-1) + 1


def lay_out(items: Iterable[str], links: Iterable[Link]) -> Board:
    """Give every item its place; lines to items that are not on the board are left out.

    A circle, which no honest custody can make, is cut where it is met: the board is still drawn.
    """
    order = tuple(dict.fromkeys(items))
    drawn = tuple(
        link
        for link in dict.fromkeys(links)
        if link.source in order and link.target in order and link.source != link.target
    )
    column = _columns(order, drawn)
    places: dict[str, Place] = {}
    rows: dict[int, int] = {}
    for item in _beside_their_sources(order, drawn, column):
        place = column[item]
        places[item] = Place(place, rows.get(place, 0))
        rows[place] = rows.get(place, 0) + 1
    return Board({item: places[item] for item in order}, drawn)


def _columns(order: tuple[str, ...], links: tuple[Link, ...]) -> dict[str, int]:
    """The length of the longest way to each item, by rounds: at most one round for each item."""
    column = dict.fromkeys(order, 0)
    for _ in range(len(order) - 1):
        moved = False
        for link in links:
            if column[link.target] <= column[link.source] < len(order) - 1:
                column[link.target] = column[link.source] + 1
                moved = True
        if not moved:
            return column
    used = {place: number for number, place in enumerate(sorted(set(column.values())))}
    return {item: used[place] for item, place in column.items()}


def _beside_their_sources(
    order: tuple[str, ...], links: tuple[Link, ...], column: Mapping[str, int]
) -> list[str]:
    """The items column by column, within one in the order of what they were made from."""
    sources = {item: [link.source for link in links if link.target == item] for item in order}
    rank: dict[str, float] = {item: number for number, item in enumerate(order)}

    def height(item: str) -> tuple[float, int]:
        known = [rank[source] for source in sources[item]]
        return (sum(known) / len(known) if known else rank[item], order.index(item))

    found: list[str] = []
    for number in range(max(column.values(), default=-1) + 1):
        level = sorted((item for item in order if column[item] == number), key=height)
        rank.update({item: place for place, item in enumerate(level)})
        found.extend(level)
    return found
