# SPDX-License-Identifier: Apache-2.0
"""The register of a small node: the United States, Southland, and what one would draft there."""

from __future__ import annotations

from datetime import UTC, date, datetime

from comity.agreements.claim import Event
from comity.agreements.instrument import Party
from comity.agreements.overlay import ConfirmationEvidence
from comity.agreements.provision import ProvisionType
from comity.agreements.question import Ask
from comity.agreements.register import Register
from comity.agreements.services import ConfirmationDraft, RulingDraft
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose, UseRule
from tests.support.agreements import SOUTHLAND, claim, instrument, provision, register

US = "US"
AGREEMENT = "us-xs-2020"
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
WEDNESDAY = datetime(2026, 3, 4, 9, tzinfo=UTC)


def southland_register() -> Register:
    """One agreement, signed, of which nobody knows whether it is in force."""
    return register(
        instrument(
            claim(Event.SIGNED, "2020-05-04"),
            reference=AGREEMENT,
            parties=(Party(US), Party(SOUTHLAND)),
            provisions=(
                provision(
                    "3",
                    ProvisionType.ASSISTANCE,
                    {"forms": (FormOfAssistance.INFO_OFFENCE,), "duty": "shall"},
                ),
                provision(
                    "12",
                    ProvisionType.USE,
                    {"rules": {Purpose.ADMIN_ENQUIRY: UseRule.PERMITTED}},
                ),
            ),
        )
    )


def question(**more: object) -> Ask:
    """May we ask Southland for information on an offence, for an enquiry, on 4 March 2026?"""
    given: dict[str, object] = {
        "asker": US,
        "asked": SOUTHLAND,
        "forms": (FormOfAssistance.INFO_OFFENCE,),
        "purposes": (Purpose.ADMIN_ENQUIRY,),
        "offences": (Offence.SMUGGLING_GENERAL,),
        "on": date(2026, 3, 4),
    }
    return Ask(**(given | more))  # type: ignore[arg-type]


def confirmation_draft(**more: object) -> ConfirmationDraft:
    """The agreement with Southland is in force since 15 March 2021, by a note verbale."""
    given: dict[str, object] = {
        "instrument": AGREEMENT,
        "evidence": ConfirmationEvidence.NOTE_VERBALE,
        "citation": "Note 12/2021 of the embassy of Southland",
        "review_by": date(2027, 3, 1),
        "in_force_from": date(2021, 3, 15),
    }
    return ConfirmationDraft(**(given | more))  # type: ignore[arg-type]


def ruling_draft(**more: object) -> RulingDraft:
    """Samples may be asked for under the agreement, for enquiries, for a year."""
    given: dict[str, object] = {
        "instrument": AGREEMENT,
        "form": FormOfAssistance.OBJECTS_SAMPLES,
        "purpose": Purpose.ADMIN_ENQUIRY,
        "verdict": Verdict.PERMITTED,
        "grounds": "Practice of both administrations since 2021.",
        "valid_from": date(2026, 3, 2),
        "valid_until": date(2027, 3, 2),
    }
    return RulingDraft(**(given | more))  # type: ignore[arg-type]
