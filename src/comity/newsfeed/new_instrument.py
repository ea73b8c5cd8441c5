# SPDX-License-Identifier: Apache-2.0
"""A new local instrument in the form of the instrument files, made of what was announced.

Only what the announcement says stands in it: nobody has read the text. Reference, title, kind and
model follow the register's own ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from comity.agreements.instrument import Authority
from comity.agreements.register import Register
from comity.newsfeed.announcement import AnnouncedEvent
from comity.newsfeed.sayings import party_words
from comity.reference.countries import is_country
from comity.reference.taxonomy import InstrumentKind, Programme

FIRST = ("US", "EU")
"""Whose code comes first in a reference; the others stand in the order of the alphabet."""

KINDS: dict[Programme, InstrumentKind] = {
    Programme.CMAA: InstrumentKind.TREATY_BILATERAL,
    Programme.MRA: InstrumentKind.ADMINISTRATIVE_ARRANGEMENT,
    Programme.JWP: InstrumentKind.ADMINISTRATIVE_ARRANGEMENT,
    Programme.CSI: InstrumentKind.ADMINISTRATIVE_ARRANGEMENT,
    Programme.TRADE_DATA: InstrumentKind.ADMINISTRATIVE_ARRANGEMENT,
    Programme.CONVENTION: InstrumentKind.TREATY_MULTILATERAL,
    Programme.TRADE_CHAPTER: InstrumentKind.TRADE_AGREEMENT_CHAPTER,
    Programme.OTHER: InstrumentKind.ADMINISTRATIVE_ARRANGEMENT,
}
"""What sort of instrument such a programme usually rests on; also every programme that is known."""

BINDING = frozenset({Programme.CMAA, Programme.CONVENTION, Programme.TRADE_CHAPTER})
"""The others are arrangements without obligation under law until somebody has read otherwise."""

TITLES: dict[Programme, str] = {
    Programme.CMAA: "Agreement between {parties} regarding mutual assistance between their customs "
    "administrations",
    Programme.MRA: "Mutual recognition arrangement between {parties}",
    Programme.JWP: "Joint work plan towards mutual recognition between {parties}",
    Programme.CSI: "Declaration of principles on the Container Security Initiative between "
    "{parties}",
    Programme.TRADE_DATA: "Exchange of trade data between {parties}",
    Programme.CONVENTION: "Convention on customs cooperation between {parties}",
    Programme.TRADE_CHAPTER: "Trade agreement between {parties}",
    Programme.OTHER: "Arrangement between {parties}",
}
"""Titles as the register gives them, in English; an announced name stands in their place."""

PROVISIONS: dict[Programme, tuple[Mapping[str, Any], ...]] = {
    Programme.MRA: (
        {
            "article": "recognition",
            "type": "assistance",
            "basis": "assumed",
            "reading": "Each side treats operators validated by the other as lower risk and does "
            "not validate them again.",
            "parameters": {"forms": ["AEO_RECOGNITION"], "duty": "may"},
        },
        {
            "article": "data",
            "type": "assistance",
            "basis": "assumed",
            "reading": "Names, identifiers, status and dates of members are exchanged, with "
            "suspensions and revocations.",
            "parameters": {"forms": ["AUTOMATIC_EXCHANGE"], "duty": "may"},
        },
    ),
    Programme.JWP: (
        {
            "article": "plan",
            "type": "scope",
            "basis": "assumed",
            "reading": "Lays out the steps towards mutual recognition; at its end both sides "
            "decide whether an arrangement is feasible.",
            "parameters": {"standing_of_text": "a commitment without legal obligation"},
        },
    ),
    Programme.CSI: (
        {
            "article": "declaration",
            "type": "assistance",
            "basis": "assumed",
            "reading": "Officers of the sending side work in the port and single out containers; "
            "the host examines before loading on request, and decides itself.",
            "parameters": {"forms": ["PRESCREENING", "LIAISON_OFFICER"], "duty": "may"},
        },
    ),
    Programme.TRADE_DATA: (
        {
            "article": "exchange",
            "type": "assistance",
            "basis": "assumed",
            "reading": "Units of both sides exchange import and export records and compare them; "
            "people confirm what stands out.",
            "parameters": {
                "forms": ["TRADE_DATA_EXCHANGE"],
                "duty": "may",
                "trigger": ["request"],
            },
        },
    ),
}
"""What the shipped instruments of such a programme provide for, where no model text says it.

