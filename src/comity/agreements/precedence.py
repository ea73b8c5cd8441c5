# SPDX-License-Identifier: Apache-2.0
"""Which instruments are open to choose from when several stand between two administrations.

Alternative bases are choices: the best lawful channel is offered first. But a basis is set aside
where a special instrument governs the very form, or where another one says that it prevails over
inconsistent agreements, unless the wider help of the first is saved. Supersession is a matter of
force: a superseded instrument is not in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from comity.agreements.force import IN_ORDER
from comity.agreements.legal_basis import Belonging, LegalBasis
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.verdict import RANKS, Verdict
from comity.reference.taxonomy import FormOfAssistance, InstrumentKind, Programme


class Aside(NamedTuple):
    """Why a basis is set aside, and for which other one."""

    note: str
    prevailing: str


SPECIAL_PROGRAMMES: dict[FormOfAssistance, frozenset[Programme]] = {
    FormOfAssistance.VERIFY_ORIGIN: frozenset((Programme.TRADE_CHAPTER,)),
    FormOfAssistance.AEO_RECOGNITION: frozenset((Programme.MRA,)),
    FormOfAssistance.PRESCREENING: frozenset((Programme.CSI,)),
    FormOfAssistance.TRADE_DATA_EXCHANGE: frozenset((Programme.TRADE_DATA,)),
}
"""The programmes whose instruments are the special law for a form."""

KIND_ORDER: dict[InstrumentKind, int] = {
    InstrumentKind.TREATY_BILATERAL: 0,
    InstrumentKind.PRIVATE_LAW_COUNTERPART: 0,
    InstrumentKind.EXCHANGE_OF_NOTES: 1,
    InstrumentKind.PROTOCOL_OR_ANNEX: 1,
    InstrumentKind.TRADE_AGREEMENT_CHAPTER: 2,
    InstrumentKind.TREATY_MULTILATERAL: 3,
    InstrumentKind.ADMINISTRATIVE_ARRANGEMENT: 4,
    InstrumentKind.DOMESTIC_STATUTE: 5,
}
"""Among bases that leave equally much open, the nearer one between the two is named first."""

BILATERAL = frozenset((InstrumentKind.TREATY_BILATERAL, InstrumentKind.EXCHANGE_OF_NOTES))


def set_aside(
    bases: Sequence[tuple[LegalBasis, Verdict]],
    forms: Iterable[FormOfAssistance],
    *,
    held: bool = False,
) -> dict[str, Aside]:
    """The instruments set aside, by reference, each with the reason and what prevails.

    `held`: the question is about an item received under an instrument that nobody named.
    """
    if len(bases) < 2:
        return {}
    aside: dict[str, Aside] = _floors([basis for basis, _ in bases]) if held else {}
    for prevailing, verdict in bases:
        if not prevailing.force.in_force:
            continue
        if overrides(prevailing) and verdict is not Verdict.PERSON_MUST_DECIDE:
            for basis, other in bases:
                if _inconsistent(basis, other, prevailing, verdict):
                    aside[basis.instrument.reference] = Aside(
                        "set-aside-by-override", prevailing.instrument.reference
                    )
    for form in forms:
        aside |= _set_aside_for(form, [basis for basis, _ in bases])
    return aside


def _inconsistent(
    basis: LegalBasis, other: Verdict, prevailing: LegalBasis, verdict: Verdict
) -> bool:
    return (
        basis is not prevailing
        and basis.instrument.kind in BILATERAL
        and other is not verdict
        and basis.force.in_force
        and not _saved(prevailing, basis)
    )


def _set_aside_for(form: FormOfAssistance, bases: Sequence[LegalBasis]) -> dict[str, Aside]:
    """Lex specialis: a special instrument in force provides for the form, read or confirmed."""
    programmes = SPECIAL_PROGRAMMES.get(form)
    if programmes is None:
        return {}
    special = [b for b in bases if b.instrument.programme in programmes and _provides(b, form)]
    if not special:
        return {}
    note = Aside("set-aside-by-special-instrument", special[0].instrument.reference)
    return {
        b.instrument.reference: note
        for b in bases
        if b.instrument.programme not in programmes
        and not saves_wider_help(special[0])
        and not _saved(special[0], b)
    }


def _provides(basis: LegalBasis, form: FormOfAssistance) -> bool:
    terms = basis.terms.forms.get(form, ())
    return basis.force.in_force and any(t.basis is not Basis.ASSUMED for t in terms)


def _floors(bases: Sequence[LegalBasis]) -> dict[str, Aside]:
    """What leaves closer agreements unaffected governs no item while one of those is in force.

    TFA article 12.12 is of this kind: a floor for those who have nothing else. For a new request
    it stays a choice.
    """
    closer = [b for b in bases if b.force.in_force and not _is_floor(b)]
    if not closer:
        return {}
    note = Aside("set-aside-as-floor", closer[0].instrument.reference)
    return {b.instrument.reference: note for b in bases if _is_floor(b)}


def _is_floor(basis: LegalBasis) -> bool:
    return saves_wider_help(basis) and not overrides(basis)


def overrides(basis: LegalBasis) -> bool:
    """Whether the text, as read or confirmed, prevails over inconsistent bilateral agreements."""
    provision = basis.terms.first(ProvisionType.PRECEDENCE, "overrides_inconsistent_bilaterals")
    return provision is not None and provision.basis is not Basis.ASSUMED


def saves_wider_help(basis: LegalBasis) -> bool:
    """Whether the text says that wider help under other instruments stays possible."""
    provision = basis.terms.first(ProvisionType.PRECEDENCE, "wider_help_saved")
    return provision is not None and provision.basis is not Basis.ASSUMED


def _saved(prevailing: LegalBasis, basis: LegalBasis) -> bool:
    provision = prevailing.terms.first(ProvisionType.PRECEDENCE, "saves")
    named = provision.parameters.get("saves") if provision is not None else ()
    return isinstance(named, list | tuple) and basis.instrument.reference in named


Place = tuple[int, int, int, int, int, int, int, int, str]


def order(basis: LegalBasis, verdict: Verdict, forms: Iterable[FormOfAssistance] = ()) -> Place:
    """The order in which bases are offered: the best verdict, then what is surer and nearer."""
    instrument = basis.instrument
    return (
        RANKS[verdict],
        sum(form not in basis.terms.forms for form in forms),
        IN_ORDER[basis.force.state],
        int(basis.force.reason == "force-perhaps-superseded"),
        0 if instrument.existence == "verified" else 1,
        0 if instrument.binding else 1,
        sum(c.belonging is not Belonging.PARTY for c in (basis.first, basis.second)),
        KIND_ORDER[instrument.kind],
        instrument.reference,
    )
