# SPDX-License-Identifier: Apache-2.0
"""Opening hours as `HH:MM-HH:MM` or `24/7`, in English, French and Spanish.

"8 a.m. – 8 p.m.", "6 to 10 p.m.", "8h à 20h", "de 8:00 a 20:00 horas", "24 heures sur 24", "de
6 a.m. a medianoche". A range whose hours cannot be told gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_ALWAYS = re.compile(
    r"24\s?/\s?7|24[ -]?hours?(?:[ -]a[ -]day| per day)?"
    r"(?:,? (?:7|seven) days(?: a| per)? ?(?:week)?)?"
    r"|around[ -]the[ -]clock|24 heures par jour"
    r"|24 ?h(?:eures)? ?(?:sur|/) ?24(?: ?h)?(?: et 7 ?j(?:ours)? ?(?:sur|/) ?7)?"
    r"|(?:las )?24 horas(?: del día| al día| diarias)?"
    r"(?:,? los (?:7|siete) días(?: de la semana)?)?"
    r"|jour et nuit|día y noche|en continu\b|twenty-four hours a day"
    r"|round[ -]the[ -]clock|las veinticuatro horas|vingt-quatre heures sur vingt-quatre"
    r"|24 heures/24|las 24 hs?\b",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"(?<![\w.,:/$€£])(?:"
    r"(?P<word>noon|midday|midnight|midi|minuit|mediod[ií]a|medianoche)"
    r"|(?P<h>[01]?\d|2[0-4])(?:(?:[:.h]|\s?h\s?|\s?heures?\s?)(?P<m>[0-5]\d))?"
    r"(?P<mark>\s?(?:a\.\s?m\b\.?|p\.\s?m\b\.?|am\b|pm\b|a m\b|p m\b"
    r"|heures?\b|hours?\b|hrs?\b\.?|horas?\b|hs?\b"
    r"|de la (?:mañana|tarde|noche)|du matin|du soir|de l['’]après-midi|o['’]clock))?"
    r"|(?P<four>[0-2]\d[0-5]\d)(?P<fourmark>\s?(?:hours|hrs|h|horas)\b)?)"
    r"(?![\d%$€£])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:[-–—‑]|to|until|till|through|and|à|a|et|y|jusqu['’]?à|hasta"
    r"|,? (?:and|et|y) (?:will |se )?"
    r"(?:closes?|closing|shuts?|ferme(?:ra)?|fermeront|cierra|cerrará)"
    r" (?:at|à|a)|,? (?:closing|shutting) at)"
    r"\s*(?:las? |l['’])?(?:[-–—]\s*)?",
    re.IGNORECASE,
)
_NOON = frozenset({"noon", "midday", "midi", "mediodía", "mediodia"})
_AFTERNOON = ("p", "de la tarde", "de la noche", "du soir", "de l'", "de l’")
_MORNING = ("a", "de la mañana", "du matin")


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours named in a text."""

    start: int
    end: int
    value: str
    """`HH:MM-HH:MM` or `24/7`."""


@dataclass(frozen=True, slots=True)
class _Hour:
    start: int
    end: int
    hour: int
    minute: int
    half: str
    """`a` or `p` where the text says which half of the day; empty where it does not."""
    marked: bool
    """Whether it can be nothing but an hour."""


def hours_in(text: str, offset: int = 0) -> tuple[Hours, ...]:
    """Every range of hours in the text, from left to right; `offset` is where the text begins."""
    always = [Hours(offset + m.start(), offset + m.end(), "24/7") for m in _ALWAYS.finditer(text)]
    taken = [(hours.start - offset, hours.end - offset) for hours in always]
    ranges = [
        Hours(offset + start, offset + end, value) for start, end, value in _ranges(text, taken)
    ]
    return tuple(sorted(always + ranges, key=lambda hours: hours.start))


def _ranges(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    done = -1
    free = [
        h for h in _hours(text) if not any(h.start < end and begin < h.end for begin, end in taken)
    ]
    for first, second in pairwise(free):
        if first.start <= done or not _BETWEEN.fullmatch(text[first.end : second.start]):
            continue
        if not (first.marked or second.marked):
            continue
        done = second.start
        half = first.half or (second.half if first.hour <= 12 and not first.marked else "")
        if (
            second.half == "p"
            and not first.half
            and first.hour > second.hour % 12
            and first.hour < 12
        ):
            half = "a"
        opening, closing = _clock(first, half), _clock(second, second.half)
        yield first.start, second.end, f"{opening}-{closing}"


def _hours(text: str) -> tuple[_Hour, ...]:
    return tuple(_hour(match) for match in _HOUR.finditer(text))


def _hour(match: re.Match[str]) -> _Hour:
    start, end = match.span()
    if match["word"]:
        hour = 12 if match["word"].casefold() in _NOON else 0
        return _Hour(start, end, hour, 0, "", marked=True)
    if match["four"]:
        four = match["four"]
        return _Hour(start, end, int(four[:2]), int(four[2:]), "", marked=bool(match["fourmark"]))
    mark = (match["mark"] or "").strip().casefold()
    marked = bool(mark or match["m"])
    return _Hour(start, end, int(match["h"]), int(match["m"] or 0), _half(mark), marked)


def _half(mark: str) -> str:
    if mark.startswith(_AFTERNOON):
        return "p"
    return "a" if mark.startswith(_MORNING) else ""


def _clock(hour: _Hour, half: str) -> str:
    value = hour.hour
    if half == "p" and value < 12:
        value += 12
    elif half == "a" and value == 12:
        value = 0
    return f"{value % 24:02}:{hour.minute:02}"
