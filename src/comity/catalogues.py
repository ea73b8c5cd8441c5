# SPDX-License-Identifier: Apache-2.0
"""The words of Comity in each language, for plain modules as for pages.

One set of gettext catalogues (`locale/<language>/LC_MESSAGES/django.mo`) serves commands of the
plain install, the pages and the API. English is the source language and needs no catalogue.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LOCALE_FOLDER = Path(__file__).parent / "locale"
LANGUAGES: dict[str, str] = {"en": "English", "fr": "Français"}


def N_(text: str) -> str:  # noqa: N802 - the mark that message extraction looks for
    """The text unchanged: marks a template for the catalogues where it is defined."""
    return text


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("django", str(LOCALE_FOLDER), [language], fallback=True)


def translate(text: str, language: str = "en") -> str:
    """The text in this language, or in English where the catalogue has none."""
    return _catalogue(language).gettext(text) if text and language != "en" else text


class Phrase(str):
    """Words with fields of their own, to stand in a field of another text.

    It is the English text to everything that does not ask; `said` says it in another language.
    """

    template: str
    fields: Mapping[str, object]

    def __new__(cls, template: str, **fields: object) -> Phrase:
        """The template in English with its fields filled in."""
        phrase = super().__new__(cls, template.format(**fields))
        phrase.template, phrase.fields = template, fields
        return phrase


def said(text: str, fields: Mapping[str, object], language: str = "en") -> str:
    """The text in this language with its fields filled in, those that have a translation in it."""
    words = {name: _word(value, language) for name, value in fields.items()}
    return translate(text, language).format(**words)


def _word(value: object, language: str) -> object:
    if isinstance(value, Phrase):
        return said(value.template, value.fields, language)
    return translate(value, language) if isinstance(value, str) else value


def unreviewed(language: str) -> int:
    """How many of this language's texts were translated by a machine and read by nobody yet."""
    header = _catalogue(language).info() if language != "en" else {}
    return int(header.get("x-unreviewed", 0))
