# SPDX-License-Identifier: Apache-2.0
"""The words of certificates in each language, read from `certificates/wording/`.

Every language has every text with the same fields, so that two columns of a certificate say the
same. Which of them a machine translated and nobody read is said in the file, and on the page.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.reference.yaml_files import Entry, read_yaml

WORDING = Path(__file__).parent / "certificates" / "wording"
SOURCE = "en"
_ISOLATED = "\u2068{}\u2069"
"""Between these marks a number, a date or an address keeps its own direction in an Arabic line."""
SECTIONS = ("headings", "labels", "sentences", "statements", "capacities", "codes")


class Review(StrEnum):
    """Who answers for the words of a language."""

    SOURCE = "source"
    READ = "read"
    """A person who knows both languages and the law read it."""
    MACHINE = "machine"
    """A machine translated it and nobody read it."""


class UnknownCertificateLanguageError(NotFoundError):
    """Certificates are not written in this language."""

    code = "unknown-certificate-language"
    message = N_("There is no wording of certificates in {language}.")
    remedy = N_("Name one or two of these: {known}.")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language."""

    language: str
    name: str
    right_to_left: bool
    review: Review
    texts: Mapping[str, str]
    """By section and name: `labels.place`."""

    def said(self, name: str, **fields: object) -> str:
        """The text of this name, its fields filled in, each in its own direction."""
        text = self.texts[name]
        if self.right_to_left:
            return text.format(**{key: isolated(str(each)) for key, each in fields.items()})
        return text.format(**fields)


def isolated(text: str) -> str:
    """The text between marks that keep its direction apart from that of what is around it."""
    return _ISOLATED.format(text)


@cache
def wordings() -> Mapping[str, Wording]:
    """Every language of the folder, by its code, English first.

    Raises:
        DataFileError: a file lacks a text, has one too many, or one with other fields.
    """
    files = sorted(WORDING.glob("*.yaml"), key=lambda file: (file.stem != SOURCE, file.stem))
    found: dict[str, Wording] = {}
    for file in files:
        wording = _wording(read_yaml(file), found.get(SOURCE))
        found[wording.language] = wording
    return found


def wording(language: str) -> Wording:
    """The words of this language.

    Raises:
        UnknownCertificateLanguageError: there are none.
    """
    known = wordings()
    if language not in known:
        raise UnknownCertificateLanguageError(language=language, known=", ".join(known))
    return known[language]


def _wording(top: Entry, source: Wording | None) -> Wording:
    top.allow(
        frozenset(("language", "name", "direction", "review", *SECTIONS)),
        required=("language", "name", "direction", "review", *SECTIONS),
    )
    texts: dict[str, str] = {}
    for section in SECTIONS:
        entry = top.at(section)
        for name in entry.names():
            texts[f"{section}.{name}"] = entry.text(name)
            _check_fields(entry, name, texts[f"{section}.{name}"], source, section)
    if source is not None and set(texts) != set(source.texts):
        missing = sorted(set(source.texts) ^ set(texts))
        raise top.fail(expected="the texts of the English wording", found=", ".join(missing))
    return Wording(
        language=top.text("language"),
        name=top.text("name"),
        right_to_left=top.text("direction") == "rtl",
        review=top.code("review", Review),
        texts=texts,
    )


def _check_fields(entry: Entry, name: str, text: str, source: Wording | None, section: str) -> None:
    if source is None or f"{section}.{name}" not in source.texts:
        return
    wanted = fields_of(source.texts[f"{section}.{name}"])
    if fields_of(text) != wanted:
        raise entry.at(name).fail(expected="the fields " + (", ".join(sorted(wanted)) or "none"))


def fields_of(text: str) -> frozenset[str]:
    """The names of the fields of a text."""
    return frozenset(field for _, field, _, _ in string.Formatter().parse(text) if field)
