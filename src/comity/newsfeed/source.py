# SPDX-License-Identifier: Apache-2.0
"""The sources of announcements that come with Comity, read from `sources.yaml`.

What a source says of the use of its texts is noted with it. None is visited until a person of
the node switches it on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from comity.reference.countries import is_country
from comity.reference.group_files import load_groups
from comity.reference.yaml_files import Entry, read_yaml

SOURCES_FILE = Path(__file__).parent / "sources.yaml"
KEYS = (
    "code",
    "title",
    "address",
    "administration",
    "language",
    "format",
    "licence",
    "basis",
    "read_on",
)
LONGEST_CODE = 40


class SourceFormat(StrEnum):
    """What a source is written in."""

    RSS = "rss"
    ATOM = "atom"
    JSON_FEED = "json-feed"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Source:
    """Somewhere public announcements can be read from."""

    code: str
    """Short and permanent, such as `gb-hmrc`."""
    title: str
    address: str
    administration: str
    """Code of the country or union whose administration publishes."""
    language: str
    format: SourceFormat
    licence: str
    """What the source itself says of the use of its texts; empty where it is not known."""
    basis: str
    """How the address is known."""
    read_on: date
    """When address and licence were looked up."""


@cache
def shipped_sources(file: Path = SOURCES_FILE) -> tuple[Source, ...]:
    """Every source of the file, in its order.

    Raises:
        DataFileError: something in the file does not hold together; it names the line.
    """
    top = read_yaml(file)
    top.allow(frozenset({"sources"}), required=("sources",))
    found: dict[str, Source] = {}
    addresses: set[str] = set()
    for entry in top.each("sources"):
        source = _source(entry)
        if source.code in found:
            raise entry.at("code").fail(expected="a code that no other source has")
        if source.address in addresses:
            raise entry.at("address").fail(expected="an address that no other source has")
        found[source.code] = source
        addresses.add(source.address)
    return tuple(found.values())


def _source(entry: Entry) -> Source:
    entry.allow(frozenset(KEYS), required=KEYS)
    read_on = entry.day("read_on")
    if read_on is None:
        raise entry.at("read_on").fail(expected="the day on which the source was looked up")
    licence = entry.text("licence")
    return Source(
        code=_code(entry.at("code")),
        title=entry.text("title"),
        address=_address(entry.at("address")),
        administration=_administration(entry.at("administration")),
        language=_language(entry.at("language")),
        format=entry.code("format", SourceFormat),
        licence="" if licence == "unknown" else licence,
        basis=entry.text("basis"),
        read_on=read_on,
    )


def _code(entry: Entry) -> str:
    code = str(entry.value)
    if code.strip("abcdefghijklmnopqrstuvwxyz0123456789-") or len(code) > LONGEST_CODE:
        raise entry.fail(expected="small letters, digits and hyphens")
    return code


def _address(entry: Entry) -> str:
    parts = urlsplit(str(entry.value))
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise entry.fail(expected="an address that begins with https://")
    return str(entry.value)


def _administration(entry: Entry) -> str:
    code = str(entry.value)
    if not is_country(code) and code not in load_groups().by_code:
        raise entry.fail(expected="the code of a country or union")
    return code


def _language(entry: Entry) -> str:
    code = str(entry.value)
    if len(code) != 2 or not (code.isascii() and code.isalpha() and code.islower()):
        raise entry.fail(expected="a language such as en, fr or es")
    return code
