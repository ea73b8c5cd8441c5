# SPDX-License-Identifier: Apache-2.0
"""Which country or union publishes, told from the name of the host.

Only names that a state gives to its own bodies, and the domains of countries, tell it. A domain
that is sold to everybody, such as `.io`, tells nothing.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from comity.reference.countries import is_country

UNKNOWN = ""

PUBLISHERS: dict[str, str] = {
    "gov": "US",
    "mil": "US",
    "fed.us": "US",
    "gov.uk": "GB",
    "europa.eu": "EU",
    "wcoomd.org": UNKNOWN,
    "un.org": UNKNOWN,
    "int": UNKNOWN,
    "org": UNKNOWN,
    "com": UNKNOWN,
    "net": UNKNOWN,
}
"""Endings of hosts whose country their letters do not say; the longest that fits counts."""

_OF_GOVERNMENTS_WORDS = """
gov gob gouv go gub govt gc government admin bund customs douane aduana
"""
OF_GOVERNMENTS = frozenset(_OF_GOVERNMENTS_WORDS.split())
"""What stands before the letters of a country where the state itself speaks: `gob.mx`."""

_SOLD_TO_EVERYBODY_WORDS = """
ac ai am as bz cc cd co dj fm gg im io is la ly me ms nu pw sc sh st sx tk to tv us vc ws
"""
SOLD_TO_EVERYBODY = frozenset(_SOLD_TO_EVERYBODY_WORDS.split())
"""Domains of countries that others use as they like; only the state's own names below count."""

_LETTERS = {"uk": "GB"}


def publisher_of(address: str) -> str:
    """The code of the country or union that publishes at this address; empty when unknown."""
    labels = _host(address).split(".")
    for first in range(len(labels)):
        ending = ".".join(labels[first:])
        if ending in PUBLISHERS:
            return PUBLISHERS[ending]
    last = labels[-1]
    code = _LETTERS.get(last, last.upper())
    if len(last) != 2 or not is_country(code):
        return UNKNOWN
    speaks_for_itself = len(labels) > 1 and not OF_GOVERNMENTS.isdisjoint(labels[:-1])
    return UNKNOWN if last in SOLD_TO_EVERYBODY and not speaks_for_itself else code


def host_of(address: str) -> str:
    """The host of an address, without `www`; empty where it has none."""
    return _host(address).removeprefix("www.")


def _host(address: str) -> str:
    try:
        return (urlsplit(address.strip()).hostname or "").rstrip(".")
    except ValueError:
        return ""
