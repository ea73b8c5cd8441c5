# SPDX-License-Identifier: Apache-2.0
"""An instrument of customs cooperation as a value: parties, authorities, claims, provisions.

Instruments are read from files by `instrument_files`, and gathered in a `register.Register`.
Nothing here decides: whether an instrument is in force is in `force`, what it allows is in
`determination`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comity.agreements.claim import Claim, Source
from comity.agreements.provision import Provision
from comity.reference.taxonomy import InstrumentKind, Programme


class ReadState(StrEnum):
    """How much of the text somebody has read."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reservation:
    """Articles (or annexes) by which a party is not bound."""

    articles: frozenset[str]
    source: Source
    note: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A state, customs territory or union bound by an instrument, and how far it is bound."""

    code: str
    """ISO 3166-1 alpha-2, a formerly used code (SU, CS, YU), or a group's code (EU, SACU)."""
    members_act: bool = False
    """For a union: its members' own services may act under the instrument, within competence."""
    competence: str = ""
    """For a union: the matters within its competence, in words."""
    annexes: frozenset[str] | None = None
    """The annexes accepted; None where the instrument is not accepted annex by annex."""
    reservations: tuple[Reservation, ...] = ()
    territories: frozenset[str] = frozenset()
    """The parts of the party to which the instrument applies; empty for the whole."""
    excluded_territories: frozenset[str] = frozenset()
    obligations_unknown: bool = False
    """True where the day from which the party is bound must be notified and is not known."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A service that may act under the instrument, such as US/CBP or US/ICE."""

    code: str
    """`<party>/<short name>`."""
    name: str
    party: str
    contact_point: str = ""
    designated_officials: tuple[str, ...] = ()
    """References only; designated officials are lists kept by the node, never in shipped files."""
    matters: str = ""
    source: Source | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the text: from the day its in-force claim names."""

    code: str
    title: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument, with everything that anybody claims of it."""

    reference: str
    """Short, permanent: `us-cn-1999`."""
    title: str
    kind: InstrumentKind
    programme: Programme
    parties: tuple[Party, ...]
    claims: tuple[Claim, ...]
    provisions: tuple[Provision, ...]
    read: ReadState
    source: Source
    recorded_on: date
    authorities: tuple[Authority, ...] = ()
    model: str = ""
    """The model text (a register reference) that fills what nobody has read, as `assumed`."""
    languages: tuple[str, ...] = ()
    prevailing_language: str = ""
    versions: tuple[Version, ...] = ()
    annexes: tuple[tuple[str, str], ...] = ()
    """(annex, what it is about)."""
    binding: bool = True
    """False for memoranda and arrangements that create no obligation under law."""
    existence: str = "verified"
    """`verified`, or `unverified` when the instrument is only recalled."""
    supersedes: tuple[str, ...] = ()
    """References of instruments that end, between these parties, once this one is in force."""
    complements: tuple[str, ...] = ()
    """References of instruments beside or under which this one stands."""
    notes: tuple[str, ...] = ()
    file: str = ""
    """The shipped file, relative to the instruments folder; empty for a local entry."""


def territories_of(instrument: Instrument, party: Party) -> frozenset[str]:
    """The territories to which a party extended the instrument: listed, or named by a claim."""
    claimed = {c.territory for c in instrument.claims if c.territory and c.party == party.code}
    return party.territories | claimed
