# SPDX-License-Identifier: Apache-2.0
"""What an administration can ask of each partner on a day, and where it can ask nothing.

`coverage` puts the question `ask` for every partner, form of assistance, offence and purpose, and
keeps one byte per answer. Each byte is the verdict that `determine` gives for the same question:
the rules are put once per grain (instrument, offence, form, purpose) and their limits combined,
because a verdict is the worst limit within a basis and a choice among bases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from comity.agreements.agreement_state import NOT_YET, Standing, standing_on
from comity.agreements.claim import Event
from comity.agreements.coverage_matrix import Matrix, Reader
from comity.agreements.domestic_law import DomesticLaws
from comity.agreements.force import ForceState
from comity.agreements.instrument import Instrument
from comity.agreements.known_overlay import known_overlay
from comity.agreements.legal_basis import NEVER_A_BASIS, LegalBasis, legal_basis_of
from comity.agreements.overlay import Overlay
from comity.agreements.precedence import SPECIAL_PROGRAMMES
from comity.agreements.register import Register, country_of
from comity.agreements.verdict import Verdict
from comity.catalogues import N_
from comity.reference.countries import countries
from comity.reference.taxonomy import FormOfAssistance, Offence, Programme, Purpose


class Gap(StrEnum):
    """Why nothing can be asked of a partner on the strength of an agreement in force."""

    NOTHING = "nothing"
    """No instrument is registered at all."""
    SIGNED_ONLY = "signed-only"
    """An instrument is signed, and known not to be in force."""
    AWAITING_CONFIRMATION = "awaiting-confirmation"
    """An instrument may be in force, and nobody has confirmed it."""
    ENDED = "ended"
    OTHER_SUBJECT = "other-subject"
    """What is in force is about something else than assistance on request."""


GAP_WORDS: dict[Gap, str] = {
    Gap.NOTHING: N_("Nothing is registered"),
    Gap.SIGNED_ONLY: N_("Signed, but not in force"),
    Gap.AWAITING_CONFIRMATION: N_("Force awaits confirmation"),
    Gap.ENDED: N_("Ended"),
    Gap.OTHER_SUBJECT: N_("In force, but not on assistance"),
}

ASSISTANCE = frozenset(
    {Programme.CMAA, Programme.CONVENTION, Programme.TRADE_CHAPTER, Programme.OTHER}
)
"""The programmes under which assistance is asked for; the others rest on one of these."""

NOT_ON_REQUEST = frozenset(
    {
        *SPECIAL_PROGRAMMES,
        FormOfAssistance.SPONTANEOUS,
        FormOfAssistance.TECHNICAL_ASSISTANCE,
        FormOfAssistance.LIAISON_OFFICER,
        FormOfAssistance.RESEARCH,
    }
)
"""Forms that are about another programme or are not asked for in a case."""


@dataclass(frozen=True, slots=True)
class InstrumentCoverage:
    """One instrument between the two, as it stands on the day."""

    reference: str
    title: str
    programme: Programme
    state: Standing
    between: ForceState
    """Whether it is in force between these two on the day."""
    signed_on: date | None
    waiting_days: int | None
    """Days since signature, while it is not known to be in force."""
    assists: bool = False
    """Whether assistance on request can be had under it: by its programme and its provisions."""


@dataclass(frozen=True, slots=True)
class PartnerCoverage:
    """What can be asked of one partner, in short."""

    partner: str
    best: Verdict
    counts: Mapping[Verdict, int]
    """How many combinations of form, offence and purpose have each verdict."""
    forms: tuple[FormOfAssistance, ...]
    """The forms for which something is permitted."""
    purposes: tuple[Purpose, ...]
    """The purposes for which something is permitted."""
    instruments: tuple[InstrumentCoverage, ...]
    gap: Gap | None
    """None where an agreement on assistance is in force."""

    @property
    def permitted(self) -> int:
        """How many combinations are permitted, at most with notice or conditions."""
        return sum(count for verdict, count in self.counts.items() if verdict.permits)

    @property
    def working(self) -> tuple[InstrumentCoverage, ...]:
        """The instruments in force between the two."""
        return tuple(i for i in self.instruments if i.between is ForceState.IN_FORCE)

    @property
    def awaiting(self) -> tuple[InstrumentCoverage, ...]:
        """The instruments that the treaty custodian could confirm."""
        return tuple(i for i in self.instruments if i.between is ForceState.UNKNOWN)


@dataclass(frozen=True)
class Coverage:
    """The whole picture of one administration on one day."""

    administration: str
    on: date
    register: Register
    overlay: Overlay
    matrices: Mapping[str, Matrix]
    """By partner: one byte per form, offence and purpose."""

    def verdict(
        self, partner: str, form: FormOfAssistance, offence: Offence, purpose: Purpose
    ) -> Verdict:
        """The verdict of one cell: what `determine` answers to the same question."""
        return self.matrices[partner].verdict(form, offence, purpose)

    def best(
        self,
        partner: str,
        *,
        forms: Sequence[FormOfAssistance] = tuple(FormOfAssistance),
        offences: Sequence[Offence] = tuple(Offence),
        purposes: Sequence[Purpose] = tuple(Purpose),
    ) -> Verdict:
        """The best verdict of a part of the matrix, for a map of what one is interested in."""
        return self.matrices[partner].best(forms, offences, purposes)

    @cached_property
    def partners(self) -> tuple[PartnerCoverage, ...]:
        """Every partner in short, in the order of the codes."""
        return tuple(self.partner(code) for code in sorted(self.matrices))

    def partner(self, code: str) -> PartnerCoverage:
        """One partner in short."""
        matrix = self.matrices[code]
        instruments = tuple(self._between(code))
        return PartnerCoverage(
            partner=code,
            best=matrix.best(),
            counts=matrix.counts,
            forms=matrix.forms_permitted,
            purposes=matrix.purposes_permitted,
            instruments=instruments,
            gap=_gap(instruments),
        )

    def gaps(self) -> tuple[PartnerCoverage, ...]:
        """The partners without an agreement on assistance in force."""
        return tuple(partner for partner in self.partners if partner.gap is not None)

    def _between(self, partner: str) -> Iterator[InstrumentCoverage]:
        known = known_overlay(self.overlay, None)
        ours = country_of(self.administration)
        for instrument in self.register.between(ours, partner):
            basis = legal_basis_of(
                instrument, ours, country_of(partner), self.on, self.register, known
            )
            capable = basis.first.belonging.capable and basis.second.belonging.capable
            if capable and instrument.programme not in NEVER_A_BASIS:
                yield replace(
                    self._instruments[instrument.reference],
                    between=basis.force.state,
                    assists=_assists(basis),
                )

    @cached_property
    def _instruments(self) -> dict[str, InstrumentCoverage]:
        """Every instrument of the administration once, however many partners share it."""
        return {
            instrument.reference: _instrument_coverage(self, instrument)
            for instrument in self.register.of(self.administration)
        }


def coverage(
    administration: str,
    on: date,
    register: Register,
    overlay: Overlay | None = None,
    laws: DomesticLaws | None = None,
    partners: Iterable[str] | None = None,
) -> Coverage:
    """What the administration can ask of each partner on the day; all countries by default."""
    reader = Reader(administration, on, register, overlay or Overlay(), laws or DomesticLaws())
    chosen = partners_of(register, administration) if partners is None else partners
    return Coverage(
        administration=administration,
        on=on,
        register=register,
        overlay=overlay or Overlay(),
        matrices={partner: reader.matrix(partner) for partner in chosen},
    )


def partners_of(register: Register, administration: str) -> tuple[str, ...]:
    """Every country of today, and every union with a service that can be asked; not ourselves.

    A circle of states that a convention binds is no administration.
    """
    known = countries()
    former = {code for code, country in known.items() if country.former}
    ours = register.of(administration)
    named = {party.code for each in ours for party in each.parties}
    with_a_service = {authority.party for each in ours for authority in each.authorities}
    circles = register.groups.by_code.keys() - with_a_service
    partners = (known.keys() | named) - circles - former
    return tuple(sorted(partners - {country_of(administration)}))


def _instrument_coverage(whole: Coverage, instrument: Instrument) -> InstrumentCoverage:
    state = standing_on(instrument, whole.on, whole.overlay, whole.register)
    signatures = [
        claim.on
        for claim in instrument.claims
        if claim.event is Event.SIGNED and claim.credible and claim.on and not claim.party
    ]
    signed_on = min(signatures, default=None)
    waits = state.awaiting and signed_on is not None
    return InstrumentCoverage(
        reference=instrument.reference,
        title=instrument.title,
        programme=instrument.programme,
        state=state,
        between=ForceState.UNKNOWN,
        signed_on=signed_on,
        waiting_days=(whole.on - signed_on).days if waits and signed_on else None,
    )


def _assists(basis: LegalBasis) -> bool:
    """Whether it is about assistance, and no reading shows that it is about something else."""
    if basis.instrument.programme not in ASSISTANCE:
        return False
    forms = basis.terms.forms.keys()
    return not forms or bool(forms - NOT_ON_REQUEST)


def _gap(instruments: tuple[InstrumentCoverage, ...]) -> Gap | None:
    """The nearest thing to an agreement in force, in the order in which it can be mended."""
    on_assistance = [each for each in instruments if each.assists]
    if any(each.between is ForceState.IN_FORCE for each in on_assistance):
        return None
    if any(each.between is ForceState.UNKNOWN for each in on_assistance):
        return Gap.AWAITING_CONFIRMATION
    if any(each.state.state in NOT_YET for each in on_assistance):
        return Gap.SIGNED_ONLY
    if on_assistance:
        return Gap.ENDED
    return Gap.OTHER_SUBJECT if instruments else Gap.NOTHING
