# SPDX-License-Identifier: Apache-2.0
"""Figures without persons: counts over codes and periods alone, with small cells withheld.

What may be counted by is a closed list in which no field names or leads to a person; anything else
is refused. A cell that counts fewer than a handful is withheld, and so is whatever would let it be
worked out from the rest. A figure keeps every condition of what it counts, but for the one that
the projection itself met: it holds no personal data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.handling.marking import Marking, Unsettled, join_all

SMALLEST = 5
"""A published cell counts at least so many."""
MOST_DIMENSIONS = 3


class Dimension(StrEnum):
    """By what items may be counted. None of these names a person or leads to one."""

    SUPPLIER = "supplier"
    KIND = "kind"
    RANK = "rank"
    STATE = "state"
    PURPOSE = "purpose"
    OFFENCE = "offence"
    INSTRUMENT = "instrument"
    CLASS = "class"
    YEAR = "year"
    MONTH = "month"


class NotCountableError(InvalidInputError):
    """A figure was asked for by something that may lead to a person, or by too much at once."""

    code = "figure-not-countable"
    message = N_("No figure is made by {dimension}: {obstacle}.")
    remedy = N_("Count by at most {most} of these: {dimensions}.")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a figure; its count is None where it is withheld."""

    codes: tuple[str, ...]
    count: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """Counts by codes, as they may be shown and passed on."""

    by: tuple[Dimension, ...]
    cells: tuple[Cell, ...]
    total: int | None
    """None where it would give a withheld cell away."""
    marking: Marking


@dataclass(frozen=True, slots=True)
class Counted:
    """One item as a figure sees it: codes by dimension, and what is laid on it."""

    codes: Mapping[Dimension, str]
    marking: Marking


def figure(items: Iterable[Counted], by: Sequence[str], *, smallest: int = SMALLEST) -> Figure:
    """How many items there are of each combination of codes.

    Raises:
        NotCountableError: it names what no figure is made by, too many dimensions, or one twice.
    """
    dimensions = _dimensions(by)
    counted = list(items)
    counts = Counter(tuple(item.codes.get(each, "") for each in dimensions) for item in counted)
    withheld = _withheld(counts, smallest)
    hidden = sum(counts[codes] for codes in withheld)
    cells = tuple(
        Cell(codes, None if codes in withheld else count) for codes, count in sorted(counts.items())
    )
    # A total beside one withheld cell, or beside some that are few together, gives them away.
    shown = not withheld or (len(withheld) > 1 and hidden >= smallest)
    few = len(counted) < smallest
    total = len(counted) if shown and not few else None
    return Figure(dimensions, cells, total, without_persons(item.marking for item in counted))


def without_persons(markings: Iterable[Marking]) -> Marking:
    """What is laid on a figure: everything that is laid on what it counts, but personal data."""
    joined = join_all(markings)
    settled = joined.unsettled - {Unsettled.PERSONAL_DATA}
    return replace(joined, personal_data=False, unsettled=settled)


def _dimensions(by: Sequence[str]) -> tuple[Dimension, ...]:
    known = {dimension.value: dimension for dimension in Dimension}
    for name in by:
        if name not in known:
            raise _not_countable(name[:40], "it is not on the list of what holds no person")
    if len(set(by)) != len(by) or len(by) > MOST_DIMENSIONS:
        raise _not_countable(", ".join(by)[:80], "they are too many, or one stands there twice")
    return tuple(known[name] for name in by)


def _not_countable(dimension: str, obstacle: str) -> NotCountableError:
    return NotCountableError(
        dimension=dimension,
        obstacle=obstacle,
        most=MOST_DIMENSIONS,
        dimensions=", ".join(Dimension),
    )


def _withheld(counts: Mapping[tuple[str, ...], int], smallest: int) -> frozenset[tuple[str, ...]]:
    """The small cells, and in each line of the figure one more where one alone is withheld.

    A line is what differs in one code only. Whoever knows the sum of a line could work out the
    one cell of it that is withheld, therefore a second one is, the smallest of the others.
    """
    withheld = {codes for codes, count in counts.items() if count < smallest}
    growing = bool(withheld)
    while growing:
        growing = False
        for line in _lines(counts):
            hidden = [codes for codes in line if codes in withheld]
            others = [codes for codes in line if codes not in withheld]
            if len(hidden) == 1 and others:
                withheld.add(min(others, key=lambda codes: (counts[codes], codes)))
                growing = True
    return frozenset(withheld)


def _lines(counts: Mapping[tuple[str, ...], int]) -> Iterable[list[tuple[str, ...]]]:
    lines: dict[tuple[int, tuple[str, ...]], list[tuple[str, ...]]] = {}
    for codes in sorted(counts):
        for place in range(len(codes)):
            key = (place, (*codes[:place], *codes[place + 1 :]))
            lines.setdefault(key, []).append(codes)
    return lines.values()
