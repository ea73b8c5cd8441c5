# SPDX-License-Identifier: Apache-2.0
"""One instrument between two administrations on one day: capacities, force, version, terms.

A `LegalBasis` is what every rule about an instrument reads. It depends on the pair, the day and
what is known, never on what is asked, so it is made once and kept for the next question. Where the
instrument as a whole stands in its life, whoever asks, is in `agreement_state`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from comity.agreements.force import Force, ForceState, force_between, version_on
from comity.agreements.instrument import Instrument, Party, territories_of
from comity.agreements.known_overlay import KnownOverlay
from comity.agreements.overlay import Confirmation, StandingRuling
from comity.agreements.provision import ProvisionType
from comity.agreements.register import Register
from comity.agreements.terms import Terms, confirmed_terms, extended_terms, terms_of
from comity.reference.taxonomy import FormOfAssistance, InformationClass, InstrumentKind, Programme


class Belonging(StrEnum):
    """How an administration's country belongs to an instrument on the day."""

    PARTY = "party"
    TERRITORY = "territory"
    MEMBER = "member"
    TREATED_AS_MEMBER = "treated-as-member"
    LAPSED = "lapsed"
    """A member on another day only."""
    UNION_ONLY = "union-only"
    """A member, but only the union's own services act under the instrument."""
    EXCLUDED = "excluded"
    NONE = "none"

    @property
    def capable(self) -> bool:
        """Whether the administration can act under the instrument on the day."""
        return self in (Belonging.PARTY, Belonging.TERRITORY, *MEMBERS)


MEMBERS = (Belonging.MEMBER, Belonging.TREATED_AS_MEMBER)


@dataclass(frozen=True, slots=True)
class Capacity:
    """Through which party an administration acts, and since when that is known."""

    belonging: Belonging
    party: Party | None = None
    beginning_known: bool = True


@dataclass(slots=True)
class LegalBasis:
    """An instrument between two countries on a day, as known; `cache` keeps rules' answers."""

    instrument: Instrument
    one: str
    other: str
    day: date
    first: Capacity
    second: Capacity
    force: Force
    version: str | None
    terms: Terms
    register: Register
    known: KnownOverlay
    rulings: tuple[StandingRuling, ...] = ()
    cache: dict[object, Any] = field(default_factory=dict)

    @property
    def parties(self) -> tuple[Party, ...]:
        """The two parties through which the administrations act."""
        return tuple(c.party for c in (self.first, self.second) if c.party is not None)


PROGRAMME_FORMS: dict[Programme, frozenset[FormOfAssistance]] = {
    Programme.MRA: frozenset(
        (
            FormOfAssistance.AEO_RECOGNITION,
            FormOfAssistance.TECHNICAL_ASSISTANCE,
            FormOfAssistance.AUTOMATIC_EXCHANGE,
        )
    ),
    Programme.JWP: frozenset(
        (FormOfAssistance.AEO_RECOGNITION, FormOfAssistance.TECHNICAL_ASSISTANCE)
    ),
    Programme.CSI: frozenset(
        (
            FormOfAssistance.PRESCREENING,
            FormOfAssistance.PRESENCE_INVITED,
            FormOfAssistance.LIAISON_OFFICER,
            FormOfAssistance.ADVANCE_EXCHANGE,
        )
    ),
    Programme.TRADE_DATA: frozenset(
        (FormOfAssistance.TRADE_DATA_EXCHANGE, FormOfAssistance.AUTOMATIC_EXCHANGE)
    ),
}
"""What an arrangement of a programme can be about at most; other programmes know no such limit."""

PROGRAMME_CLASSES: dict[Programme, frozenset[InformationClass]] = {
    Programme.MRA: frozenset((InformationClass.AEO_STATUS,)),
    Programme.JWP: frozenset((InformationClass.AEO_STATUS,)),
    Programme.CSI: frozenset(
        (
            InformationClass.NII_IMAGE,
            InformationClass.RISK_INDICATOR,
            InformationClass.TRANSPORT_DOCUMENT,
        )
    ),
    Programme.TRADE_DATA: frozenset((InformationClass.TRADE_AGGREGATE,)),
}
"""The classes of information that may have come under an arrangement of a programme."""

UNIONS_WITH_SERVICES = frozenset(("EU",))
"""Unions whose own services act abroad; members of other groups act for themselves."""

NEVER_A_BASIS = frozenset((Programme.MODEL, Programme.DOMESTIC_LAW))


def legal_basis_of(
    instrument: Instrument,
    one: str,
    other: str,
    day: date,
    register: Register,
    known: KnownOverlay,
) -> LegalBasis:
    """The basis of an instrument between two countries on a day, made once and kept."""
    if known.base is not None:  # tried out: nothing of it is worth keeping
        if _touched(instrument, register, known):
            return _legal_basis(instrument, one, other, day, register, known)
        known = known.base
    key = (id(instrument), one, other, day, id(register), id(known))
    kept = _CACHE.get(key)
    if kept is not None:
        return kept
    if len(_CACHE) >= CACHED:
        _CACHE.clear()
    made = _CACHE[key] = _legal_basis(instrument, one, other, day, register, known)
    return made


