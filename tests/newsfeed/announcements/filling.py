# SPDX-License-Identifier: Apache-2.0
"""The grammars as they stand in their files, and their slots filled with countries, days and words.

What is chosen is remembered, so that the expectation can be made of the same values as the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import yaml

from tests.newsfeed.announcements.words import (
    FOLDER,
    Country,
    day_in_words,
    number_in_words,
    ordinal_ending,
    polished,
    when_in_words,
)

PRIMARY = {"when": "any", "lately": "lately", "today": "today", "weekday": "weekday",
           "on": "full", "inmonth": "month", "inyear": "year"}  # fmt: skip
BARE = {"date": "full", "numeric": "numeric", "month": "month", "year": "year"}
SLOT = re.compile(r"\{([^{}]+)\}")
CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One text with slots; notes: `kinds=a,b`, or events as `event K AB when`, `~` tolerated."""

    text: str
    event: str = ""
    kinds: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    title: str = ""

    @classmethod
    def read(cls, line: str, event: str = "") -> Skeleton:
        """Read `title || text ## notes`."""
        body, _, notes = line.partition(" ## ")
        title, mark, text = body.partition(" || ")
        if not mark:
            title, text = "", body
        parts = [note.strip() for note in notes.split(";") if note.strip()]
        kinds = next((p[6:].split(",") for p in parts if p.startswith("kinds=")), [])
        gives = tuple(p for p in parts if not p.startswith("kinds="))
        return cls(text, event, tuple(kinds), gives, title)


@dataclass(frozen=True, slots=True)
class Name:
    """How an instrument of some kind is called."""

    kind: str
    bare: str
    short: str
    acronym: str = ""
    feminine: bool = False
    also: str = ""
    """Another kind that a careful reader may take it for."""

    @property
    def kinds(self) -> str:
        """Every acceptable kind, parted by `|`."""
        return "|".join(filter(None, (self.kind, self.also)))


@dataclass(slots=True)
class Filling:
    """What stands in the slots of one text, chosen once and remembered."""

    language: str
    random: Random
    published: date
    parties: dict[str, Country]
    names: dict[str, Name]
    lists: dict[str, list[Any]]
    known: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    """`when`, `old` and `next` as ISO dates, as precise as the text gives them."""

    def render(self, text: str) -> str:
        """The text with every choice made and every slot filled."""
        while CHOICE.search(text):
            text = CHOICE.sub(lambda m: self.random.choice(m.group(1).split("|")), text)
        filled = SLOT.sub(lambda m: self.slot(m.group(1)), text)
        return polished(filled, self.language)

    def slot(self, name: str) -> str:
        """What a slot is filled with."""
        head, _, form = name.partition(".")
        if head in self.parties:
            return self._party(self.parties[head], form)
        if head in self.names:
            return self._instrument(self.names[head], form)
        if head in PRIMARY or head in BARE or head in ("old", "next", "early"):
            return self._time(head, form)
        if name not in self.known:
            self.known[name] = self._listed(name)
        return self.known[name]

    def _party(self, one: Country, form: str) -> str:
        if form == "any":
            form = self.random.choice(("", "", "off", "auth"))
        if form == "customs":
            return self._customs(one)
        if form == "gen" and self.language == "en":
            return one.name + ("'" if one.name.endswith("s") else "'s")
        if form == "gen":
            return f"de {one.name}"
        if form == "in":
            return f"{self._in(one)}"
        forms = {
            "": one.name,
            "off": one.official,
            "adj": one.masculine,
            "adjf": one.feminine,
            "adjp": plural(one.masculine, self.language),
            "adjfp": plural(one.feminine, self.language),
            "cap": one.capital,
            "CAP": one.capital.upper(),
            "auth": one.authority,
            "acr": one.acronym,
            "authacr": f"{one.authority} ({one.acronym})",
            "bare": re.sub(r"^(?:the|le|la|les|el|los) |^l'", "", one.name),
        }
        return forms[form]

    def _customs(self, one: Country) -> str:
        genitive = self._party(one, "gen")
        ways = {
            "en": (f"{genitive} customs administration", f"{one.masculine} Customs",
                   f"the customs authorities of {one.name}", f"the customs service of {one.name}",
                   f"{one.masculine} customs authorities"),
            "fr": (f"l'administration des douanes {genitive}", f"la douane {one.feminine}",
                   f"les douanes {plural(one.feminine, 'fr')}",
                   f"l'administration douanière {one.feminine}",
                   f"les autorités douanières {genitive}"),
            "es": (f"la aduana {one.feminine}", f"la administración de aduanas {genitive}",
                   f"la aduana {genitive}", f"la administración aduanera {one.feminine}",
                   f"las autoridades aduaneras {genitive}"),
        }  # fmt: skip
        if one.code == "EU":
            return one.name
        return self.random.choice(ways[self.language])

    def _in(self, one: Country) -> str:
        if self.language != "fr":
            return ("in " if self.language == "en" else "en ") + one.name
        for article, instead in (("le ", "au "), ("les ", "aux "), ("la ", "en "), ("l'", "en ")):
            if one.name.startswith(article):
                return instead + one.name.removeprefix(article)
        return f"à {one.name}"

    def _instrument(self, one: Name, form: str) -> str:
        full = f"{one.bare} ({one.acronym})" if one.acronym else one.bare
        starts_with_vowel = one.bare[0].lower() in "aeiou"
        if self.language == "en":
            article = "an" if starts_with_vowel else "a"
            forms = {"": f"{article} {one.bare}", "full": f"{article} {full}",
                     "the": f"the {one.bare}", "bare": one.bare, "barefull": full,
                     "short": one.short}  # fmt: skip
        elif self.language == "fr":
            un, le = ("une", "la ") if one.feminine else ("un", "le ")
            le = "l'" if one.bare[0].lower() in "aeéiou" else le
            forms = {"": f"{un} {one.bare}", "full": f"{un} {full}", "the": f"{le}{one.bare}",
                     "bare": one.bare, "barefull": full, "short": one.short,
                     "e": "e" if one.feminine else ""}  # fmt: skip
        else:
            un, le = ("una", "la") if one.feminine else ("un", "el")
            forms = {"": f"{un} {one.bare}", "full": f"{un} {full}", "the": f"{le} {one.bare}",
                     "bare": one.bare, "barefull": full, "short": one.short,
                     "o": "a" if one.feminine else "o"}  # fmt: skip
        forms["acr"] = one.acronym or one.short
        return forms[form]

    def _time(self, head: str, form: str) -> str:
        if head == "old":
            day = self.published - timedelta(self.random.randint(1500, 9000))
            self.dates.setdefault("old", _iso(day, form))
            day = date.fromisoformat(_padded(self.dates["old"]))
            return day_in_words(day, self.language, form or "year", self.random)
        if head == "next":
            day = self.published + timedelta(self.random.randint(12, 80))
            self.dates["next"] = _iso(day, form)
            return day_in_words(day, self.language, form or "full", self.random)
        if head in BARE:
            if "when" not in self.dates:
                day = self.published - timedelta(self.random.randint(1, 25))
                self.dates["when"] = _iso(day, BARE[head])
            day = date.fromisoformat(_padded(self.dates["when"]))
            return day_in_words(day, self.language, BARE[head], self.random)
        words, self.dates["when"] = when_in_words(
            self.published, self.language, PRIMARY[head], self.random
        )
        return words

    def _listed(self, name: str) -> str:
        if name == "place":
            return self.random.choice([p.capital for k, p in self.parties.items() if k in "AB"])
        if name == "nth":
            number = self.random.randint(3, 80)
            return {"en": f"{number}{ordinal_ending(number)}", "fr": f"{number}e",
                    "es": f"{number}.º"}[self.language]  # fmt: skip
        if name == "count":
            return str(self.random.randint(9, 95))
        if name == "thousands":
            return number_in_words(self.random.randint(1100, 98000), self.language)
        if name == "share":
            return str(self.random.randint(3, 94))
        head = name.rstrip("0123456789")
        taken = set(self.known.values())
        left = [one for one in self.lists[head] if _text(one) not in taken]
        return _text(self.random.choice(left))


