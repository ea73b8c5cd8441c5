# SPDX-License-Identifier: Apache-2.0
"""Countries and territories: ISO 3166-1 codes, formerly used codes, and their names.

The table is `data/countries.csv`, generated from the Unicode CLDR (see `data/SOURCES.md`). Unions
and other circles of states are groups, not countries: they stand in `groups.yaml`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

COUNTRIES_FILE = Path(__file__).parent / "data" / "countries.csv"


@dataclass(frozen=True, slots=True)
class Country:
    """A country, territory or formerly used code, with its names in three languages."""

    code: str
    name: str
    name_fr: str
    former: bool = False
    """A code no longer in ISO 3166-1, kept for the instruments of states that are no more."""
    other_names: tuple[str, ...] = ()
    """Other names under which sources list it, such as `Korea, Republic of`."""
    name_es: str = ""


PRACTICE = {
    "XN": Country("XN", "Northland", "Nordlande", name_es="Nortelandia"),
    "XS": Country("XS", "Southland", "Sudlande", name_es="Surlandia"),
    "XE": Country("XE", "Eastland", "Estlande", name_es="Estelandia"),
}
"""Made-up countries for practice, under codes that ISO 3166-1 leaves to its users. They may be
parties to made-up instruments; no list of countries offers them."""


@cache
def countries() -> dict[str, Country]:
    """Every country by code, in the order of the codes."""
    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: Country(
                code=row["code"],
                name=row["name_en"],
                name_fr=row["name_fr"],
                former=row["former"] == "yes",
                other_names=tuple(row["other_names"].split("; ")) if row["other_names"] else (),
                name_es=row["name_es"],
            )
            for row in csv.DictReader(lines)
        }


def is_country(code: str) -> bool:
    """Whether the code is a country's, a territory's, a formerly used or a made-up one."""
    return code in countries() or code in PRACTICE


def country_name(code: str, language: str = "en") -> str:
    """The name in English or French; a code that is no country's stands for itself."""
    country = countries().get(code) or PRACTICE.get(code)
    if country is None:
        return code
    return country.name_fr if language == "fr" else country.name


@cache
def _codes_by_name() -> dict[str, str]:
    return {
        name.casefold(): country.code
        for country in reversed(countries().values())
        for name in (*country.other_names, country.name_fr, country.name)
    }


def country_code(name: str) -> str:
    """The code of the country of that name, in any of the names listed; empty when none has it."""
    return _codes_by_name().get(name.strip().casefold(), "")
