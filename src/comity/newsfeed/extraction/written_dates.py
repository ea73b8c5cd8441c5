# SPDX-License-Identifier: Apache-2.0
"""Dates as they are written in English, French and Spanish: day, month and year, or part of them.

Only forms are read here; what a date without a year means is decided in `dates`. Of a range
("June 23–25, 2022", "du 30 mai au 2 juin") the first day is given. A numeric date that could be
read in two ways is read in neither, unless the caller knows which comes first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from comity.newsfeed.extraction.date_words import (
    AND,
    BEFORE_BARE_MONTH,
    BEFORE_MONTH,
    BEFORE_MONTH_ONLY,
    BEFORE_YEAR,
    CAPITAL_MONTHS,
    DAYS_IN_WORDS,
    FIRST_DAYS,
    FULL_MONTHS,
    MONTHS,
    ORDINALS,
    RANGE,
    YEAR_WORDS,
    YEARS_IN_WORDS,
)
from comity.newsfeed.extraction.phrases import Token

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z")


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it is written: tokens `first` up to but not including `last`."""

    first: int
    last: int
    month: int
    day: int | None = None
    year: int | None = None
    year_distance: int | None = None
    """Years from the publication's, where it is written "of last year"."""
    untold: bool = False
    """The text names a year that cannot be told: "of that year"."""

    @property
    def dated(self) -> bool:
        """Whether the year is told in one way or another."""
        return self.year is not None or self.year_distance is not None or self.untold

    @property
    def stands(self) -> bool:
        """Whether there is such a day."""
        if self.day is None:
            return True
        try:
            date(self.year or 2000, self.month, self.day)
        except ValueError:
            return False
        return True


def written_at(
    tokens: Sequence[Token], at: int, *, month_first: bool | None = None
) -> Written | None:
    """The date that begins at this token, None when none does."""
    token = tokens[at]
    if token.text[0].isdigit():
        found = _numeric(tokens, at, month_first=month_first) or _day_first(tokens, at)
    elif token.folded in MONTHS:
        found = _month_first(tokens, at) or _day_first(tokens, at)  # "le sept mai"
    elif token.folded in FIRST_DAYS or token.folded in DAYS_IN_WORDS.first_words:
        found = _day_first(tokens, at)
    else:
        return None
    return found if found is not None and found.stands else None


def _numeric(tokens: Sequence[Token], at: int, *, month_first: bool | None) -> Written | None:
    """`2023-09-26`, `26.09.2023`, `26/09/2023`, `26-09-2023`."""
    if dotted := _DOTTED.match(tokens[at].text):
        day, month, year = map(int, dotted.groups())
        return _numbers(at, at + 1, year, month, day)
    parts = _parts(tokens, at)
    if parts is None:
        return None
    (first, second, third), last = parts
    if len(first) == 4 and len(second) == len(third) == 2:
        return _numbers(at, last, int(first), int(second), int(third))
    if len(third) != 4 or len(first) > 2 or len(second) > 2:
        return None
    return _either_way(at, last, int(first), int(second), int(third), month_first=month_first)


def _parts(tokens: Sequence[Token], at: int) -> tuple[tuple[str, str, str], int] | None:
    """Three whole numbers parted by strokes or by hyphens."""
    for step, apart in ((2, 0), (1, 1)):
        numbers = tokens[at : at + 2 * step + 1 : step]
        if len(numbers) < 3 or not all(n.text.isdigit() for n in numbers):
            continue
        between = tokens[at + 1 : at + 2 * step : step] if step == 2 else ()
        if any(mark.text != "/" for mark in between):
            continue
        chain = tokens[at : at + 2 * step + 1]
        if all(b.start - a.end == apart for a, b in pairwise(chain)):
            return (numbers[0].text, numbers[1].text, numbers[2].text), at + 2 * step + 1
    return None


def _either_way(
    at: int, last: int, first: int, second: int, year: int, *, month_first: bool | None
) -> Written | None:
    if month_first is None and first <= 12 and second <= 12 and first != second:
        return None
    month_leads = month_first if first <= 12 and second <= 12 else first <= 12
    month, day = (first, second) if month_leads else (second, first)
    return _numbers(at, last, year, month, day)


def _numbers(first: int, last: int, year: int, month: int, day: int) -> Written | None:
    if not 1 <= month <= 12 or not 1 <= day <= 31 or not 1500 <= year <= 2100:
        return None
    return Written(first, last, month, day, year)


def _day_first(tokens: Sequence[Token], at: int) -> Written | None:
    """`26 September 2023`, `le 1er mars`, `23–25 de junio de 2022`, `the 26th day of May`."""
    # "In May six officers …" has no day: words are days only before their month.
    days = _days(tokens, at) or _day_in_words(tokens, at)
    if days is None:
        return None
    day, position = days
    while _word(tokens, position) in BEFORE_MONTH:
        position += 1
    month, position = _month(tokens, position)
    if not month:
        return None
    return _with_year(tokens, Written(at, position, month, day))


def _month_first(tokens: Sequence[Token], at: int) -> Written | None:
    """`September 26, 2023`, `Sept. 26`, `septiembre 26 de 2023`, `January 2021`, `in May`."""
    month, position = _month(tokens, at)
    if not month:
        return None
    if _word(tokens, position) == "the":
        position += 1
    days = _days(tokens, position)
    if days is not None:
        dated = _with_year(tokens, Written(at, days[1], month, days[0]))
        if dated.dated or _before(tokens, at) not in BEFORE_MONTH_ONLY:
            return dated
    month, position = _month(tokens, at)
    alone = _with_year(tokens, Written(at, position, month))
    if alone.dated:
        return alone
    full = tokens[at].folded in FULL_MONTHS
    return alone if full and _before(tokens, at) in BEFORE_BARE_MONTH else None