def _touched(instrument: Instrument, register: Register, known: KnownOverlay) -> bool:
    return instrument.reference in known.touched or any(
        successor.reference in known.touched
        for successor in register.successors(instrument.reference)
    )


CACHED = 20_000
_CACHE: dict[tuple[object, ...], LegalBasis] = {}
"""A basis holds its instrument, register and overlay, so that an id never means another one."""


def _legal_basis(
    instrument: Instrument,
    one: str,
    other: str,
    day: date,
    register: Register,
    known: KnownOverlay,
) -> LegalBasis:
    first, second = capacities(instrument, one, other, day, register)
    force = force_between(instrument, day, one, other, register, known)
    version = version_on(instrument, day) if instrument.versions else ""
    confirmations = tuple(
        c for c in known.provisions.get(instrument.reference, ()) if day <= c.review_by
    )
    return LegalBasis(
        instrument=instrument,
        one=one,
        other=other,
        day=day,
        first=first,
        second=second,
        force=force,
        version=version,
        terms=_terms(
            instrument,
            register,
            version or "",
            confirmations,
            _left_out(instrument, (first, second), (one, other), register),
        ),
        register=register,
        known=known,
        rulings=known.rulings.get(instrument.reference, ()),
    )


def _terms(
    instrument: Instrument,
    register: Register,
    version: str,
    confirmations: tuple[Confirmation, ...],
    left_out: frozenset[str],
) -> Terms:
    model = register.models.get(instrument.model) if instrument.model else None
    key = (id(instrument), id(model), version, left_out)
    kept = _TERMS.get(key)
    if kept is None:
        if len(_TERMS) >= CACHED:
            _TERMS.clear()
        made = terms_of(instrument, model, version)
        made = extended_terms(made, left_out) if left_out else made
        kept = _TERMS[key] = (made, (instrument, model))
    return confirmed_terms(kept[0], confirmations) if confirmations else kept[0]


_TERMS: dict[tuple[object, ...], tuple[Terms, object]] = {}


def _left_out(
    instrument: Instrument,
    capacities: tuple[Capacity, Capacity],
    codes: tuple[str, str],
    register: Register,
) -> frozenset[str]:
    """The articles that the extension to a territory leaves out, where one side is a territory."""
    territories = {
        code
        for code, capacity in zip(codes, capacities, strict=True)
        if capacity.belonging is Belonging.TERRITORY
    }
    if not territories:
        return frozenset()
    extensions = {c.other for c in instrument.claims if c.territory in territories and c.other}
    texts = (register.instruments[e] for e in extensions if e in register.instruments)
    return frozenset(
        str(article)
        for text in (instrument, *texts)
        for provision in text.provisions
        if provision.type is ProvisionType.TERRITORY_APPLICATION
        for article in _articles(provision.parameters.get("excluded_articles"))
    )


def _articles(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def only_extends(instrument: Instrument, register: Register) -> bool:
    """Whether it does nothing but carry another instrument to a territory: no basis by itself."""
    return any(
        claim.territory and claim.other == instrument.reference
        for complemented in instrument.complements
        if complemented in register.instruments
        for claim in register.instruments[complemented].claims
    )


def capacities(
    instrument: Instrument, one: str, other: str, day: date, register: Register
) -> tuple[Capacity, Capacity]:
    """How both belong. What a union agreed with others does not bind its members to each other."""
    first = capacity(instrument, one, day, register)
    second = capacity(instrument, other, day, register)
    same = first.party is not None and first.party is second.party
    if same and not _among_members(instrument):
        return Capacity(Belonging.NONE), Capacity(Belonging.NONE)
    return first, second


def _among_members(instrument: Instrument) -> bool:
    """Whether the members of one party are bound among themselves too, as in a convention."""
    return len(instrument.parties) == 1 or instrument.kind is InstrumentKind.TREATY_MULTILATERAL


def capacity(instrument: Instrument, code: str, day: date, register: Register) -> Capacity:
    """How a country belongs to an instrument on the day, the nearest way first."""
    lapsed = None
    for party in instrument.parties:
        if code in party.excluded_territories:
            return Capacity(Belonging.EXCLUDED, party)
        if party.code == code:
            return Capacity(Belonging.PARTY, party)
    for party in instrument.parties:
        if code in territories_of(instrument, party):
            return Capacity(Belonging.TERRITORY, party)
        membership = register.groups.membership(party.code, code, day)
        if membership is None:
            if code in register.groups.members_ever(party.code):
                lapsed = Capacity(Belonging.LAPSED, party)
            continue
        alone = party.code in UNIONS_WITH_SERVICES and not party.members_act
        if alone and not _among_members(instrument):
            return Capacity(Belonging.UNION_ONLY, party)
        belonging = (
            Belonging.MEMBER if membership.title == "member" else Belonging.TREATED_AS_MEMBER
        )
        return Capacity(belonging, party, beginning_known=membership.since is not None)
    return lapsed or Capacity(Belonging.NONE)


def known_not_in_force(basis: LegalBasis) -> bool:
    """Whether it surely did not stand between the two on the day, on known dates."""
    return basis.force.state is ForceState.NOT_IN_FORCE or Belonging.LAPSED in (
        basis.first.belonging,
        basis.second.belonging,
    )
