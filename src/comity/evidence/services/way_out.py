# SPDX-License-Identifier: Apache-2.0
"""The one door out: whatever leaves of an item's words or content was decided here, and recorded.

`let_out` asks the law for each item, by every channel and for all that it was made of, and keeps
one record of the act; `description`, `claims`, `content` and `rendition` open only what such a
record permits. Errors, unknown codes and empty lists are no.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.db import connection, transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission, PermissionMissingError
from comity.agreements.question import Recipient
from comity.agreements.verdict import JUDGED_UNDER, VERDICT_WORDS, most_restrictive
from comity.catalogues import N_, Phrase
from comity.errors import NotPermittedError
from comity.evidence.item import Claim, Description
from comity.evidence.queries.decisions import Decided, decide, recipient_kind
from comity.evidence.services import keeping
from comity.evidence.way_out import (
    REFUSAL_WORDS,
    WAY_WORDS,
    IntendedRecipient,
    IntendedUse,
    Let,
    WayOut,
)
from comity.journal.services import record
from comity.sealing.canonical_json import canonical

LETTERS = "DEC"


class NotLetOutError(NotPermittedError):
    """The item was not let out."""

    code = "item-not-let-out"
    message = N_("{item} may not be {way}: {verdict}. {because}")
    remedy = N_("Read what may be done with it: `comity evidence conditions {item}`.")


def let_out(
    items: Sequence[str],
    way: WayOut,
    *,
    by: Officer,
    at: datetime,
    use: IntendedUse | None = None,
    recipient: IntendedRecipient | None = None,
) -> tuple[Let, ...]:
    """Decide for each item, in their order, whether it may leave by this way; and record it.

    The purpose is that of the item's case unless `use` states another one. What is not permitted
    comes back as a `Let` that opens nothing, with the law's answer or the reason.

    Raises:
        PermissionMissingError: the officer may not see evidence, or not give it to a recipient.
    """
    require_way(by, recipient)
    references = tuple(dict.fromkeys(items))
    lines = decide(references, way, by=by, at=at, use=use, recipient=recipient)
    decision = _recorded(lines, way, recipient, by, at) if lines else ""
    lets = {line.reference: _let(line, way, decision) for line in lines}
    return tuple(lets[reference] for reference in items)


def description(let: Let) -> Description:
    """What a person wrote of the item, where it may be let out.

    Raises:
        NotLetOutError: it may not. ItemErasedError: its key was destroyed.
    """
    _require(let)
    return keeping.description_inside(let.item)


def claims(let: Let) -> tuple[Claim, ...]:
    """What its authors say of the item otherwise, where it may be let out."""
    _require(let)
    return keeping.claims_inside(let.item)


def content(let: Let) -> BinaryIO:
    """The item's content, where it may be let out.

    Raises:
        NotLetOutError: it may not. NoContentError: it is a thing.
        ItemErasedError: its key was destroyed. BlobDamagedError: it is not what was put there.
    """
    _require(let)
    return keeping.open_content_inside(let.item)


def rendition(let: Let, blob: str) -> BinaryIO:
    """Something that was made of the item and kept under its key, such as a page's picture."""
    _require(let)
    return keeping.open_stored(let.item, blob)


def may_give(by: Officer, recipient: IntendedRecipient | None) -> bool:
    """Whether an officer who sees evidence may give it to somebody like this; None is nobody."""
    if recipient is None or by.may(Permission.RELEASE_EVIDENCE):
        return True
    return recipient.recipient is Recipient.COURT and by.may(Permission.USE_EVIDENCE)


def require_way(by: Officer, recipient: IntendedRecipient | None) -> None:
    """Raise `PermissionMissingError` unless the officer may see evidence, or give it to somebody.

    A court is also given evidence by whoever uses it in a case.
    """
    by.require(Permission.VIEW_EVIDENCE)
    if not may_give(by, recipient):
        wanted = Permission.RELEASE_EVIDENCE
        raise PermissionMissingError(officer=by.reference, permission=wanted)


def _let(line: Decided, way: WayOut, decision: str) -> Let:
    weighed = line.weighed
    return Let(
        item=line.reference,
        way=way,
        permitted=weighed.permitted,
        verdict=weighed.verdict,
        channel=weighed.channel,
        determination=weighed.determination,
        reason=weighed.reason,
        decision=decision,
        marking=line.marking,
        conditions=tuple(answer.determination for answer in weighed.answers),
    )


