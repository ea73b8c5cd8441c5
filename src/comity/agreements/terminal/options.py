# SPDX-License-Identifier: Apache-2.0
"""What the words on a command line mean: days, codes, administrations, files.

Anything that cannot be read is misuse, with the nearest codes named; nothing is guessed and no
unknown code is dropped, because a condition left out would widen the answer.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from comity import clock
from comity.agreements.documents import plain
from comity.agreements.domestic_law import DomesticLaws, load_domestic_laws
from comity.agreements.instrument_files import load_register
from comity.agreements.overlay import Overlay
from comity.agreements.overlay_files import read_overlay
from comity.agreements.register import Register, country_of
from comity.catalogues import N_, translate
from comity.errors import InvalidInputError
from comity.reference.countries import countries, country_name
from comity.reference.days import day_of
from comity.reference.taxonomy import Code, code_of


class NotADayError(InvalidInputError):
    """A day that cannot be read."""

    code = "not-a-day"
    message = N_("{option} is {given}, which is no day.")
    remedy = N_("Write the day as YYYY-MM-DD, such as 2024-10-11.")


class NoSuchFolderError(InvalidInputError):
    """A folder that is not there: an empty one would say that nothing is registered."""

    code = "no-such-folder"
    message = N_("{option} is {given}, and there is no such folder.")
    remedy = N_("Name an existing folder, or leave {option} out for the shipped one.")


class UnknownAdministrationError(InvalidInputError):
    """A code that is no country's, no group's and no party's."""

    code = "unknown-administration"
    message = N_("{given} is no country, group or authority that the register knows.")
    remedy = N_("The nearest are: {nearest}.")


@dataclass(frozen=True, slots=True)
class Setting:
    """What every command starts from: the register, our overlay, the day, the language."""

    register: Register
    overlay: Overlay
    on: date
    language: str

    def say(self, text: str, **facts: object) -> str:
        """The text in the officer's language, with its facts."""
        return translate(text, self.language).format(**facts)

    def headings(self, texts: Iterable[str]) -> list[str]:
        """The headings of a table in the officer's language."""
        return [translate(text, self.language) for text in texts]


def setting_of(arguments: argparse.Namespace) -> Setting:
    """The register and overlay that the options name, and the day in question."""
    overlay = Overlay()
    if arguments.overlay:
        overlay = read_overlay(Path(arguments.overlay), two_person_unit=arguments.two_person_unit)
    return Setting(
        register=load_register(folder(arguments.register, "--register")),
        overlay=overlay,
        on=day(arguments.on, "--on") or clock.today(),
        language=arguments.language,
    )


def folder(given: str | None, option: str) -> Path | None:
    """The folder of an option; None when it was left out.

    Raises:
        NoSuchFolderError: there is none of that name.
    """
    if given is None:
        return None
    if not Path(given).is_dir():
        raise NoSuchFolderError(option=option, given=given)
    return Path(given)


def domestic_laws(given: str | None) -> DomesticLaws:
    """The laws of the folder that `--laws` names; without one, those that are shipped."""
    named = folder(given, "--laws")
    return load_domestic_laws(named) if named else load_domestic_laws()


def day(given: str | None, option: str) -> date | None:
    """The day of an option; None when it was left out or is `unknown`.

    Raises:
        NotADayError: it cannot be read.
    """
    if given is None or given == "unknown":
        return None
    try:
        return day_of(given)
    except ValueError:
        raise NotADayError(option=option, given=given) from None


def needed_day(given: str | None, option: str) -> date:
    """The day of an option that must be given.

    Raises:
        NotADayError: it is missing, unknown or cannot be read.
    """
    found = day(given, option)
    if found is None:
        raise NotADayError(option=option, given=given or "missing")
    return found


def codes(kind: type[Code], given: Iterable[str]) -> tuple[Code, ...]:
    """The codes of options that may be repeated or separated by commas, each once."""
    words = (word for text in given for word in text.split(",") if word.strip())
    return tuple(dict.fromkeys(code_of(kind, word) for word in words))


def truth(given: str) -> bool | None:
    """`yes`, `no` or `unknown`."""
    return {"yes": True, "no": False}.get(given)


def authority(given: str, register: Register) -> str:
    """An administration's code in capitals, such as `US` or `US/CBP`.

    Raises:
        UnknownAdministrationError: no country, group or party of that code; the nearest are named.
    """
    written = given.strip().upper()
    known = {*countries(), *register.groups.by_code, *parties_of(register)}
    if country_of(written) in known:
        return written
    named = {country.name.upper(): code for code, country in countries().items()}
    near = get_close_matches(written, [*known, *named], n=4, cutoff=0.5)
    nearest = [f"{named.get(each, each)} ({country_name(named.get(each, each))})" for each in near]
    raise UnknownAdministrationError(
        given=given, nearest=", ".join(nearest) or ", ".join(sorted(parties_of(register))[:12])
    )


def parties_of(register: Register) -> set[str]:
    """The codes of all parties of all instruments."""
    return {party.code for each in register.instruments.values() for party in each.parties}


def value(kind: type[StrEnum], given: str) -> StrEnum:
    """As `code_of`, for lists written with dashes as well as with underscores."""
    names = {member.value.upper().replace("_", "-"): member for member in kind}
    return names.get(given.strip().upper().replace("_", "-")) or code_of(kind, given)


def print_json(document: object) -> None:
    """Print for programs."""
    print(json.dumps(plain(document), ensure_ascii=False, indent=2))


def terminal_width() -> int:
    """The columns at hand, within what can be read."""
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 160))
