# SPDX-License-Identifier: Apache-2.0
"""How countries, days and numbers are written in the three languages of the test announcements.

Kept apart from the vocabulary of the rules on purpose: this is what a press office would write, not
what the rules are known to read.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "fr", "es")


def _each(words: str) -> tuple[str, ...]:
    return tuple(words.split())


MONTHS = {
    "en": _each(
        "January February March April May June July August September October November December"
    ),
    "fr": _each(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ),
    "es": _each(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ),
}
WEEKDAYS = {
    "en": _each("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "fr": _each("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    "es": _each("lunes martes miércoles jueves viernes sábado domingo"),
}
PUBLISHERS = {
    "en": _each("US GB CA AU NZ IN ZA KE NG GH SG FJ UG RW JP KR MY PH GE EU"),
    "fr": _each("FR BE CH CA MA DZ TN SN CI CM MG EU"),
    "es": _each("ES MX GT HN CR PA DO CU CO EC PE BO CL AR UY PY"),
}


NEIGHBOURS = {
    "US": "MX", "CA": "US", "IN": "CN", "KE": "UG", "UG": "RW", "RW": "UG",
    "GH": "CI", "MY": "ID", "GE": "TR", "FR": "ES", "BE": "NL", "CH": "IT", "MA": "DZ", "DZ": "TN",
    "TN": "DZ", "ES": "PT", "MX": "GT", "GT": "HN", "HN": "GT", "CR": "PA", "PA": "CO", "CO": "EC",
    "EC": "PE", "PE": "BO", "BO": "PY", "PY": "AR", "AR": "UY", "UY": "BR", "CL": "AR",
}  # fmt: skip
"""With whom a country patrols a common border."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country or the Union in the words of one language."""

    code: str
    name: str
    official: str
    masculine: str
    feminine: str
    capital: str
    authority: str
    acronym: str