def _require(let: Let) -> None:
    if let.permitted and let.decision:
        return
    raise NotLetOutError(
        item=let.item,
        way=WAY_WORDS[let.way],
        verdict=VERDICT_WORDS[let.verdict],
        because=_because(let),
    )


def _because(let: Let) -> str:
    """The reason that is not the law's; otherwise the instrument by which the law was asked."""
    if let.reason:
        return REFUSAL_WORDS[let.reason]
    governing = let.determination.governing if let.determination else ""
    return Phrase(JUDGED_UNDER, governing=governing) if governing else ""


@transaction.atomic
def _recorded(
    lines: Sequence[Decided],
    way: WayOut,
    recipient: IntendedRecipient | None,
    by: Officer,
    at: datetime,
) -> str:
    """Keep the decision with its items, and its line in the journal; its reference."""
    documents = [_document(line) for line in lines]
    digest = hashlib.sha256(canonical({"items": list(documents)})).hexdigest()
    permitted = sum(line.weighed.permitted for line in lines)
    decision: dict[str, Any] = {  # any: columns
        "letters": LETTERS,
        "way": way.value,
        "recipient": recipient_kind(recipient),
        "recipient_code": recipient.code[:60] if recipient else "",
        "decided_for": by.reference,
        "at": at,
        "count": len(lines),
        "permitted": permitted,
        "digest": digest,
    }
    columns = {f"{name}s": [each[name] for each in documents] for name in documents[0]}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, decision | columns)
        reference = str(cursor.fetchone()[0])
    record(
        "evidence-let-out" if permitted else "evidence-withheld",
        reference,
        by=by.acting(Permission.VIEW_EVIDENCE),
        at=at,
        facts=_facts(lines, way, digest),
    )
    return reference


_KEEP = """
WITH numbered AS (
    SELECT nextval(pg_get_serial_sequence('evidence_decision', 'id')) AS id
), made AS (
    INSERT INTO evidence_decision (id, reference, way, recipient, recipient_code, decided_for, at,
        count, permitted, digest)
    SELECT id, %(letters)s || '-' || lpad(id::text, greatest(5, length(id::text)), '0'), %(way)s,
        %(recipient)s, %(recipient_code)s, %(decided_for)s, %(at)s, %(count)s, %(permitted)s,
        %(digest)s
    FROM numbered RETURNING id, reference
), lines AS (
    INSERT INTO evidence_decideditem (decision_id, item_id, permitted, verdict, reason, channel,
        instrument, purpose, proceeding)
    SELECT made.id, item.id, said.permitted, said.verdict, said.reason, said.channel,
        said.instrument, said.purpose, said.proceeding
    FROM made, unnest(%(items)s::text[], %(permitteds)s::boolean[], %(verdicts)s::text[],
        %(reasons)s::text[], %(channels)s::int[], %(instruments)s::text[], %(purposes)s::text[],
        %(proceedings)s::text[]) WITH ORDINALITY AS said (item, permitted, verdict, reason, channel,
        instrument, purpose, proceeding, place)
    JOIN evidence_item item ON item.reference = said.item
    ORDER BY said.place
)
SELECT reference FROM made
"""
"""A decision under the next reference and what it said of each item, told to the database at once.

Items are never removed, so each that was decided on has its line.
"""


def _document(line: Decided) -> dict[str, str | int | bool]:
    """What is kept of one item, and goes into the digest."""
    weighed, use = line.weighed, line.use
    governing = weighed.determination.governing if weighed.determination else ""
    return {
        "item": line.reference,
        "permitted": weighed.permitted,
        "verdict": weighed.verdict.value,
        "reason": weighed.reason.value if weighed.reason else "",
        "channel": weighed.channel.number if weighed.channel else 0,
        "instrument": governing,
        "purpose": use.purpose.value if use else "",
        "proceeding": use.proceeding.value if use else "",
    }


def _facts(lines: Sequence[Decided], way: WayOut, digest: str) -> dict[str, str]:
    purposes = sorted({line.use.purpose.value for line in lines if line.use})
    facts = {
        "way": way.value,
        "count": str(len(lines)),
        "verdict": most_restrictive(line.weighed.verdict for line in lines).value,
        "purposes": ",".join(purposes),
        "digest": digest,
    }
    return facts | ({"item": lines[0].reference} if len(lines) == 1 else {})
