# SPDX-License-Identifier: Apache-2.0
"""Small builders of overlays: what a custodian confirmed, ruled or attested, in few words."""

from __future__ import annotations

from datetime import date

from comity.agreements.overlay import (
    Attestation,
    Confirmation,
    ConfirmationEvidence,
    ConfirmedSubject,
    Overlay,
    StandingRuling,
)
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule

RECORDED = date(2026, 11, 22)
REVIEW = date(2031, 11, 21)


def day(value):
    return date.fromisoformat(value) if isinstance(value, str) else value


def confirmation(instrument, number=1, **said):
    """A confirmation of force (`in_force_from`) or of an article (`forms`, `use_rules`)."""
    of_force = "in_force_from" in said
    return Confirmation(
        reference=f"CNF-2026-{number:04}",
        instrument=instrument,
        subject=ConfirmedSubject.FORCE if of_force else ConfirmedSubject.PROVISION,
        evidence=ConfirmationEvidence.DEPOSITARY_RECORD,
        citation="Depositary's record, entry 1",
        by="OFF-0001",
        countersigned_by="OFF-0002",
        recorded_on=day(said.get("recorded_on", RECORDED)),
        review_by=day(said.get("review_by", REVIEW)),
        in_force_from=day(said.get("in_force_from")),
        in_force_until=day(said.get("in_force_until")),
        article=said.get("article", ""),
        forms=tuple(FormOfAssistance(f) for f in said.get("forms", ())),
        use_rules=tuple((Purpose(p), UseRule(r)) for p, r in said.get("use_rules", {}).items()),
        suspended_on=day(said.get("suspended_on")),
        withdrawn_on=day(said.get("withdrawn_on")),
    )


def ruling(instrument, form, purpose, number=1, **said):
    """A standing ruling on one form and purpose."""
    return StandingRuling(
        reference=f"RUL-2026-{number:04}",
        instrument=instrument,
        form=FormOfAssistance(form),
        purpose=Purpose(purpose),
        verdict=Verdict(said.get("verdict", "permitted")),
        conditions=tuple(said.get("conditions", ("in writing",))),
        grounds="settled practice",
        by="OFF-0001",
        countersigned_by="OFF-0002",
        recorded_on=day(said.get("recorded_on", RECORDED)),
        valid_from=day(said["from"]),
        valid_until=day(said["until"]),
        withdrawn_on=day(said.get("withdrawn_on")),
    )


def attestation(parties, **said):
    """An attestation that the list for a pair is complete."""
    return Attestation(
        reference="ATT-2026-0001",
        parties=frozenset(parties),
        valid_from=day(said["from"]),
        valid_until=day(said["until"]),
        by="OFF-0001",
        recorded_on=day(said.get("recorded_on", RECORDED)),
        citation="Treaty section's list",
    )


def overlay_of(said):
    """The overlay of a case: `confirmed`, `ruled`, `attested`."""
    return Overlay(
        confirmations=tuple(
            confirmation(number=n, **each) for n, each in enumerate(said.get("confirmed", ()), 1)
        ),
        rulings=tuple(ruling(number=n, **each) for n, each in enumerate(said.get("ruled", ()), 1)),
        attestations=tuple(attestation(**each) for each in said.get("attested", ())),
    )
