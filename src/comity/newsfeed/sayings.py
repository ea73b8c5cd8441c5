# SPDX-License-Identifier: Apache-2.0
"""A sentence with its fields, kept apart so that it can be stored and read in any language.

Fields hold codes, days and references; `said` puts the reader's words in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from comity.agreements.timeline import EVENT_WORDS
from comity.catalogues import N_, translate
from comity.newsfeed.announcement import InstrumentEvent
from comity.reference.countries import country_name
from comity.reference.group_files import load_groups
from comity.reference.taxonomy import label

NO_DAY = N_("on an unknown day")
ANNOUNCED_WORDS: dict[str, str] = {
    InstrumentEvent.PLANNED: N_("planned"),
    InstrumentEvent.FEASIBLE: N_("found feasible"),
    InstrumentEvent.COUNTED: N_("counted"),
}
"""Words for what is announced and is no event of an instrument's life."""


GROUP_NAMES: dict[str, str] = {"EU": N_("European Union")}
"""Groups whose name in the list of groups is too long for a sentence."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A permanent code, the sentence that goes with it, and what stands in its fields."""

    code: str
    text: str
    """The sentence in English with `{fields}`, marked for the catalogues."""
    fields: Mapping[str, str] = field(default_factory=dict)

    def said(self, language: str = "en") -> str:
        """The sentence in this language, its codes as words."""
        words = {name: _in_words(name, value, language) for name, value in self.fields.items()}
        return translate(self.text, language).format(**words)


def event_words(event: str, language: str = "en") -> str:
    """The word for an event of an instrument, such as `in-force`."""
    words = {code.value: word for code, word in EVENT_WORDS.items()} | ANNOUNCED_WORDS
    return translate(words.get(event, event), language)


def party_words(code: str, language: str = "en") -> str:
    """The name of a country or group; an unknown code stands for itself."""
    name = country_name(code, language)
    return translate(GROUP_NAMES.get(code) or _groups().get(code, name), language)


def parties_words(codes: str, language: str = "en") -> str:
    """The names of the parties in `BR,US`, joined by dashes."""
    return "–".join(party_words(code, language) for code in codes.split(",") if code)


def programme_words(code: str, language: str = "en") -> str:
    """The words for a programme of the register."""
    return translate(label(code), language)


def day_words(day: str, language: str = "en") -> str:
    """The day as precise as it is known, or words that it is not."""
    return day or translate(NO_DAY, language)


WORDS: dict[str, Callable[[str, str], str]] = {
    "event": event_words,
    "parties": parties_words,
    "programme": programme_words,
    "date": day_words,
    "known": day_words,
}
"""Fields that hold codes, and what puts them into words."""


def _in_words(name: str, value: str, language: str) -> str:
    words = WORDS.get(name)
    return words(value, language) if words else translate(value, language)


@cache
def _groups() -> dict[str, str]:
    return {code: group.name for code, group in load_groups().by_code.items()}
