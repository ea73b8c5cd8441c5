# SPDX-License-Identifier: Apache-2.0
"""Ceilings, items beyond a purpose, disclosures and assurances, as values and as JSON.

Codes, days and references alone: what a person wrote is in none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comity.agreements.verdict import Verdict
from comity.evidence.lifetime import Assurance, Disclosure
from comity.evidence.way_out import Refusal
from comity.handling.ceiling import Ceiling, ceiling_document


@dataclass(frozen=True, slots=True)
class CeilingSet:
    """A ceiling as it stands, and who set it when."""

    partner: str
    """Code of the partner; empty for the desk itself."""
    ceiling: Ceiling
    set_by: str = ""
    set_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Beyond:
    """An item that may not be read for a purpose, by whoever works on its case."""

    item: str
    verdict: Verdict
    reason: Refusal | None


def ceiling_set_document(one: CeilingSet) -> dict[str, Any]:
    """A ceiling as it stands; the partner is empty for the desk itself."""
    return {
        "partner": one.partner,
        "ceiling": ceiling_document(one.ceiling),
        "set_by": one.set_by,
        "set_at": one.set_at.isoformat() if one.set_at else None,
    }


def disclosure_document(one: Disclosure) -> dict[str, Any]:
    """One line of the register of disclosures."""
    return {
        "reference": one.reference,
        "item": one.item,
        "to": one.to.value,
        "recipient": one.recipient,
        "instrument": one.instrument,
        "article": one.article,
        "source": one.source,
        "message": one.message,
        "on": one.on.isoformat(),
        "recorded_by": one.recorded_by,
    }


def assurance_document(one: Assurance) -> dict[str, Any]:
    """One line of the register of assurances, without its words."""
    return {
        "reference": one.reference,
        "partner": one.partner,
        "ours": one.ours,
        "instrument": one.instrument,
        "item": one.item,
        "given_on": one.given_on.isoformat(),
        "recorded_by": one.recorded_by,
        "breached_on": one.breached_on.isoformat() if one.breached_on else None,
        "breach_recorded_by": one.breach_recorded_by,
    }


def beyond_document(one: Beyond) -> dict[str, Any]:
    """An item that a purpose goes beyond, and why."""
    reason = one.reason.value if one.reason else None
    return {"item": one.item, "verdict": one.verdict.value, "reason": reason}
