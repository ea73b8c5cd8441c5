# SPDX-License-Identifier: Apache-2.0
"""Partners, cards and findings as a program reads them: the same for commands and for the API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from comity.catalogues import said, translate
from comity.exchange.acquaintance import PartnerRecord
from comity.exchange.ceilings import ceilings_document
from comity.exchange.diagnosis import WHO_WORDS, Finding
from comity.exchange.partner import CardKey
from comity.exchange.partner_card import Hours, Official, SignedCard


def partner_document(record: PartnerRecord) -> dict[str, Any]:
    """The partner, with its keys by name and never by content."""
    partner = record.partner
    return {
        "code": partner.code,
        "name": partner.name,
        "state": partner.state.value,
        "binding": partner.binding.value,
        "endpoint": partner.endpoint,
        "wire": partner.wire,
        "kinds": sorted(partner.kinds),
        "card_version": partner.card_version,
        "fingerprint": partner.fingerprint,
        "ceilings": ceilings_document(partner.ceilings),
        "keys": [key_document(key) for key in partner.keys],
        "proposed_at": record.proposed_at.isoformat(),
        "confirmed_by": record.confirmed_by,
        "confirmed_at": _instant(record.confirmed_at),
        "reason": record.suspended_reason,
        "reached_at": _instant(record.reached_at),
        "heard_at": _instant(record.heard_at),
        "problem": record.problem,
        "failures": record.failures,
        "version": record.version,
    }


def key_document(key: CardKey) -> dict[str, Any]:
    """What a key is for and when it counts."""
    return {
        "use": key.use.value,
        "key_id": key.key_id,
        "valid_from": key.valid_from.isoformat(),
        "valid_until": key.valid_until.isoformat(),
        "revoked_at": _instant(key.revoked_at),
        "holder": key.holder,
    }


def card_document(signed: SignedCard) -> dict[str, Any]:
    """What a card says, and the fingerprint that people compare."""
    card = signed.card
    return {
        "administration": card.administration,
        "name": card.name,
        "version": card.version,
        "fingerprint": signed.fingerprint,
        "issued_at": card.issued_at.isoformat(),
        "endpoints": list(card.endpoints),
        "bindings": [binding.value for binding in card.bindings],
        "wire_versions": list(card.wire_versions),
        "kinds": list(card.kinds),
        "instruments": list(card.instruments),
        "keys": [key_document(key) for key in card.keys],
        "officials": [official_document(official) for official in card.officials],
        "hours": [hours_document(hours) for hours in card.hours],
        "time_zone": card.time_zone,
    }


def official_document(official: Official) -> dict[str, Any]:
    """A designated official with the ways to call back."""
    return {
        "reference": official.reference,
        "name": official.name,
        "office": official.office,
        "telephone": official.telephone,
        "email": official.email,
        "languages": list(official.languages),
    }


def hours_document(hours: Hours) -> dict[str, Any]:
    """Hours of one day of the week."""
    return {"day": hours.day, "opens": hours.opens, "closes": hours.closes}


def finding_document(finding: Finding, language: str = "en") -> dict[str, Any]:
    """A finding with its words in this language."""
    return {
        "code": finding.code,
        "fault": finding.fault,
        "who": finding.who.value,
        "says": said(finding.says, finding.facts, language),
        "do": said(finding.do, finding.facts, language),
        "facts": dict(finding.facts),
    }


def findings_document(
    partner: str, findings: Iterable[Finding], language: str = "en"
) -> dict[str, Any]:
    """A whole diagnosis."""
    found = [finding_document(finding, language) for finding in findings]
    return {"partner": partner, "well": not found, "findings": found}


def who_in_words(finding: Finding, language: str = "en") -> str:
    """Whose turn it is."""
    return translate(WHO_WORDS[finding.who], language)


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
