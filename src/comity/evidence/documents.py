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
from comity.evidence.copy_register import CertifiedCopy
from comity.evidence.custody import FAULT_WORDS, Custody, CustodyWords, event_document
from comity.evidence.hand_over import HandOver
from comity.evidence.item import CaseFile, Channel, Claim, Description, Item
from comity.evidence.item_documents import description_document
from comity.evidence.lifetime import CorrectionRecord, DestructionList, Flag, Hold
from comity.evidence.packing import Packed
from comity.evidence.packing_order import PackingOrder
from comity.evidence.recall import Copy, Recall
from comity.evidence.use import Consent, Notice, RecordedUse, Scope
from comity.evidence.verifying import VerificationReport
from comity.evidence.waiting import Waiting
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


# What proves


def copy_document(copy: CertifiedCopy) -> dict[str, Any]:
    """A number of the register of certified copies; who signed stands in the document alone."""
    return {
        "number": copy.number,
        "item": copy.item,
        "copy": copy.copy,
        "profile": copy.profile,
        "languages": list(copy.languages),
        "state": copy.state.value,
        "pages": copy.pages,
        "digest": copy.digest,
        "pilot": copy.pilot,
        "conformance": copy.conformance.value,
    }


def packed_document(packed: Packed) -> dict[str, Any]:
    """A package that was made, without its file."""
    return {
        "reference": packed.reference,
        "kind": packed.kind.value,
        "digest": packed.digest,
        "size": packed.size,
        "items": list(packed.items),
        "withheld": packed.withheld,
        "message": packed.message,
    }


def order_document(order: PackingOrder) -> dict[str, Any]:
    """An order to pack; what was asked for stays sealed."""
    return {
        "reference": order.reference,
        "state": order.state.value,
        "items": order.items,
        "step": order.step.value if order.step else None,
        "done": order.done,
        "total": order.total,
        "attempts": order.attempts,
        "package": order.package,
        "asked_at": order.asked_at.isoformat(),
        "ended_at": order.ended_at.isoformat() if order.ended_at else None,
        "failure": order.failure,
    }


def report_document(report: VerificationReport) -> dict[str, Any]:
    """What a verification found, step by step, and what each step does not prove."""
    return {
        "holds": report.holds,
        "identity": report.identity,
        "unproved": report.unproved,
        "digest": report.digest,
        "facts": dict(report.facts),
        "steps": [
            {
                "step": step.number,
                "checks": step.checks,
                "does_not_prove": step.does_not_prove,
                "state": step.state,
                "findings": [dict(each) for each in step.findings],
            }
            for step in report.steps
        ],
    }


# What is done with an item until its end; what people wrote of it stays in messages and records


def hand_over_document(found: HandOver) -> dict[str, Any]:
    """A hand-over and how far it has come, without what was written of it."""
    return {
        "reference": found.reference,
        "item": found.item,
        "state": found.state.value,
        "giver": found.giver,
        "officer": found.officer,
        "administration": found.administration,
        "incoming": found.incoming,
        "for_good": found.for_good,
        "proposed_at": found.proposed_at.isoformat(),
        "answered_by": found.answered_by,
        "answered_at": found.answered_at.isoformat() if found.answered_at else None,
        "reason": found.reason.value if found.reason else None,
        "identity": found.identity,
        "what": found.what,
        "on": found.on.isoformat() if found.on else None,
        "problem": found.problem,
    }


def use_document(use: RecordedUse) -> dict[str, Any]:
    """A use in a proceeding, and the law on which it rests."""
    return {
        "reference": use.reference,
        "item": use.item,
        "purpose": use.purpose.value,
        "proceeding": use.proceeding.value,
        "on": use.on.isoformat(),
        "supplier": use.supplier,
        "instrument": use.instrument,
        "article": use.article,
        "verdict": use.verdict,
    }


def notice_document(notice: Notice) -> dict[str, Any]:
    """A notice of a use; `given` once its message left."""
    return {
        "reference": notice.reference,
        "direction": notice.direction.value,
        "item": notice.item,
        "partner": notice.partner,
        **scope_document(notice.scope),
        "on": notice.on.isoformat(),
        "instrument": notice.instrument,
        "article": notice.article,
        "message": notice.message,
        "given": notice.given,
        "acknowledged_at": notice.acknowledged_at.isoformat() if notice.acknowledged_at else None,
    }