def _text(one: Any) -> str:
    return str(one)


def _iso(day: date, style: str) -> str:
    return day.isoformat()[: {"month": 7, "year": 4, "": 4}.get(style, 10)]


def _padded(day: str) -> str:
    return day + "-01" * ((10 - len(day)) // 3)


def plural(word: str, language: str) -> str:
    """A plural good enough for the adjectives of the table."""
    if language == "fr":
        return word if word.endswith(("s", "x")) else f"{word}s"
    if language == "es":
        if word.endswith("í"):
            return f"{word}es"
        if word[-1] in "aeiou":
            return f"{word}s"
        for end, instead in (("és", "eses"), ("án", "anes"), ("ón", "ones")):
            if word.endswith(end):
                return word.removesuffix(end) + instead
        return f"{word}es"
    return word


@cache
def grammar(language: str, *, unseen: bool = False) -> dict[str, Any]:
    """The grammar of one language; for the unseen half with words that the other never has."""
    text = (FOLDER / "grammar" / f"{language}.yaml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    if not unseen:
        return read
    lists = {**read["lists"], **read["unseen"]["lists"]}
    return {**read, **read["unseen"], "lists": lists}


@cache
def names(language: str) -> dict[str, tuple[Name, ...]]:
    """How instruments are called: `gender | name | short | acronym | also acceptable kind`."""
    found = {}
    for kind, lines in grammar(language)["names"].items():
        rows = [[part.strip() for part in line.split("|")] for line in lines]
        found[kind] = tuple(
            Name(kind, bare, short, acronym, feminine=gender == "f", also="".join(also))
            for gender, bare, short, acronym, *also in rows
        )
    return found


def instrument_skeletons(language: str) -> list[Skeleton]:
    """Every skeleton that announces an instrument, in the order of the file."""
    groups = grammar(language)["instruments"]
    return [
        Skeleton.read(line, event) for event, text in groups.items() for line in text.splitlines()
    ]
