# SPDX-License-Identifier: Apache-2.0
"""The words of `vocabulary/dates.yaml`, ready to be looked up: months, weekdays, cues, phrases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from comity.newsfeed.extraction.phrases import Phrases, folded
from comity.reference.yaml_files import read_yaml

_FILE: Mapping[str, Any] = read_yaml(Path(__file__).parent / "vocabulary" / "dates.yaml").value  # type: ignore[assignment]  # a mapping


def _words(entry: str | Iterable[str]) -> frozenset[str]:
    return frozenset(folded(word) for word in (entry.split() if isinstance(entry, str) else entry))


def _places(lists: Iterable[Iterable[str]], first: int) -> dict[str, int]:
    return {word: place for place, words in enumerate(lists, first) for word in words}


MONTHS = _places(((*m["full"], *m["short"]) for m in _FILE["months"]), 1)
FULL_MONTHS = frozenset(word for month in _FILE["months"] for word in month["full"])
CAPITAL_MONTHS = _words(_FILE["capital_months"])
WEEKDAYS = _places(_FILE["weekdays"], 0)
ENGLISH_WEEKDAYS = frozenset(words[0] for words in _FILE["weekdays"])
SPANISH_WEEKDAYS = _words(_FILE["spanish_weekdays"])
BEFORE_SPANISH_WEEKDAY = _words(_FILE["before_spanish_weekday"])
RECURRING = _words(_FILE["recurring"])
BEFORE_WEEKDAY_NAME = _words(_FILE["weekday_names"]["before"])
AFTER_WEEKDAY_NAME = _words(_FILE["weekday_names"]["after"])
RANGE = _words(_FILE["range"])
AND = _words(_FILE["and"])
ORDINALS = _words(_FILE["ordinals"])
FIRST_DAYS = _words(_FILE["first_days"])
BEFORE_MONTH = _words(_FILE["before_month"])
BEFORE_YEAR = _words(_FILE["before_year"])
BEFORE_BARE_MONTH = _words(_FILE["before_bare_month"])
BEFORE_MONTH_ONLY = _words(_FILE["before_month_only"])
PAST_AFTER = _words(_FILE["after_date"]["past"])
FUTURE_AFTER = _words(_FILE["after_date"]["future"])
PAST_BEFORE = _words(_FILE["before_date"]["past"])
FUTURE_BEFORE = _words(_FILE["before_date"]["future"])
FUTURE_WORDS = _words(_FILE["future_words"])
PAST_WORDS = _words(_FILE["past_words"])
NEAR_WORDS = _words(_FILE["near_words"])
BEFORE_YEAR_ALONE = _words(_FILE["before_year_alone"])
BEFORE_YEAR_WITH_CARE = _words(_FILE["before_year_with_care"])
AFTER_YEAR_WITH_CARE = _words(_FILE["after_year_with_care"])
NO_YEARS = _words(_FILE["no_years"])
YEAR_NOUNS = _words(_FILE["year_nouns"])
BEFORE_YEAR_OF_INSTRUMENT = _words(_FILE["before_year_of_instrument"])
AFTER_YEAR_OF_INSTRUMENT = _words(_FILE["after_year_of_instrument"])
COUNTED = _words(_FILE["counted"])
ERAS = _words(_FILE["eras"])


def _numbered(rows: Iterable[Iterable[str]]) -> list[tuple[str, int]]:
    """Numbers in words with their value: the first row from two, the second from twenty on."""
    return [
        (w, n) for row, first in zip(rows, (2, 20), strict=True) for n, w in enumerate(row, first)
    ]


_NUMBERS = {language: _numbered(rows) for language, rows in _FILE["numbers"].items()}
_ENGLISH_DAYS = _numbered(_FILE["english_days"])

DAYS_IN_WORDS: Phrases[int] = Phrases(
    (
        *_NUMBERS["fr"],
        *_NUMBERS["es"],
        *((f"{day} day? of the? month? of?", n) for day, n in _ENGLISH_DAYS),
    )
)
"""Days of the month in words; an English one only with the "of" behind it."""

YEARS_IN_WORDS: Phrases[int] = Phrases(
    (f"{thousand} {number}", 2000 + n)
    for thousand in _FILE["thousands"]
    for number, n in (*_NUMBERS["fr"], *_NUMBERS["es"], *_numbered(_FILE["english_numbers"]))
)
"""`dos mil veinticuatro`, `deux mille vingt-quatre`, `two thousand and twenty-four`."""

YEAR_WORDS: Phrases[int | None] = Phrases(
    (phrase, None if years == "none" else int(years))
    for years, phrases in _FILE["year_words"].items()
    for phrase in phrases
)
"""How many years from the publication's; None where the text does not tell."""

RELATIVE: Phrases[tuple[str, int]] = Phrases(
    (phrase, (unit, int(distance or 0)))
    for entry in _FILE["relative"]
    for unit, _, distance in (entry["means"].partition(" "),)
    for phrase in entry["phrases"]
)
"""The unit (`day`, `week`, `month`, `year`, or `nothing`) and how far from the publication."""