Always `assumed`: a person decides until the custodian has confirmed the article.
"""

NAMES: dict[str, str] = {"US": "the United States", "EU": "the European Union"}
LONGEST_TITLE = 300
LONGEST_REFERENCE = 80


def is_party(code: str, register: Register) -> bool:
    """Whether the register can take the code as a party."""
    return is_country(code) or code in register.groups.by_code


def new_content(
    event: AnnouncedEvent,
    programme: Programme,
    claim: Mapping[str, Any],
    source: Mapping[str, str],
    register: Register,
) -> dict[str, Any]:
    """The whole entry: `claim` and `source` as the files have them, under the key `s1`."""
    parties = ordered(event.values("parties"))
    content: dict[str, Any] = {
        "reference": new_reference(programme, parties, event.value("date"), register),
        "title": _title(event, programme, parties),
        "kind": _kind(programme, parties).value,
        "programme": programme.value,
        "parties": list(parties),
        "read": "none",
        "model": model_for(programme, parties, register),
        "sources": {"s1": dict(source)},
        "source": "s1",
        "authorities": _authorities(event.values("authorities"), parties, register),
        "claims": [{**claim, "source": "s1"}],
        "provisions": [{**each, "source": "s1"} for each in PROVISIONS.get(programme, ())],
        "notes": ["Read in a public announcement only; nobody has read the text."],
    }
    if programme not in BINDING:
        content["binding"] = False
    return {name: value for name, value in content.items() if value not in ("", [])}


def ordered(parties: Iterable[str]) -> tuple[str, ...]:
    """The codes in the order of a reference: `us-fj`, `eu-jp`, `cn-kr`."""
    place = {code: at for at, code in enumerate(FIRST)}
    return tuple(sorted(set(parties), key=lambda code: (place.get(code, len(FIRST)), code)))


def new_reference(
    programme: Programme, parties: Iterable[str], day: str, register: Register
) -> str:
    """A reference that nothing has yet: `us-fj-2025`, `us-fj-mra-2025`, `us-fj-cmaa`."""
    pair = "-".join(code.lower() for code in ordered(parties))[: LONGEST_REFERENCE - 30]
    plain = programme in (Programme.CMAA, Programme.OTHER) and day
    words = [pair, "" if plain else programme.value, day[:4]]
    reference = "-".join(word for word in words if word)
    taken, number = {*register.instruments, *register.models}, 2
    free = reference
    while free in taken:
        free, number = f"{reference}-{number}", number + 1
    return free


def model_for(programme: Programme, parties: Iterable[str], register: Register) -> str:
    """The model text that the register uses for most instruments of this sort of such a party."""
    for party in parties:
        used = Counter(
            instrument.model
            for instrument in register.of(party)
            if instrument.programme is programme
            and any(each.code == party for each in instrument.parties)
        )
        for model, count in used.most_common(1):
            if model and 2 * count > used.total():
                return model
    return ""


def _kind(programme: Programme, parties: tuple[str, ...]) -> InstrumentKind:
    if programme is Programme.CMAA and len(parties) > 2:
        return InstrumentKind.TREATY_MULTILATERAL
    return KINDS[programme]


def _title(event: AnnouncedEvent, programme: Programme, parties: tuple[str, ...]) -> str:
    names = [NAMES.get(code, party_words(code)) for code in parties]
    between = " and ".join((", ".join(names[:-1]), names[-1]))
    announced = " ".join(event.value("title").split())
    if announced and programme in (Programme.OTHER, Programme.CONVENTION, Programme.TRADE_CHAPTER):
        return f"{announced[: LONGEST_TITLE - len(between) - 2]}: {between}"
    return TITLES[programme].format(parties=between)[:LONGEST_TITLE]


def _authorities(
    codes: Iterable[str], parties: tuple[str, ...], register: Register
) -> list[dict[str, str]]:
    """The authorities that the register knows by code, with its names for them."""
    known = _known_authorities(parties, register)
    wanted = dict.fromkeys(code for code in codes if code in known)
    return [{"code": code, "name": known[code].name, "source": "s1"} for code in wanted]


def _known_authorities(parties: tuple[str, ...], register: Register) -> dict[str, Authority]:
    found: dict[str, Authority] = {}
    for party in parties:
        for instrument in register.of(party):
            for authority in instrument.authorities:
                if authority.party in parties:
                    found.setdefault(authority.code, authority)
    return found
