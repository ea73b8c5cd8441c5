# SPDX-License-Identifier: Apache-2.0
"""Rules on the choice of a basis: standing rulings, precedence, and whether there is a basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from comity.agreements.case import Answer, Case
from comity.agreements.legal_basis import LegalBasis
from comity.agreements.overlay import Attestation, StandingRuling
from comity.agreements.provision import Basis
from comity.agreements.verdict import RANKS, Verdict
from comity.reference.taxonomy import FormOfAssistance, Purpose


@dataclass(frozen=True, slots=True)
class Choice:
    """What was found when bases were looked for."""

    candidates: int
    attestation: Attestation | None = None
    note: str = ""
    """Why precedence sets the basis relied upon aside, where the question names it."""
    prevailing: str = ""
    not_between: str = ""
    """The instrument that the question names, where it does not stand between the two."""


def standing_ruling_settles_it(basis: LegalBasis, case: Case) -> Answer:
    """A standing ruling settles one instrument, form and purpose, and the use of what so came."""
    if not basis.rulings:
        return Answer(Verdict.PERMITTED, "no-ruling")
    if not case.forms and (others := _forms_ruled_on(basis, case)):
        return Answer(Verdict.PERMITTED, "ruling-on-a-form-not-stated", {"forms": others})
    found = [
        ruling
        for form in case.forms
        for purpose in case.purposes
        if (ruling := ruling_on(basis, form, purpose, case.on)) is not None
    ]
    if not found:
        return Answer(Verdict.PERMITTED, "no-ruling")
    strictest = max(found, key=lambda ruling: RANKS[ruling.verdict])
    facts = {
        "ruling": ", ".join(ruling.reference for ruling in found),
        "verdict": strictest.verdict.value,
        "conditions": "; ".join(c for ruling in found for c in ruling.conditions),
        "until": strictest.valid_until.isoformat(),
    }
    return Answer(strictest.verdict, "ruling-settles", facts, basis=Basis.CONFIRMED)


def _forms_ruled_on(basis: LegalBasis, case: Case) -> str:
    """The forms of valid rulings on the purpose: which of them brought the item is not stated."""
    forms = {
        ruling.form.value
        for ruling in basis.rulings
        if ruling.purpose in case.purposes and ruling.valid_from <= case.on < ruling.valid_until
    }
    return ", ".join(sorted(forms))


def ruling_on(
    basis: LegalBasis, form: FormOfAssistance, purpose: Purpose, on: date
) -> StandingRuling | None:
    """The strictest ruling on the form and purpose that is valid on the day."""
    valid = [
        r
        for r in basis.rulings
        if r.form is form and r.purpose is purpose and r.valid_from <= on < r.valid_until
    ]
    return max(valid, key=lambda r: RANKS[r.verdict], default=None)


def nothing_prevails_over_it(choice: Choice, case: Case) -> Answer:
    """No other instrument prevails over the one relied upon."""
    if not choice.note:
        return Answer(Verdict.PERMITTED, "nothing-prevails")
    facts = {"prevailing": choice.prevailing}
    return Answer(Verdict.PERSON_MUST_DECIDE, choice.note, facts)


def a_basis_is_registered(choice: Choice, case: Case) -> Answer:
    """An instrument is registered for the two; absence proves something on a complete list only."""
    facts = {"one": case.acting, "other": case.partner, "count": str(choice.candidates)}
    if choice.candidates:
        return Answer(Verdict.PERMITTED, "basis-registered", facts)
    if choice.attestation is not None:
        facts["attestation"] = choice.attestation.reference
        return Answer(
            Verdict.NO_LEGAL_BASIS, "none-and-list-complete", facts, basis=Basis.CONFIRMED
        )
    if choice.not_between:
        facts["instrument"] = choice.not_between
        return Answer(Verdict.NO_KNOWN_BASIS, "not-between-the-two", facts)
    return Answer(Verdict.NO_KNOWN_BASIS, "none-known", facts)
