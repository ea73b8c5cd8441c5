# SPDX-License-Identifier: Apache-2.0
"""The matrix behind a coverage: one byte for every form, offence and purpose of one partner.

The byte is the rank of the verdict. A verdict depends on the limits that each basis has for the
instrument, the offence, the form and the purpose; few of these differ, so offences are gathered
into classes that no text tells apart, and a choice among bases is made once for each set of limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from comity.agreements.case import Case, case_of
from comity.agreements.determination import verdict_of
from comity.agreements.domestic_law import DomesticLaws
from comity.agreements.known_overlay import known_overlay
from comity.agreements.legal_basis import PROGRAMME_FORMS, LegalBasis
from comity.agreements.overlay import Overlay
from comity.agreements.precedence import SPECIAL_PROGRAMMES
from comity.agreements.question import Ask
from comity.agreements.register import Register
from comity.agreements.rules.provided import DEPENDS_ON_CUSTOMS_LAW, OUTSIDE_CUSTOMS
from comity.agreements.terms import Terms
from comity.agreements.verdict import RANKS, Verdict
from comity.agreements.weighing import View, candidates, decide, group_of, item_group
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose

FORMS = tuple(FormOfAssistance)
OFFENCES = tuple(Offence)
PURPOSES = tuple(Purpose)
VERDICTS = tuple(Verdict)
FORM_PLACE = {form: place for place, form in enumerate(FORMS)}
OFFENCE_PLACE = {offence: place for place, offence in enumerate(OFFENCES)}
PURPOSE_PLACE = {purpose: place for place, purpose in enumerate(PURPOSES)}
ROW = len(PURPOSES)
BLOCK = len(OFFENCES) * ROW
CELLS = len(FORMS) * BLOCK
PERMITTED = frozenset(RANKS[verdict] for verdict in VERDICTS if verdict.permits)


def cell(form: FormOfAssistance, offence: Offence, purpose: Purpose) -> int:
    """The place of a combination in the matrix."""
    return FORM_PLACE[form] * BLOCK + OFFENCE_PLACE[offence] * ROW + PURPOSE_PLACE[purpose]


@dataclass(frozen=True)
class Matrix:
    """Every combination's verdict for one partner."""

    ranks: bytes
    """Rank of the verdict: forms, then offences, then purposes, each in the taxonomy's order."""

    def verdict(self, form: FormOfAssistance, offence: Offence, purpose: Purpose) -> Verdict:
        """The verdict of one combination."""
        return VERDICTS[self.ranks[cell(form, offence, purpose)]]

    def best(
        self,
        forms: Sequence[FormOfAssistance] = FORMS,
        offences: Sequence[Offence] = OFFENCES,
        purposes: Sequence[Purpose] = PURPOSES,
    ) -> Verdict:
        """The best verdict among these forms, offences and purposes."""
        if len(forms) * len(offences) * len(purposes) == CELLS:
            return VERDICTS[min(self.ranks)]
        chosen = (
            self.ranks[cell(form, offence, purpose)]
            for form in forms
            for offence in offences
            for purpose in purposes
        )
        return VERDICTS[min(chosen)]

    @cached_property
    def counts(self) -> Mapping[Verdict, int]:
        """How many combinations have each verdict; a verdict that none has is left out."""
        counted = {verdict: self.ranks.count(rank) for verdict, rank in RANKS.items()}
        return {verdict: count for verdict, count in counted.items() if count}

    @cached_property
    def forms_permitted(self) -> tuple[FormOfAssistance, ...]:
        """The forms for which some offence and purpose is permitted."""
        return tuple(
            form
            for place, form in enumerate(FORMS)
            if min(self.ranks[place * BLOCK : (place + 1) * BLOCK]) in PERMITTED
        )

    @cached_property
    def purposes_permitted(self) -> tuple[Purpose, ...]:
        """The purposes for which some form and offence is permitted."""
        return tuple(
            purpose
            for place, purpose in enumerate(PURPOSES)
            if min(self.ranks[place::ROW]) in PERMITTED
        )


