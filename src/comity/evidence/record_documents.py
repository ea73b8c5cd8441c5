# SPDX-License-Identifier: Apache-2.0
"""Ceilings, disclosures and assurances as JSON, for the API and the commands: codes and days."""

from __future__ import annotations

from typing import Any

from comity.evidence.lifetime import Assurance, Disclosure
from comity.evidence.queries.ceilings import CeilingSet
from comity.evidence.queries.changes import Beyond
from comity.handling.ceiling import ceiling_document


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
