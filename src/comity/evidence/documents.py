# SPDX-License-Identifier: Apache-2.0
"""Evidence as the documents that programs read: the same on the command line and the API.

Keys are permanent. What a person wrote stands in a document only where it was let out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.agreements.answers import document_of
from comity.agreements.verdict import VERDICT_WORDS
from comity.catalogues import translate
from comity.evidence.custody import FAULT_WORDS, Custody, CustodyWords, event_document
from comity.evidence.item import CaseFile, Channel, Claim, Description, Item
from comity.evidence.item_documents import description_document
from comity.evidence.way_out import REFUSAL_WORDS, Let
from comity.handling.marking import marking_document, open_document


def item_document(item: Item) -> dict[str, Any]:
    """What stands open of an item."""
    return {
        "reference": item.reference,
        "identity": item.identity,
        "kind": item.kind.value,
        "rank": item.rank.value,
        "state": item.state.value,
        "case": item.case,
        "media_type": item.media_type,
        "size": item.size,
        "digest": item.digest,
        "certifiable": item.certifiable,
        "derived_from": list(item.derived_from),
        "return_by": item.return_by.isoformat() if item.return_by else None,
        "channels": [channel_document(channel) for channel in item.channels],
        "added_by": item.added_by,
        "added_at": item.added_at.isoformat(),
    }


def channel_document(channel: Channel) -> dict[str, Any]:
    """One way by which an item came; restrictions in words stay with what was let out."""
    return {
        "number": channel.number,
        "supplier": channel.supplier,
        "supplied_on": channel.supplied_on.isoformat() if channel.supplied_on else None,
        "instrument": channel.instrument,
        "form": channel.form.value if channel.form else None,
        "message": channel.message,
        "marking": open_document(channel.marking),
    }


def let_document(let: Let, language: str) -> dict[str, Any]:
    """The answer to whether an item may be let out, with the law's whole answer."""
    return {
        "item": let.item,
        "way": let.way.value,
        "permitted": let.permitted,
        "verdict": let.verdict.value,
        "summary": translate(VERDICT_WORDS[let.verdict], language),
        "reason": let.reason.value if let.reason else None,
        "because": translate(REFUSAL_WORDS[let.reason], language) if let.reason else "",
        "channel": let.channel.number if let.channel else None,
        "decision": let.decision,
        "law": document_of(let.determination, language) if let.determination else None,
    }


def opened_document(
    let: Let, description: Description, claims: tuple[Claim, ...] = ()
) -> dict[str, Any]:
    """What a person wrote of an item that was let out, and what is laid on it."""
    return {
        "description": description_document(description),
        "claims": [
            {"field": each.field, "text": each.text, "author": each.author, "at": _instant(each)}
            for each in claims
        ],
        "marking": marking_document(let.marking),
    }


def custody_document(
    custody: Custody, words: Mapping[int, tuple[CustodyWords, bytes]], language: str
) -> dict[str, Any]:
    """An item's custody: each act, its words where they were let out, and what is wrong."""
    return {
        "item": custody.item,
        "holds": custody.holds,
        "events": [
            event_document(event, *words.get(event.number, (None, b""))) for event in custody.events
        ],
        "findings": [
            {
                "fault": each.fault.value,
                "says": translate(FAULT_WORDS[each.fault], language),
                "number": each.number,
                "expected": each.expected,
                "found": each.found,
            }
            for each in custody.findings
        ],
    }


def case_document(case: CaseFile) -> dict[str, Any]:
    """A case file: the purpose that its items inherit, and who works on it."""
    return {
        "reference": case.reference,
        "purpose": case.purpose.value,
        "offences": [offence.value for offence in case.offences],
        "officers": sorted(case.officers),
        "opened_by": case.opened_by,
        "opened_at": case.opened_at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
    }


def _instant(claim: Claim) -> str:
    return claim.at.isoformat()