class Reader:
    """Fills the matrices of one administration on one day; equal matrices are one value."""

    def __init__(
        self,
        administration: str,
        on: date,
        register: Register,
        overlay: Overlay,
        laws: DomesticLaws,
    ) -> None:
        self.administration = administration
        self.on = on
        self.register = register
        self.overlay = overlay
        self.laws = laws
        self.known = known_overlay(overlay, None)
        self.matrices: dict[bytes, Matrix] = {}
        self.limits: dict[object, int] = {}
        self.uses: dict[object, tuple[int, ...]] = {}
        self.exceptions: dict[int, bool] = {}
        self.kept: list[LegalBasis] = []
        """Every basis read, so that the id of one never comes to mean another."""

    def matrix(self, partner: str) -> Matrix:
        """The matrix of one partner."""
        ranks = b"".join(self._blocks(partner))
        ruled = self._ruled(partner)
        if ruled:
            ranks = self._with_rulings(partner, bytearray(ranks), ruled)
        return self.matrices.setdefault(ranks, Matrix(ranks))

    def question(
        self, partner: str, form: FormOfAssistance, offence: Offence, purpose: Purpose
    ) -> Ask:
        """The question of one cell."""
        return Ask(
            asker=self.administration,
            asked=partner,
            forms=(form,),
            purposes=(purpose,),
            on=self.on,
            offences=(offence,),
        )

    def _blocks(self, partner: str) -> Iterator[bytes]:
        """One block of offences and purposes for each form."""
        columns = _Columns(self, partner)
        bases: dict[tuple[bool, ...], list[LegalBasis]] = {}
        for form in FORMS:
            served = tuple(form in forms for forms in PROGRAMME_FORMS.values())
            if served not in bases:
                case = columns.case(form, OFFENCES[0])
                bases[served] = candidates(case, self.register, self.known)
                self.kept += bases[served]
            yield columns.block(form, bases[served])

    def _ruled(self, partner: str) -> set[tuple[FormOfAssistance, Purpose]]:
        return {
            (ruling.form, ruling.purpose)
            for instrument in self.register.between(self.administration, partner)
            for ruling in self.known.rulings.get(instrument.reference, ())
        }

    def _with_rulings(
        self,
        partner: str,
        ranks: bytearray,
        ruled: Iterable[tuple[FormOfAssistance, Purpose]],
    ) -> bytes:
        """A standing ruling joins a form with a purpose: those few cells are determined whole."""
        for form, purpose in ruled:
            for offence in OFFENCES:
                question = self.question(partner, form, offence, purpose)
                verdict = verdict_of(question, self.register, self.overlay, self.laws)
                ranks[cell(form, offence, purpose)] = RANKS[verdict]
        return bytes(ranks)