def _month(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """The month named here, 0 when none is, and where its name ends."""
    if at >= len(tokens):
        return 0, at
    token = tokens[at]
    month = MONTHS.get(token.folded, 0)
    day_before = at > 0 and tokens[at - 1].text[-1:].isdigit()
    if token.folded in CAPITAL_MONTHS and not token.capitalised and not day_before:
        return 0, at
    short = token.folded not in FULL_MONTHS or token.folded in ("may",)
    return month, at + 1 + (bool(month) and short and _word(tokens, at + 1) == ".")


def _days(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """The first of the days written here ("23–25", "4, 5 et 6"), and where they end."""
    first = _day(tokens, at)
    if first is None:
        return None
    day, position = first
    latest = day
    while (further := _further_day(tokens, position, latest)) is not None:
        latest, position = further
    return day, position


def _day_in_words(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`quatorze`, `veintiún días`, `twenty-first day of`."""
    if _word(tokens, at) not in DAYS_IN_WORDS.first_words:
        return None
    told = DAYS_IN_WORDS.at(tokens, at)
    return (told.value, told.last) if told is not None else None


def _day(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    if _word(tokens, at) in FIRST_DAYS:
        return 1, at + 1
    if at >= len(tokens) or not tokens[at].text.isdigit() or len(tokens[at].text) > 2:
        return None
    day, position = int(tokens[at].text), at + 1
    if not 1 <= day <= 31:
        return None
    if _word(tokens, position) == "." and _word(tokens, position + 1) == "o":
        return day, position + 2
    attached = position < len(tokens) and tokens[position].start == tokens[at].end
    return day, position + (attached and _word(tokens, position) in ORDINALS)


def _further_day(tokens: Sequence[Token], at: int, latest: int) -> tuple[int, int] | None:
    """Another, later day after "to", "and", a comma or a hyphen."""
    separator = _word(tokens, at)
    position = at + 1 if separator in RANGE or separator in AND or separator == "," else at
    if _word(tokens, position) in ("the", "el", "le"):
        position += 1
    hyphen = at < len(tokens) and tokens[at].start - tokens[at - 1].end == 1
    if position == at and not (hyphen and tokens[at].text.isdigit()):
        return None
    further = _day(tokens, position)
    return further if further is not None and further[0] > latest else None


def _with_year(tokens: Sequence[Token], written: Written) -> Written:
    """The same date with the year that is written behind it."""
    position = written.last
    if (told := YEAR_WORDS.at(tokens, position)) is not None:
        distance = told.value
        return replace(written, last=told.last, year_distance=distance, untold=distance is None)
    if _word(tokens, position) == ",":
        position += 1
    while _word(tokens, position) in BEFORE_YEAR:
        position += 1
    year, last = _year(tokens, position)
    if year:
        return _to_the_end_of_range(tokens, replace(written, last=last, year=year))
    return _year_of_range(tokens, written)


def _year(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """The year written here, 0 when none is, and where it ends."""
    if at < len(tokens) and len(tokens[at].text) == 4 and tokens[at].text.isdigit():
        year = int(tokens[at].text)
        return (year, at + 1) if 1500 <= year <= 2100 else (0, at)
    if _word(tokens, at) in YEARS_IN_WORDS.first_words:
        told = YEARS_IN_WORDS.at(tokens, at)
        return (told.value, told.last) if told is not None else (0, at)
    return 0, at


def _year_of_range(tokens: Sequence[Token], written: Written) -> Written:
    """`May 30 to June 2, 2022` and `30 mai et 2 juin 2022`: the year behind the second day."""
    joint = _word(tokens, written.last)
    if joint not in RANGE and joint not in AND:
        return written
    second = _second(tokens, written.last + 1)
    if second is None or second.year is None:
        return written if second is None or joint in AND else replace(written, last=second.last)
    year = second.year - (second.month < written.month)
    return replace(written, year=year, last=second.last if joint in RANGE else written.last)


def _to_the_end_of_range(tokens: Sequence[Token], written: Written) -> Written:
    if _word(tokens, written.last) in RANGE:
        second = _second(tokens, written.last + 1)
        if second is not None and second.day is not None and written.day is not None:
            return replace(written, last=second.last)
    return written


def _second(tokens: Sequence[Token], at: int) -> Written | None:
    """The other end of a range: a date that need not be looked at for a range of its own."""
    while _word(tokens, at) in ("the", "el", "le"):
        at += 1
    if at >= len(tokens):
        return None
    if days := _day(tokens, at):
        month, last = _month(tokens, _skip(tokens, days[1]))
        day: int | None = days[0]
    else:
        month, last = _month(tokens, at)
        after = _day(tokens, last) if month else None
        day, last = after or (None, last)
    if not month:
        return None
    year_at = last + (_word(tokens, last) == ",")
    while _word(tokens, year_at) in BEFORE_YEAR:
        year_at += 1
    year, year_end = _year(tokens, year_at)
    return Written(at, year_end if year else last, month, day, year or None)


def _skip(tokens: Sequence[Token], at: int) -> int:
    while _word(tokens, at) in BEFORE_MONTH:
        at += 1
    return at


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].folded if 0 <= at < len(tokens) else ""


def _before(tokens: Sequence[Token], at: int) -> str:
    return tokens[at - 1].folded if at else ""
