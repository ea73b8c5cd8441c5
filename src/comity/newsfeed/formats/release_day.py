# SPDX-License-Identifier: Apache-2.0
"""The day of publication as releases write it of themselves, in English, French, Spanish.

Only what a release says of itself counts: a label ("Release Date"), a line that is nothing but a
place and a day, or the beginning of the first paragraph. Days in the middle of a sentence are
facts of the news and are left to `extraction`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

_MONTH_NAMES = """
january jan janvier janv enero ene janeiro
february feb fevrier fevr fev febrero fevereiro
march mar mars marzo marco
april apr avril avr abril abr
may mai mayo maio
june jun juin junio junho
july jul juillet juil julio julho
august aug aout agosto ago
september sep sept septembre septiembre setiembre setembro set
october oct octobre octubre outubro out
november nov novembre noviembre novembro
december dec decembre diciembre dic dezembro dez
"""
MONTHS: dict[str, int] = {
    name: number
    for number, line in enumerate(_MONTH_NAMES.strip().splitlines(), start=1)
    for name in line.split()
}
"""Names of months without accents."""

_WEEKDAY_BEGINNINGS = (
    ("mon", "lun", "seg"),
    ("tue", "mar", "ter"),
    ("wed", "mer", "mie", "qua"),
    ("thu", "jeu", "jue", "qui"),
    ("fri", "ven", "vie", "sex"),
    ("sat", "sam", "sab"),
    ("sun", "dim", "dom"),
)

_WEEKDAYS = tuple(name for day in _WEEKDAY_BEGINNINGS for name in day)

LABELS = (
    "release date",
    "date of release",
    "release date and time",
    "publication date",
    "publish date",
    "date of publication",
    "date published",
    "published",
    "published on",
    "first published",
    "posted",
    "posted on",
    "issued",
    "issued on",
    "date",
    "date de publication",
    "publie le",
    "mis en ligne le",
    "paru le",
    "fecha de publicacion",
    "fecha",
    "publicado",
    "publicado el",
    "publicada el",
    "publicado em",
    "data de publicacao",
)
"""What stands before the day of publication, without accents."""

TOP = 18
"""Blocks at the top of a text in which it says when it was published."""

_BETWEEN = frozenset(
    ("le", "la", "el", "de", "du", "del", "des", "do", "da", "a", "au", "em", "en", "of")
)
_LETTERS = r"[A-Za-zÀ-ÖØ-öø-ÿ]"
_DAY = re.compile(
    rf"(?P<iso>\b(\d{{4}})-(\d\d)-(\d\d)(?!\d))"
    rf"|(?P<mdy>\b({_LETTERS}{{3,10}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?:de\s+)?(\d{{4}})\b)"
    rf"|(?P<dmy>\b(\d{{1,2}})(?:st|nd|rd|th|er|\.?[ºo°])?\s+(?:de\s+|of\s+)?({_LETTERS}{{3,10}})\.?"
    rf",?\s+(?:del?\s+)?(\d{{4}})\b)"
    rf"|(?P<num>\b(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}})\b)"
)
_LABEL = re.compile(
    r"(?:" + "|".join(sorted(map(re.escape, LABELS), key=len, reverse=True)) + r")\b\s*[:.\-–—]?\s*"
)
_CHANGED = re.compile(
    r"(?:last |page )*(?:updated|modified|reviewed|changed)(?: on| at)?\b\s*:?\s*"
    r"|(?:derniere )?(?:mise?|modifiee?) (?:a jour )?(?:le|du)\b\s*:?\s*"
    r"|(?:ultima )?(?:actualizado|actualizacion|modificacion|atualizado|atualizacao)(?: el| em)?\b"
    r"\s*:?\s*"
)
"""What stands before the day on which a page was changed, without accents."""
_PLACE = re.compile(r"[\w\s.,'’()/&\-]{0,60}")
_AFTER_DATELINE = re.compile(r"[),.]{0,2}\s*(?:[-–—―‐:/|]|\.-)")
_CLOCK = re.compile(
    r"\b(?:\d{1,2}[:h.]\d{2}(?::\d{2})?|[ap]\.?m\.?|est|edt|et|gmt|utc|cet|cest|h|hrs|heures|horas)"
    r"(?![^\W_])\.?",
    re.IGNORECASE,
)
_NOT_BEGINNINGS_WORDS = """
on in since from until by after before desde hasta depuis apres
"""
_NOT_BEGINNINGS = frozenset(_NOT_BEGINNINGS_WORDS.split())


def stated_day(
    blocks: Sequence[str], *, language: str = "", month_first: bool = False
) -> date | None:
    """The day that the top of a text gives as its own: labelled, on a line of its own, or first.

    `month_first` says that 03/04/2024 is the fourth of March here.
    """
    top = [*blocks[:TOP]]
    return (
        labelled_day(top, language=language, month_first=month_first)
        or _lone_day(top, month_first=month_first)
        or _dateline_day(top, month_first=month_first)
    )


def labelled_day(
    blocks: Sequence[str], *, language: str = "", month_first: bool = False
) -> date | None:
    """The day after a label such as "Release Date", in the same block or the one below."""
    for position, block in enumerate(blocks):
        label = _LABEL.match(folded(block[:80]))
        if label is None:
            continue
        rest = block[label.end() :]
        if not rest.strip() and position + 1 < len(blocks):
            rest = blocks[position + 1]
        found = _DAY.search(rest[:60])
        if found and found.start() <= 14 and (day := _day_of(found, rest, month_first=month_first)):
            return day
    return None


def is_about_publication(block: str) -> bool:
    """Whether the block says when the release was published, and nothing else."""
    if len(block) > 110:
        return False
    label = _LABEL.match(folded(block)) or _CHANGED.match(folded(block))
    rest = block[label.end() :] if label else block
    found = _DAY.search(rest)
    if found is None:
        return label is not None and not rest.strip()
    after = _CLOCK.sub("", _DAY.sub("", rest[found.end() :]))
    after = _CHANGED.sub("", folded(after).lstrip(" |,.-–—()"))
    return not after.strip(" .,:-–—|()\t") and _is_place(rest[: found.start()])


def day_in(text: str, *, month_first: bool = False) -> date | None:
    """The first whole day written in a short text such as the value of a field."""
    found = _DAY.search(text[:200])
    return _day_of(found, text, month_first=month_first) if found else None


def instant_of(text: str) -> datetime | None:
    """The instant that an RFC 822 or ISO 8601 text names, in its own offset; None without one."""
    written = text.strip()[:64]
    if not written:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = read(written)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if instant.utcoffset() is not None:
            return instant
    return None


def folded(text: str) -> str:
    """Without case and accents, every letter in its place."""
    if text.isascii():
        return text.lower()
    return _BEYOND_ASCII.sub(_folded_letter, text).lower()


@lru_cache(maxsize=2048)
def _unaccented(letter: str) -> str:
    """The letter without its accent; itself where that, in small, would be no one letter."""
    bare = unicodedata.normalize("NFD", letter)[:1]
    return next((each for each in (bare, letter) if len(each.lower()) == 1), "?")


def _folded_letter(found: re.Match[str]) -> str:
    return _unaccented(found[0])


_BEYOND_ASCII = re.compile("[^\x00-\x7f\xa0«»\u2010-\u2027]")
"""Letters that may have an accent; the marks between them are the most frequent others."""


def _lone_day(blocks: Sequence[str], *, month_first: bool) -> date | None:
    for block in blocks:
        found = _DAY.search(block[:90])
        if found and is_about_publication(block):
            return _day_of(found, block, month_first=month_first)
    return None


def _is_place(before: str) -> bool:
    """Whether the words before a day are a place and a weekday, and no part of a sentence."""
    words = folded(before).replace(",", " ").replace(".", " ").split()
    if not _PLACE.fullmatch(before) or len(words) > 7 or (words and words[0] in _NOT_BEGINNINGS):
        return False
    return all(
        not word[:1].islower() or folded(word) in _BETWEEN or folded(word).startswith(_WEEKDAYS)
        for word in re.findall(r"[^\W\d_]+", before)
    )


def _dateline_day(blocks: Sequence[str], *, month_first: bool) -> date | None:
    for block in blocks:
        found = _DAY.search(block[:110])
        if found is None or not _AFTER_DATELINE.match(block, found.end()):
            continue
        if _is_place(block[: found.start()]):
            return _day_of(found, block, month_first=month_first)
    return None


def _day_of(found: re.Match[str], text: str, *, month_first: bool) -> date | None:
    parts = [part for part in found.groups() if part is not None][1:]
    if found["iso"]:
        return _date(parts[0], parts[1], parts[2])
    if found["mdy"]:
        return _date(parts[2], MONTHS.get(folded(parts[0]), 0), parts[1])
    if found["dmy"]:
        return _date(parts[2], MONTHS.get(folded(parts[1]), 0), parts[0])
    month_then_day = _date(parts[2], parts[0], parts[1])
    day_then_month = _date(parts[2], parts[1], parts[0])
    fitting = [day for day in (month_then_day, day_then_month) if _falls_on(day, text, found)]
    if len(set(fitting)) == 1:
        return fitting[0]
    return (month_then_day if month_first else day_then_month) or day_then_month or month_then_day


def _falls_on(day: date | None, text: str, found: re.Match[str]) -> bool:
    """Whether the weekday written before the day, if there is one, is the day's."""
    if day is None:
        return False
    words = folded(text[: found.start()]).replace(",", " ").replace(".", " ").split()
    return not words or words[-1][:3] in _WEEKDAY_BEGINNINGS[day.weekday()]


def _date(year: object, month: object, day: object) -> date | None:
    try:
        return date(int(str(year)), int(str(month)), int(str(day)))
    except ValueError:
        return None