class _Columns:
    """One partner's bases with their limits, put once for each class of offences."""

    def __init__(self, reader: Reader, partner: str) -> None:
        self.reader = reader
        self.partner = partner
        self.of_instrument: dict[int, int] = {}
        self.shared: dict[int, tuple[object, ...]] = {}
        self.chosen: dict[object, int] = {}
        self.rows: dict[object, bytes] = {}
        self.classes: dict[tuple[int, ...], tuple[Offence, ...]] = {}

    def case(
        self, form: FormOfAssistance, offence: Offence, purpose: Purpose = PURPOSES[0]
    ) -> Case:
        return case_of(self.reader.question(self.partner, form, offence, purpose))

    def block(self, form: FormOfAssistance, bases: list[LegalBasis]) -> bytes:
        """The rows of all offences under these bases."""
        rows = {
            offence: self._row(form, offence, bases)
            for offence in dict.fromkeys(self._representatives(bases))
        }
        return b"".join(rows[offence] for offence in self._representatives(bases))

    def _representatives(self, bases: list[LegalBasis]) -> tuple[Offence, ...]:
        """For each offence the first one that no text at hand tells apart from it."""
        key = tuple(map(id, bases))
        if key not in self.classes:
            first: dict[object, Offence] = {}
            told_apart = [kind for basis in bases for kind in told_offences(basis.terms)]
            self.classes[key] = tuple(
                first.setdefault(_signature(offence, told_apart), offence) for offence in OFFENCES
            )
        return self.classes[key]

    def _row(self, form: FormOfAssistance, offence: Offence, bases: list[LegalBasis]) -> bytes:
        special = form if form in SPECIAL_PROGRAMMES else None
        limits = tuple(self._limit(basis, form, offence) for basis in bases)
        uses = tuple(self._uses(basis, form, offence) for basis in bases)
        key = (special, tuple(map(id, bases)), limits, uses)
        row = self.rows.get(key)
        if row is None:
            by_purpose = zip(*uses, strict=True) if uses else [()] * ROW
            row = self.rows[key] = bytes(
                self._choice(
                    form,
                    offence,
                    bases,
                    tuple(max(pair) for pair in zip(limits, of_purpose, strict=True)),
                )
                for of_purpose in by_purpose
            )
        return row

    def _limit(self, basis: LegalBasis, form: FormOfAssistance, offence: Offence) -> int:
        """The worst limit of instrument, offence, form and the question as a whole."""
        return max(
            self._of_instrument(basis),
            self._of_offence(basis, form, offence),
            self._of_form(basis, form, offence),
        )

    def _of_offence(self, basis: LegalBasis, form: FormOfAssistance, offence: Offence) -> int:
        key = (offence, self._shared(basis))
        if key not in self.reader.limits:
            group = group_of(basis, self.case(form, offence), offence)
            self.reader.limits[key] = RANKS[group.limit]
        return self.reader.limits[key]

    def _of_form(self, basis: LegalBasis, form: FormOfAssistance, offence: Offence) -> int:
        """Silence is the same for every form, and few articles are kept for certain offences."""
        terms = basis.terms
        spoken_of = form in terms.forms or form in terms.excluded
        limited = any(term.limited_to is not None for term in terms.forms.get(form, ()))
        key = (
            form if spoken_of else None,
            offence if limited else None,
            self._shared(basis),
        )
        if key not in self.reader.limits:
            group = group_of(basis, self.case(form, offence), form)
            self.reader.limits[key] = RANKS[group.limit]
        return self.reader.limits[key]

    def _of_instrument(self, basis: LegalBasis) -> int:
        """The limit that is the same for every form, offence and purpose."""
        if id(basis) not in self.of_instrument:
            case = self.case(FORMS[0], OFFENCES[0])
            groups = (group_of(basis, case), item_group(basis, case))
            self.of_instrument[id(basis)] = max(RANKS[group.limit] for group in groups)
        return self.of_instrument[id(basis)]

    def _uses(self, basis: LegalBasis, form: FormOfAssistance, offence: Offence) -> tuple[int, ...]:
        """The limit of each purpose."""
        uses = self.reader.uses
        told = self._has_exceptions(basis)
        key = (offence if told else None, self._shared(basis))
        if key not in uses:
            uses[key] = tuple(
                RANKS[group_of(basis, self.case(form, offence, purpose), purpose).limit]
                for purpose in PURPOSES
            )
        return uses[key]

    def _has_exceptions(self, basis: LegalBasis) -> bool:
        """Whether the text tells offences apart when it speaks of a use."""
        terms = basis.terms
        if id(terms) not in self.reader.exceptions:
            self.reader.exceptions[id(terms)] = any(
                use.exception is not None
                for table in (terms.uses, terms.onward, terms.personal)
                for of_purpose in table.values()
                for use in of_purpose
            )
        return self.reader.exceptions[id(terms)]

    def _shared(self, basis: LegalBasis) -> tuple[object, ...]:
        """What the limits of forms and purposes depend on: the terms, and who is bound by them.

        Partners under one convention share them, but where an article serves one side only.
        """
        key = self.shared.get(id(basis))
        if key is None:
            one_sided = any(
                term.supplier or term.receiver
                for of_form in basis.terms.forms.values()
                for term in of_form
            )
            parties = tuple(map(id, basis.parties))
            partner = self.partner if one_sided else ""
            key = self.shared[id(basis)] = (id(basis.terms), parties, partner)
        return key

    def _choice(
        self,
        form: FormOfAssistance,
        offence: Offence,
        bases: list[LegalBasis],
        limits: tuple[int, ...],
    ) -> int:
        """The verdict of the choice among bases with these limits, the other gates put."""
        special = form if form in SPECIAL_PROGRAMMES else None
        key = (special, tuple(map(id, bases)), limits)
        rank = self.chosen.get(key)
        if rank is None:
            case = self.case(form, offence)
            views = [
                View(basis, [group_of(basis, case)], VERDICTS[limit])
                for basis, limit in zip(bases, limits, strict=True)
            ]
            decided = decide(case, views, self.reader.known, self.reader.laws)
            rank = self.chosen[key] = RANKS[decided.verdict]
        return rank


ALWAYS_TOLD = (OUTSIDE_CUSTOMS, DEPENDS_ON_CUSTOMS_LAW)
"""Offences that the rules themselves tell from others."""


def told_offences(terms: Terms) -> Iterator[frozenset[Offence]]:
    """Every set of offences by which a text tells one offence from another."""
    yield terms.excluded_offences
    if terms.offences is not None:
        yield terms.offences
    for of_form in terms.forms.values():
        for term in of_form:
            if term.limited_to is not None:
                yield term.limited_to
    for table in (terms.uses, terms.onward, terms.personal):
        for of_purpose in table.values():
            for use in of_purpose:
                if use.exception is not None:
                    yield frozenset(use.exception.offences)


def _signature(offence: Offence, told: Iterable[frozenset[Offence]]) -> tuple[bool, ...]:
    return tuple(offence in kind for kind in (*ALWAYS_TOLD, *told))