def consent_document(consent: Consent) -> dict[str, Any]:
    """A request for consent and its answer, with the conditions that bind."""
    return {
        "reference": consent.reference,
        "direction": consent.direction.value,
        "item": consent.item,
        "partner": consent.partner,
        **scope_document(consent.scope),
        "state": consent.state.value,
        "wanted_until": consent.wanted_until.isoformat() if consent.wanted_until else None,
        "until": consent.until.isoformat() if consent.until else None,
        "conditions": consent.conditions,
        "instrument": consent.instrument,
        "article": consent.article,
        "message": consent.message,
        "answer_message": consent.answer_message,
    }


def scope_document(scope: Scope) -> dict[str, Any]:
    """Of which act a notice or a consent speaks."""
    return {
        "occasion": scope.occasion.value,
        "purpose": scope.purpose.value,
        "proceeding": scope.proceeding.value,
        "recipient": scope.recipient.value if scope.recipient else None,
        "recipient_code": scope.recipient_code,
    }


def recall_document(found: Recall) -> dict[str, Any]:
    """A recall and every copy of the item; what holders were told stays in their messages."""
    return {
        "reference": found.reference,
        "recall": found.recall,
        "item": found.item,
        "identity": found.identity,
        "demand": found.demand.value,
        "ground": found.ground.value,
        "origin": found.origin,
        "ours": found.ours,
        "answer_by": found.answer_by.isoformat(),
        "copies": [_held_copy(each) for each in found.copy.every()],
    }


def _held_copy(copy: Copy) -> dict[str, Any]:
    return {
        "administration": copy.administration,
        "outcome": copy.outcome.value,
        "at": copy.at.isoformat() if copy.at else None,
        "until": copy.until.isoformat() if copy.until else None,
        "signed": copy.signed is not None,
        "verified": copy.verified,
    }


def correction_document(correction: CorrectionRecord) -> dict[str, Any]:
    """A correction by the names of its fields; what is right instead stands as a claim."""
    return {
        "reference": correction.reference,
        "item": correction.item,
        "partner": correction.partner,
        "fields": list(correction.fields),
        "replacement": correction.replacement,
    }


def hold_document(hold: Hold) -> dict[str, Any]:
    """A legal hold on an item or on a case file, without its reason in words."""
    return {
        "reference": hold.reference,
        "item": hold.item,
        "case": hold.case,
        "ground": hold.ground.value,
        "stands": hold.stands,
        "placed_by": hold.placed_by,
        "placed_at": hold.placed_at.isoformat(),
        "lifted_by": hold.lifted_by,
        "lifted_at": hold.lifted_at.isoformat() if hold.lifted_at else None,
    }


def flag_document(flag: Flag) -> dict[str, Any]:
    """What somebody must look at again on an item."""
    return {
        "item": flag.item,
        "code": flag.code.value,
        "source": flag.source,
        "at": flag.at.isoformat(),
    }


def waiting_document(found: Waiting) -> dict[str, Any]:
    """Everything that waits for an officer here, by kind."""
    return {
        "hand_overs": [hand_over_document(each) for each in found.hand_overs],
        "consents": [consent_document(each) for each in found.consents],
        "recalls": [recall_document(each) for each in found.recalls],
        "destruction_lists": [destruction_document(each) for each in found.destruction_lists],
        "flags": [flag_document(each) for each in found.flags],
    }


def destruction_document(found: DestructionList) -> dict[str, Any]:
    """A destruction list with its two persons and what became of each item."""
    return {
        "reference": found.reference,
        "state": found.state.value,
        "subject": found.subject,
        "recall": found.recall,
        "drafted_by": found.drafted_by,
        "drafted_at": found.drafted_at.isoformat(),
        "decided_by": found.decided_by,
        "decided_at": found.decided_at.isoformat() if found.decided_at else None,
        "entries": [
            {
                "item": each.item,
                "ground": each.ground.value,
                "outcome": each.outcome.value,
                "digest": each.digest,
                "hold": each.hold,
            }
            for each in found.entries
        ],
    }