def countries(language: str) -> dict[str, Country]:
    """Every country of the table, by code."""
    with (FOLDER / "countries.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {row["code"]: _country(row, language) for row in rows}


def _country(row: dict[str, str], language: str) -> Country:
    masculine, _, feminine = row[f"{language}_adj"].partition("/")
    return Country(
        row["code"], row[language], row[f"{language}_official"], masculine,
        feminine or masculine, row[f"capital_{language}"], row[f"auth_{language}"], row["acronym"],
    )  # fmt: skip


def day_in_words(day: date, language: str, style: str, random: Random) -> str:
    """The day without preposition: `full`, `day` (no year), `month`, `year` or `numeric`."""
    month = MONTHS[language][day.month - 1]
    if style == "year":
        return str(day.year)
    if style == "numeric":
        mark = random.choice("./")
        return f"{day.day:02}{mark}{day.month:02}{mark}{day.year}"
    if style == "month":
        return f"{month} de {day.year}" if language == "es" else f"{month} {day.year}"
    year = day.year if style == "full" else None
    if language == "es":
        return f"{day.day} de {month}" + (
            random.choice((f" de {year}", f" del {year}")) if year else ""
        )
    if language == "fr":
        number = "1er" if day.day == 1 else str(day.day)
        return f"{number} {month}" + (f" {year}" if year else "")
    forms = [f"{day.day} {month}", f"{month} {day.day}"]
    if not year:
        return random.choice([*forms, f"{month} {day.day}{ordinal_ending(day.day)}"])
    return random.choice((f"{forms[0]} {year}", f"{forms[1]}, {year}"))


def when_in_words(published: date, language: str, style: str, random: Random) -> tuple[str, str]:
    """An adverbial of time and the date it stands for, given the day of publication."""
    if style == "any":
        style = random.choice(["today", "yesterday", "weekday", "weekday", "full", "full", "full",
                               "day", "day", "weekday-day", "month", "past-day"])  # fmt: skip
    if style == "lately":
        style = random.choice(["today", "today", "yesterday", "weekday", "day", "weekday-day"])
    back = {"today": 0, "yesterday": 1}.get(style, random.randint(1, 5))
    if style == "month":
        back = random.randint(40, 500)
    if style == "year":
        back = random.randint(700, 4000)
    if style == "full":
        back = random.choice((0, 1, 2, 3, 9, 17, 40))
    if style == "past-day":
        back = random.randint(8, 45)
    if style == "day":
        back = random.randint(0, 20)
    day = published - timedelta(back)
    words = _adverbial(day, language, style, random)
    length = {"month": 7, "year": 4}.get(style, 10)
    return words, day.isoformat()[:length]


def _adverbial(day: date, language: str, style: str, random: Random) -> str:
    weekday = WEEKDAYS[language][day.weekday()]
    bare = day_in_words(day, language, "day", random)
    full = day_in_words(day, language, "full", random)
    month = day_in_words(day, language, "month", random)
    table: dict[str, dict[str, tuple[str, ...]]] = {
        "en": {
            "today": ("today", "today", "earlier today", "this morning"),
            "yesterday": ("yesterday",),
            "weekday": (f"on {weekday}", f"{weekday}", f"this {weekday}"),
            "full": (f"on {full}", f"on {weekday}, {full}"),
            "day": (f"on {bare}",),
            "weekday-day": (f"on {weekday}, {bare}", f"on {weekday} {bare}"),
            "past-day": (f"on {bare}",),
            "month": (f"in {month}",),
            "year": (f"in {day.year}",),
        },
        "fr": {
            "today": ("aujourd'hui", "ce jour", "ce matin", f"ce {weekday}", f"ce {full}"),
            "yesterday": ("hier",),
            "weekday": (weekday, f"{weekday} dernier", f"ce {weekday}"),
            "full": (f"le {full}", f"le {weekday} {full}", f"en date du {full}"),
            "day": (f"le {bare}",),
            "weekday-day": (f"{weekday} {bare}", f"le {weekday} {bare}", f"ce {weekday} {bare}"),
            "past-day": (f"le {bare}", f"le {bare} dernier"),
            "month": (
                f"en {month}",
                f"au mois de {month}" if month[0] not in "ao" else f"en {month}",
            ),
            "year": (f"en {day.year}",),
        },
        "es": {
            "today": ("hoy", "el día de hoy", f"este {weekday}", "esta mañana"),
            "yesterday": ("ayer", "el día de ayer"),
            "weekday": (f"el {weekday}", f"el pasado {weekday}", f"este {weekday}"),
            "full": (f"el {full}", f"el {weekday} {full}", f"con fecha {full}"),
            "day": (f"el {bare}", f"este {bare}"),
            "weekday-day": (f"el {weekday} {bare}", f"este {weekday} {bare}"),
            "past-day": (f"el pasado {bare}", f"el {bare}"),
            "month": (f"en {month}",),
            "year": (f"en {day.year}",),
        },
    }
    return random.choice(table[language][style])


def ordinal_ending(number: int) -> str:
    """`st`, `nd`, `rd` or `th`."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def number_in_words(number: int, language: str) -> str:
    """A number with the language's separator of thousands."""
    mark = {"en": ",", "fr": " ", "es": "."}[language]
    return f"{number:,}".replace(",", mark)


CONTRACTIONS = {
    "fr": ((r"\b([Dd])e les ", r"\1es "), (r"\b([Dd])e le (?=\S)", r"\1u "),
           (r"\bà les ", "aux "), (r"\bà le ", "au "), (r"\bÀ le ", "Au "),
           (r"\b([Dd])e (?=[AEIOUÉÀaeiouéàê])", r"\1'"),
           (r"\b([Qq])ue (?=[AÉEIOUaéeiou])", r"\1u'")),
    "es": ((r"\bde el ", "del "), (r"\ba el ", "al "), (r"\by (?=(?:[IÍ]|Hi))", "e ")),
    "en": (),
}  # fmt: skip


def polished(text: str, language: str) -> str:
    """Contractions made, sentences begun with capitals, blanks single."""
    for pattern, instead in CONTRACTIONS[language]:
        text = re.sub(pattern, instead, text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.])(?=\s|$)", r"\1", text)
    text = text.replace("..", ".")
    return re.sub(
        r"(^|(?<=[a-zé)\]»”0-9]{2}[.!?] ))([a-zéàâ])",
        lambda m: m.group(1) + m.group(2).upper(),
        text,
    )
