# SPDX-License-Identifier: Apache-2.0
"""Messages as the documents that programs read: the same on the command line and in the API.

Keys are permanent. A list has nothing of a message's content; what an officer opened has it all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from comity.exchange.draft import Posted
from comity.exchange.envelope import Envelope, PartEntry
from comity.exchange.evidence import Evidence, LegalFinding
from comity.exchange.ledger import LedgerRow

Document = dict[str, Any]  # any: JSON


def row_document(row: LedgerRow) -> Document:
    """A message as a list tells it."""
    return {
        "reference": row.reference,
        "id": row.identifier,
        "direction": row.direction.value,
        "partner": row.partner,
        "kind": row.kind,
        "state": row.state.value,
        "case": row.case,
        "instrument": row.instrument,
        "article": row.article,
        "verdict": row.verdict,
        "their_verdict": row.their_verdict,
        "differs": row.differs,
        "parts": row.parts,
        "size": row.size,
        "created_at": row.created_at.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "settled_at": instant(row.settled_at),
        "expires_at": instant(row.expires_at),
        "problem": row.problem,
        "attempts": row.attempts,
        "next_try_at": instant(row.next_try_at),
    }


def evidence_document(evidence: Evidence, *, digest: str, told: bool) -> Document:
    """An evidence in its list; its signed document is fetched on its own."""
    return {
        "id": evidence.id,
        "kind": evidence.kind.value,
        "by": evidence.by,
        "to": evidence.to,
        "at": evidence.at.isoformat(),
        "reason": evidence.reason.code if evidence.reason else "",
        "facts": dict(evidence.reason.facts) if evidence.reason else {},
        "verdict": evidence.law.verdict if evidence.law else "",
        "parts": list(evidence.parts),
        "digest": digest,
        "told": told,
    }


def message_document(row: LedgerRow, record: Any, stated: list[Document]) -> Document:
    """One message without its content. Any: its record, which only services read."""
    return row_document(row) | {
        "conversation": record.conversation,
        "in_reply_to": record.in_reply_to or None,
        "digest": record.digest,
        "files": part_documents(record.parts),
        "law": law_document(record.law),
        "their_law": law_document(record.their_law),
        "evidences": stated,
    }


def part_documents(parts: Iterable[Any]) -> list[Document]:
    """The files of a message without their names. Any: parts of a message's record."""
    return [
        {
            "number": part.number,
            "media_type": part.media_type,
            "size": part.size,
            "digest": part.digest,
            "whole": bool(part.blob),
        }
        for part in parts
    ]


def law_document(law: Mapping[str, Any] | None) -> Document | None:
    """One side's answer to the question of the law, without what is kept sealed beside it."""
    if law is None:
        return None
    return {name: value for name, value in law.items() if name not in ("decision", "shared")}


def posted_document(posted: Posted) -> Document:
    """What became of a draft."""
    law = posted.law
    return {
        "reference": posted.reference or None,
        "id": posted.identifier or None,
        "digest": posted.digest or None,
        "partner": posted.partner,
        "state": posted.state.value if posted.state else None,
        "accepted": posted.accepted,
        "needs_decision": posted.needs_decision,
        "decided": posted.decided,
        "reason": posted.reason.code if posted.reason else "",
        "verdict": law.verdict if law else "",
        "law": _stated(law) if law else None,
    }


def _stated(law: LegalFinding) -> Document:
    return {
        "verdict": law.verdict,
        "governing": law.governing,
        "version": law.version,
        "article": law.article,
        "findings": [dict(finding) for finding in law.findings],
    }


def content_document(envelope: Envelope) -> Document:
    """What an officer opened: header, body, and the files by name."""
    head = envelope.header
    return {
        "subject": envelope.body.get("subject", ""),
        "body": dict(envelope.body),
        "handling": head.handling,
        "caveats": list(head.caveats),
        "question": dict(head.basis.question) if head.basis else None,
        "files": [_file(number, part) for number, part in enumerate(envelope.parts)],
    }


def instant(at: datetime | None) -> str | None:
    """An instant as programs read it."""
    return at.isoformat() if at is not None else None


def _file(number: int, part: PartEntry) -> Document:
    return {
        "number": number,
        "name": part.name,
        "media_type": part.media_type,
        "size": part.size,
        "digest": part.digest,
    }
