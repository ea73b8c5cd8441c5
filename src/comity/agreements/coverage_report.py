# SPDX-License-Identifier: Apache-2.0
"""A coverage as documents and tables: for the map, for programs, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from comity.agreements.coverage import Coverage, Gap, InstrumentCoverage, PartnerCoverage
from comity.agreements.coverage_matrix import FORMS, OFFENCES, PURPOSES
from comity.agreements.documents import Document, plain
from comity.agreements.export import csv_text
from comity.agreements.verdict import VERDICT_WORDS, Verdict
from comity.catalogues import translate
from comity.reference.countries import country_name
from comity.reference.taxonomy import FORM_GROUPS, Purpose

COLUMNS = (
    "partner",
    "name",
    "best",
    "permitted",
    "gap",
    "forms_permitted",
    "purposes_permitted",
    "in_force",
    "awaiting",
    "longest_wait_days",
)
CELL_COLUMNS = ("partner", "form", "offence", "purpose", "verdict")


def coverage_document(coverage: Coverage, language: str = "en") -> Document:
    """The whole coverage as JSON has it, without the cells."""
    return {
        "administration": coverage.administration,
        "on": coverage.on.isoformat(),
        "combinations": len(FORMS) * len(OFFENCES) * len(PURPOSES),
        "partners": [partner_document(each, language) for each in coverage.partners],
        "gaps": {
            gap.value: [each.partner for each in coverage.gaps() if each.gap is gap] for gap in Gap
        },
    }


def partner_document(partner: PartnerCoverage, language: str = "en") -> Document:
    """One partner as JSON has it."""
    return {
        "partner": partner.partner,
        "name": country_name(partner.partner, language),
        "best": partner.best.value,
        "summary": translate(VERDICT_WORDS[partner.best], language),
        "permitted": partner.permitted,
        "counts": {verdict.value: count for verdict, count in partner.counts.items()},
        "forms": list(partner.forms),
        "purposes": list(partner.purposes),
        "gap": partner.gap.value if partner.gap else None,
        "instruments": [instrument_document(each) for each in partner.instruments],
    }


def instrument_document(instrument: InstrumentCoverage) -> Document:
    """One instrument between the two as JSON has it."""
    return {
        "reference": instrument.reference,
        "title": instrument.title,
        "programme": instrument.programme.value,
        "state": plain(instrument.state.state),
        "in_force_between": instrument.between.value,
        "since": plain(instrument.state.since),
        "signed_on": plain(instrument.signed_on),
        "waiting_days": instrument.waiting_days,
    }


def coverage_csv(coverage: Coverage, language: str = "en") -> str:
    """One row per partner."""
    return csv_text(COLUMNS, (_row(each, language) for each in coverage.partners))


def cells_csv(coverage: Coverage, partners: Iterable[str]) -> str:
    """One row per partner, form, offence and purpose, with the verdict."""
    return csv_text(
        CELL_COLUMNS,
        (
            {
                "partner": partner,
                "form": form.value,
                "offence": offence.value,
                "purpose": purpose.value,
                "verdict": coverage.verdict(partner, form, offence, purpose).value,
            }
            for partner in partners
            for form in FORMS
            for offence in OFFENCES
            for purpose in PURPOSES
        ),
    )


def families(coverage: Coverage, partner: str) -> dict[str, dict[Purpose, Verdict]]:
    """For each family of forms, the best verdict for each purpose: a table for one partner."""
    return {
        family: {
            purpose: coverage.best(partner, forms=forms, purposes=(purpose,))
            for purpose in PURPOSES
        }
        for family, forms in FORM_GROUPS.items()
    }


def _row(partner: PartnerCoverage, language: str) -> dict[str, str]:
    waits = [each.waiting_days for each in partner.instruments if each.waiting_days is not None]
    return {
        "partner": partner.partner,
        "name": country_name(partner.partner, language),
        "best": partner.best.value,
        "permitted": str(partner.permitted),
        "gap": partner.gap.value if partner.gap else "",
        "forms_permitted": " ".join(partner.forms),
        "purposes_permitted": " ".join(partner.purposes),
        "in_force": " ".join(each.reference for each in partner.working),
        "awaiting": " ".join(each.reference for each in partner.awaiting),
        "longest_wait_days": str(max(waits)) if waits else "",
    }
