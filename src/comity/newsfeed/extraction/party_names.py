# SPDX-License-Identifier: Apache-2.0
"""The names of parties as they stand in `vocabulary/`, spelled out in every inflection.

Names of countries come from `reference` (the Unicode CLDR in three languages) and from
`vocabulary/countries.yaml`, which also has the adjectives; administrations are in
`vocabulary/administrations.yaml`, titles of states in `titles.yaml`; what only looks like a party
is in `no_parties.yaml`. How names are found in a text is in `parties`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from comity.newsfeed.extraction.phrases import Phrases, folded
from comity.reference.countries import countries
from comity.reference.yaml_files import read_yaml

VOCABULARY = Path(__file__).parent / "vocabulary"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a name stands for."""

    codes: tuple[str, ...]
    """Country or group; several where the name is shared; none where it is no party at all."""
    kind: str
    """`country`, `adjective`, `authority`; `office` is an administration of no country by itself,
    `title` what stands before a country's name, `seat` its seat of government, `compound` the
    first half of a word such as `franco-allemand`, `none` no party at all."""
    authority: str = ""
    default: str = ""
    """Of a shared name: whose it is when the sentence names none of them."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a phrase stands for when it is written with a capital, and without one."""

    capital: Meant | None = None
    small: Meant | None = None


@cache
def vocabulary(name: str) -> Mapping[str, Any]:
    """One file of the vocabulary."""
    return read_yaml(VOCABULARY / f"{name}.yaml").value  # type: ignore[return-value]  # a mapping


@cache
def names() -> Phrases[Name]:
    """Every name, to be found all at once."""
    found: dict[str, tuple[str, Name]] = {}
    for phrase, meant, everywhere in _entries():
        key = phrase if phrase.isupper() else phrase.casefold()
        spelled, known = found.get(key, (phrase, Name()))
        name = Name(known.capital or meant, known.small or (meant if everywhere else None))
        found[key] = (spelled, name)
    return Phrases(found.values())


def _entries() -> Iterator[tuple[str, Meant, bool]]:
    """Phrases, what each means, and whether also without a capital; the first meaning wins."""
    for phrase in vocabulary("no_parties")["phrases"]:
        yield phrase, Meant((), "none"), True
    yield from _authorities()
    yield from _countries()
    yield from _adjectives()
    for code, halves in vocabulary("countries")["compounds"].items():
        for half in halves:
            yield half, Meant((code,), "compound"), True
    for code, seats in vocabulary("capitals")["seats"].items():
        for seat in seats:
            yield seat, Meant((code,), "seat"), False


def _countries() -> Iterator[tuple[str, Meant, bool]]:
    file = vocabulary("countries")
    for code, phrases in country_names().items():
        for phrase in phrases:
            yield phrase, Meant((code,), "country"), False
    for code, phrases in file["groups"].items():
        for phrase in phrases:
            yield phrase, Meant((code,), "country"), False


@cache
def country_names() -> dict[str, tuple[str, ...]]:
    """Every name of every country that can be a party, by code."""
    file = vocabulary("countries")
    left_out, ambiguous = set(file["left_out"]), set(file["ambiguous"])
    named: dict[str, tuple[str, ...]] = {}
    for code, country in countries().items():
        if code in left_out or country.former:
            continue
        listed = file["countries"].get(code, {}).get("names", ())
        given = (country.name, country.name_fr, country.name_es, *country.other_names)
        every = (*(n for n in given if n not in ambiguous and "(" not in n), *listed)
        named[code] = tuple(dict.fromkeys(spelled for n in every for spelled in _spellings(n)))
    return named


def _spellings(name: str) -> Iterator[str]:
    """The name, and how else it is usually written."""
    yield name
    if "&" in name:
        yield name.replace("&", "and")
    if "St. " in name:
        yield name.replace("St. ", "Saint ").replace("&", "and")


def _adjectives() -> Iterator[tuple[str, Meant, bool]]:
    for code, entry in vocabulary("countries")["countries"].items():
        for language, words in entry.get("adjectives", {}).items():
            for word in words:
                for form in inflected(word, language):
                    yield form, Meant((code,), "adjective"), language != "en"


def _authorities() -> Iterator[tuple[str, Meant, bool]]:
    file = vocabulary("administrations")
    for entry in file["administrations"]:
        codes = tuple(entry["party"].split("|"))
        authority = entry.get("code", "")
        meant = Meant(codes, "authority", authority, entry.get("default", ""))
        for phrase in entry["names"]:
            yield phrase, meant, not phrase.isupper()
    for phrase in file["offices"]:
        yield phrase, Meant((), "office"), not phrase[0].isupper()
    for phrase in file["no_offices"]:
        yield phrase, Meant((), "none"), True
    for phrase in vocabulary("titles")["titles"]:
        yield phrase, Meant((), "title"), True


def inflected(word: str, language: str) -> tuple[str, ...]:
    """The word in masculine and feminine, singular and plural, as the language forms them."""
    *before, last = word.split(" ")
    forms = _INFLECTIONS[language](folded(last))
    return tuple(" ".join((*before, form)) for form in forms)


def _english(word: str) -> tuple[str, ...]:
    return (word,) if word.endswith(("s", "sh", "ch", "ese")) else (word, word + "s")


_FRENCH_FEMININE = (
    ("ien", "ienne"),
    ("een", "eenne"),
    ("grec", "grecque"),
    ("turc", "turque"),
    ("eux", "euse"),
    ("e", "e"),
)


def _french(word: str) -> tuple[str, ...]:
    ends = ((end, her) for end, her in _FRENCH_FEMININE if word.endswith(end))
    end, her = next(ends, ("", "e"))
    feminine = word.removesuffix(end) + her
    plural = word if word.endswith(("s", "x")) else word + "s"
    return tuple(dict.fromkeys((word, feminine, plural, feminine + "s")))


def _spanish(word: str) -> tuple[str, ...]:
    if word.endswith("o"):
        return tuple(word[:-1] + end for end in ("o", "a", "os", "as"))
    if word.endswith(("es", "an", "ol", "on")):
        return (word, word + "a", word + "es", word + "as")
    if word.endswith("i"):
        return (word, word + "es", word + "s")
    return (word, word + "s")


_INFLECTIONS = {"en": _english, "fr": _french, "es": _spanish}


def _words(entry: str | Iterable[str]) -> frozenset[str]:
    return frozenset(folded(word) for word in (entry.split() if isinstance(entry, str) else entry))


_NO_PARTIES = vocabulary("no_parties")
EXACT: frozenset[str] = frozenset(_NO_PARTIES["exact"])
PEOPLE = _words(_NO_PARTIES["people"])
AFTER_PEOPLE = _words(_NO_PARTIES["after_people"])
PEOPLE_TITLES = _words(_NO_PARTIES["people_titles"])
GIVEN_NAMES = _words(_NO_PARTIES["given_names"])
STATES: Phrases[None] = Phrases((phrase, None) for phrase in _NO_PARTIES["states"])
OPENING_ADVERBS = _words(_NO_PARTIES["opening_adverbs"])
CITIES_OF_GEORGIA = _words(_NO_PARTIES["cities_of_georgia"])
BEFORE_SEATS = _words(vocabulary("capitals")["before"])
AFTER_SEATS = _words(" ".join(vocabulary("capitals")["after"]).replace("|", " "))
