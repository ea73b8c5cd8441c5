# SPDX-License-Identifier: Apache-2.0
"""Days, months and years in English, French and Spanish, resolved against the publication.

"Today", "Monday", "yesterday", "last week" and "August 13th" mean a day only together with the day
of publication; without it they stay unresolved and give no date. How absolute dates are written is
in `written_dates`, the words are in `vocabulary/dates.yaml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from comity.newsfeed.extraction.date_words import (
    AFTER_WEEKDAY_NAME,
    AFTER_YEAR_OF_INSTRUMENT,
    AFTER_YEAR_WITH_CARE,
    AND,
    BEFORE_SPANISH_WEEKDAY,
    BEFORE_WEEKDAY_NAME,
    BEFORE_YEAR_ALONE,
    BEFORE_YEAR_OF_INSTRUMENT,
    BEFORE_YEAR_WITH_CARE,
    COUNTED,
    DAYS_IN_WORDS,
    ENGLISH_WEEKDAYS,
    ERAS,
    FIRST_DAYS,
    FUTURE_AFTER,
    FUTURE_BEFORE,
    FUTURE_WORDS,
    MONTHS,
    NEAR_WORDS,
    NO_YEARS,
    PAST_AFTER,
    PAST_BEFORE,
    PAST_WORDS,
    RANGE,
    RECURRING,
    RELATIVE,
    SPANISH_WEEKDAYS,
    WEEKDAYS,
    YEAR_NOUNS,
)
from comity.newsfeed.extraction.phrases import Token, Tokens
from comity.newsfeed.extraction.written_dates import Written, written_at


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in the text: as precise as it is known."""

    start: int
    end: int
    first: int
    """Index of its first token in the sentence."""
    last: int
    value: str
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`; of a range the first day."""
    relative: bool = False
    """Resolved against the day of publication: "today", "on Monday", "August 13th"."""
    past: bool = True
    """False where it lies after the day of publication."""


def dates_in(
    tokens: Sequence[Token], published: date | None, *, month_first: bool | None = None
) -> tuple[DateMention, ...]:
    """Every date among the tokens, from left to right, not overlapping.

    `month_first` says how numeric dates are written where the text is from; when it is not known,
    one that could be read in two ways is left out.
    """
    found: list[DateMention] = []
    beginnings = _beginnings(tokens)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.folded in beginnings or token.text[0].isdigit():
            last, mention = _at(tokens, at, published, month_first=month_first)
            if mention is not None:
                found.append(mention)
            at = max(last, at + 1)
        else:
            at += 1
    return tuple(found)


def _beginnings(tokens: Sequence[Token]) -> frozenset[str]:
    """The words with which a date may begin here: a day in words needs a month beside it."""
    words = tokens.words if isinstance(tokens, Tokens) else frozenset(t.folded for t in tokens)
    return _beginnings_of(
        month=not words.isdisjoint(MONTHS),
        weekday=not words.isdisjoint(WEEKDAYS),
        relative=RELATIVE.may_be_among(words),
    )


@cache
def _beginnings_of(*, month: bool, weekday: bool, relative: bool) -> frozenset[str]:
    written = frozenset(MONTHS) | FIRST_DAYS | DAYS_IN_WORDS.first_words
    return (
        (written if month else frozenset())
        | (frozenset(WEEKDAYS) if weekday else frozenset())
        | (RELATIVE.first_words if relative else frozenset())
    )


def _at(
    tokens: Sequence[Token], at: int, published: date | None, *, month_first: bool | None
) -> tuple[int, DateMention | None]:
    """Where reading goes on, and the date that begins here."""
    if tokens[at].folded in WEEKDAYS:
        return _weekday(tokens, at, published)
    written = written_at(tokens, at, month_first=month_first)
    if written is not None:
        return written.last, _mention_of(tokens, written, published)
    if (relative := RELATIVE.at(tokens, at)) is not None:
        unit, distance = relative.value
        value = _resolved(unit, distance, published)
        return relative.last, _made(tokens, at, relative.last, value, published, relative=True)
    if _is_year(tokens, at):
        return at + 1, _made(tokens, at, at + 1, tokens[at].text, published)
    return at + 1, None


def _made(
    tokens: Sequence[Token],
    first: int,
    last: int,
    value: str,
    published: date | None,
    *,
    relative: bool = False,
) -> DateMention | None:
    if not value:
        return None
    past = published is None or value <= published.isoformat()[: len(value)]
    start, end = tokens[first].start, tokens[last - 1].end
    return DateMention(start, end, first, last, value, relative, past)


# ---------------------------------------------------------------- written dates


def _mention_of(
    tokens: Sequence[Token],
    written: Written,
    published: date | None,
    *,
    weekday: int | None = None,
    first: int | None = None,
) -> DateMention | None:
    begin = written.first if first is None else first
    if written.year is not None:
        return _made(tokens, begin, written.last, _value(written, written.year), published)
    if published is None or written.untold:
        return None
    if written.year_distance is not None:
        year: int | None = published.year + written.year_distance
    else:
        year = _nearest_year(tokens, written, published, begin, weekday)
    if year is None:
        return None
    last = written.last + (_folded(tokens, written.last) in PAST_AFTER | FUTURE_AFTER)
    return _made(tokens, begin, last, _value(written, year), published, relative=True)


def _value(written: Written, year: int) -> str:
    if written.day is None:
        return f"{year:04}-{written.month:02}"
    return f"{year:04}-{written.month:02}-{written.day:02}"


def _nearest_year(
    tokens: Sequence[Token], written: Written, published: date, first: int, weekday: int | None
) -> int | None:
    """The year in which the date is nearest, on the side of the publication that the text names."""
    years = [y for y in range(published.year - 4, published.year + 5) if _exists(written, y)]
    if weekday is not None and written.day is not None:
        month, day = written.month, written.day
        same = [y for y in years if date(y, month, day).weekday() == weekday]
        years = [y for y in same if abs(y - published.year) <= 1] or years
    past = [y for y in years if _distance(written, y, published) <= 0]
    future = [y for y in years if _distance(written, y, published) > 0]
    side = _side(tokens, first, written.last)
    since = -_distance(written, past[-1], published) if past else 10_000
    until = _distance(written, future[0], published) if future else 10_000
    if side == "future":
        ahead = until <= 270
    elif side == "near":
        ahead = until < since
    else:
        ahead = side != "past" and until <= 45 and since > 300
    chosen = future[0] if ahead and future else past[-1] if past else None
    return chosen if chosen is None or abs(chosen - published.year) <= 1 or written.day else None


def _exists(written: Written, year: int) -> bool:
    try:
        date(year, written.month, written.day or 1)
    except ValueError:
        return False
    return True


def _distance(written: Written, year: int, published: date) -> int:
    """Days from the publication; a month that has begun is no longer ahead."""
    return (date(year, written.month, written.day or 1) - published).days


def _side(tokens: Sequence[Token], first: int, last: int) -> str:
    """Whether the text puts the date before or after its publication: the last cue tells."""
    after, before = _folded(tokens, last), _folded(tokens, first - 1)
    if after in PAST_AFTER or before in PAST_BEFORE:
        return "past"
    if after in FUTURE_AFTER or before in FUTURE_BEFORE:
        return "future"
    near = False
    for place in range(first - 1, max(-1, first - 31), -1):
        token, word = tokens[place], tokens[place].folded
        if word == ";":
            break
        if word in FUTURE_WORDS or token.text.endswith(("rá", "rán")):
            return "future"
        passive = _folded(tokens, place - 1) in _BE
        if (word in PAST_WORDS and not passive) or token.text.endswith("ó"):
            return "near" if near else "past"
        near = near or word in NEAR_WORDS
    return _side_behind(tokens, last) or ("near" if near else "")


def _side_behind(tokens: Sequence[Token], last: int) -> str:
    """What the first verb behind the date tells, as in `From June 21 to 26 she led …`."""
    for token in tokens[last : last + 12]:
        if token.folded in (";", "."):
            break
        if token.folded in FUTURE_WORDS or token.text.endswith(("rá", "rán")):
            return "future"
        if token.folded in PAST_WORDS:
            return "past"
    return ""


_BE = frozenset(("be", "etre", "ser"))
"""Before a participle these leave the time open: "will be held"."""


# ---------------------------------------------------------------- weekdays


def _weekday(
    tokens: Sequence[Token], at: int, published: date | None
) -> tuple[int, DateMention | None]:
    """A weekday, alone or before its date."""
    weekday = WEEKDAYS[tokens[at].folded]
    after = at + 1 + (_folded(tokens, at + 1) == ",")
    while _folded(tokens, after) in ("the", "le", "el"):
        after += 1
    if after < len(tokens) and (written := written_at(tokens, after)) is not None:
        mention = _mention_of(tokens, written, published, weekday=weekday, first=at)
        return written.last, mention
    if _folded(tokens, at + 1) in RANGE | AND and _next_weekday(tokens, at + 2):
        return at + 3 + (_folded(tokens, at + 2) not in WEEKDAYS), None
    if published is None or not _is_weekday(tokens, at):
        return at + 1, None
    last, day = _weekday_day(tokens, at, weekday, published)
    value = day.isoformat() if day else ""
    return last, _made(tokens, at, last, value, published, relative=True)


def _next_weekday(tokens: Sequence[Token], at: int) -> bool:
    return _folded(tokens, at) in WEEKDAYS or _folded(tokens, at + 1) in WEEKDAYS


def _is_weekday(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is one day of one week, and no part of a name."""
    word, before, after = (_folded(tokens, place) for place in (at, at - 1, at + 1))
    if before in RECURRING or before in BEFORE_WEEKDAY_NAME or after in AFTER_WEEKDAY_NAME:
        return False
    if word in ENGLISH_WEEKDAYS:
        return tokens[at].capitalised
    if word in SPANISH_WEEKDAYS:
        capital_name = word == "domingo" and tokens[at].capitalised
        return before in BEFORE_SPANISH_WEEKDAY and not capital_name
    return True


def _weekday_day(
    tokens: Sequence[Token], at: int, weekday: int, published: date
) -> tuple[int, date | None]:
    """Where the words end, and the day they mean."""
    position = at + 1 + (_folded(tokens, at + 1) in ("of", "de"))
    relative = RELATIVE.at(tokens, position) if position < len(tokens) else None
    if relative is not None and relative.value[0] == "week":
        monday = published - timedelta(days=published.weekday())
        return relative.last, monday + timedelta(days=weekday, weeks=relative.value[1])
    since = (published.weekday() - weekday) % 7
    numbered = _numbered_weekday(tokens, at + 1, weekday, published)
    if numbered is not None:
        return at + 2, numbered
    before, after = _folded(tokens, at - 1), _folded(tokens, at + 1)
    if before in ("next", "previous", "following") or after in ("siguiente", "suivant"):
        return at + 1, None
    if after in PAST_AFTER or before in PAST_BEFORE:
        last = at + 1 + (after in PAST_AFTER)
        return last, published - timedelta(days=since or 7)
    if after in FUTURE_AFTER or before in FUTURE_BEFORE:
        return at + 1 + (after in FUTURE_AFTER), published + timedelta(days=7 - since)
    if _side(tokens, at, at + 1) == "future" and since:
        return at + 1, published + timedelta(days=7 - since)
    return at + 1, published - timedelta(days=since)


def _numbered_weekday(
    tokens: Sequence[Token], at: int, weekday: int, published: date
) -> date | None:
    """`le jeudi 4`: the latest Thursday that was a fourth, within two months."""
    if at >= len(tokens) or not tokens[at].text.isdigit() or len(tokens[at].text) > 2:
        return None
    number = int(tokens[at].text)
    ahead = 14 if _side(tokens, at - 1, at) == "future" else 0
    days = (published + timedelta(days=ahead - back) for back in range(62 + ahead))
    return next((d for d in days if d.day == number and d.weekday() == weekday), None)


# ---------------------------------------------------------------- relative to the publication


def _resolved(unit: str, distance: int, published: date | None) -> str:
    """The day, month or year that is meant, as precise as the words are; empty when unknown."""
    if published is None or unit == "nothing":
        return ""
    if unit == "day":
        return (published + timedelta(days=distance)).isoformat()
    if unit == "week":
        return _week(published, distance)
    if unit == "month":
        months = published.year * 12 + published.month - 1 + distance
        return f"{months // 12:04}-{months % 12 + 1:02}"
    return f"{published.year + distance:04}"


def _week(published: date, distance: int) -> str:
    """The month, or at least the year, in which the whole week lies."""
    monday = published + timedelta(weeks=distance, days=-published.weekday())
    sunday = published if distance == 0 else monday + timedelta(days=6)
    same = [length for length in (7, 4) if f"{monday}"[:length] == f"{sunday}"[:length]]
    return f"{monday}"[: same[0]] if same else ""


# ---------------------------------------------------------------- years alone


def _is_year(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number from 1900 to 2099 is the year of something."""
    text = tokens[at].text
    if len(text) != 4 or not text.isdigit() or not 1900 <= int(text) <= 2099:
        return False
    before, after = _folded(tokens, at - 1), _folded(tokens, at + 1)
    if after in COUNTED or after in ERAS or _in_a_range(tokens, at):
        return False
    if before in YEAR_NOUNS:
        return not {_folded(tokens, at - 2), _folded(tokens, at - 3)} & NO_YEARS
    if before in BEFORE_YEAR_ALONE:
        return True
    if before in BEFORE_YEAR_WITH_CARE:
        return not after or after in AFTER_YEAR_WITH_CARE
    if before == "(":
        return after == ")" or after == ","
    return before in BEFORE_YEAR_OF_INSTRUMENT and after in AFTER_YEAR_OF_INSTRUMENT


def _in_a_range(tokens: Sequence[Token], at: int) -> bool:
    """`2022-2027`, `2015/16`, `from 2015 to 2019`, and letters on its end (`1990s`)."""
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if at and tokens[at - 1].text[-1:].isdigit() and token.start - tokens[at - 1].end <= 1:
        return True
    if after is None:
        return False
    if after.start == token.end and (after.text.isalpha() or after.text in "/–"):
        return True
    if after.text[0].isdigit():
        return after.start - token.end <= 1
    following = tokens[at + 2].text if at + 2 < len(tokens) else ""
    return after.folded in RANGE and following[:1].isdigit()


def _folded(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].folded if 0 <= at < len(tokens) else ""
