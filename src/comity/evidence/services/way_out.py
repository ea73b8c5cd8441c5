# SPDX-License-Identifier: Apache-2.0
"""The one door out: whatever leaves of an item's words or content was decided here, and recorded.

`let_out` asks the law for each item, by every channel and for all that it was made of, and keeps
one record of the act; `description`, `claims`, `content` and `rendition` open only what such a
record permits. Errors, unknown codes and empty lists are no.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission, PermissionMissingError, Role, roles_with
from comity.agreements.queries import own_administration
from comity.agreements.question import Question
from comity.agreements.verdict import VERDICT_WORDS, Verdict, most_restrictive
from comity.catalogues import N_
from comity.errors import NotPermittedError
from comity.evidence import models
from comity.evidence.item import CaseFile, Claim, Description, Item, ItemState
from comity.evidence.queries import decisions as deciding
from comity.evidence.services import keeping
from comity.evidence.services.rows import inserted
from comity.evidence.use import Given
from comity.evidence.way_out import (
    REFUSAL_WORDS,
    WAY_WORDS,
    Act,
    IntendedRecipient,
    IntendedUse,
    Let,
    Refusal,
    WayOut,
    Weighed,
    weigh,
)
from comity.handling.marking import Marking, join_all
from comity.journal.services import record
from comity.reference.taxonomy import Purpose
from comity.sealing.canonical_json import canonical

LETTERS = "DEC"
PARTNER = "PARTNER"
"""What a record says of a recipient that is a partner administration."""

OVERSEES: frozenset[Role] = frozenset(
    (
        Role.REGISTRAR,
        Role.UNIT_HEAD,
        Role.APPROVING_OFFICER,
        Role.LEGAL_ADVISER,
        Role.EVIDENCE_CUSTODIAN,
        Role.DATA_PROTECTION_OFFICER,
        Role.AUDITOR,
    )
)
"""Who answers for evidence whoever works on its case; everybody else works on the case."""


class NotLetOutError(NotPermittedError):
    """The item was not let out."""

    code = "item-not-let-out"
    message = N_("{item} may not be {way}: {verdict} {because}")
    remedy = N_("Read what may be done with it: `comity evidence conditions {item}`.")


UNKNOWN = Marking()


@dataclass(frozen=True, slots=True)
class _Line:
    """One item of an act, with everything that decides on it."""

    reference: str
    item: Item | None
    weighed: Weighed
    use: IntendedUse | None = None
    marking: Marking = UNKNOWN


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
    lines = decided(references, way, by=by, at=at, use=use, recipient=recipient)
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


def require_way(by: Officer, recipient: IntendedRecipient | None) -> None:
    """Raise `PermissionMissingError` unless the officer may see evidence, or give it to somebody.

    A court is also given evidence by whoever uses it in a case.
    """
    by.require(Permission.VIEW_EVIDENCE)
    if recipient is None or by.may(Permission.RELEASE_EVIDENCE):
        return
    if recipient.recipient is None or not by.may(Permission.USE_EVIDENCE):
        roles = ", ".join(roles_with(Permission.RELEASE_EVIDENCE))
        wanted = Permission.RELEASE_EVIDENCE.value
        raise PermissionMissingError(officer=by.reference, permission=wanted, roles=roles)


def decided(
    items: Sequence[str],
    way: WayOut,
    *,
    by: Officer,
    at: datetime,
    use: IntendedUse | None = None,
    recipient: IntendedRecipient | None = None,
) -> list[_Line]:
    """What would be decided; nothing is let out by it, and nothing recorded."""
    found = deciding.to_decide(items)
    law, own = deciding.law(), own_administration()
    lines = []
    for reference in items:
        item = found.items.get(reference)
        if item is None:
            refused = Weighed(Verdict.PROHIBITED, reason=found.refusals[reference])
            lines.append(_Line(reference, None, refused))
            continue
        case = found.cases.get(item.case)
        intended = use or _purpose_of(item, case)
        obstacle = _obstacle(item, case, intended, by)
        marking = join_all(_markings(item, found.everything))
        if obstacle is not None or intended is None:
            weighed = Weighed(Verdict.PROHIBITED, reason=obstacle)
        else:
            act = Act(way, at.date(), own, intended, recipient)
            weighed = weigh(item, found.everything, act, law, _nothing_given)
        lines.append(_Line(reference, item, weighed, intended, marking))
    return lines


def _nothing_given(item: str, supplier: str, question: Question) -> Given:
    return Given()


def _purpose_of(item: Item, case: CaseFile | None) -> IntendedUse | None:
    """What its case is for; what is our own and lies in none serves our enquiries."""
    if case is not None:
        return IntendedUse(case.purpose, offences=case.offences)
    return IntendedUse(Purpose.ADMIN_ENQUIRY) if item.is_ours else None


def _obstacle(
    item: Item, case: CaseFile | None, use: IntendedUse | None, by: Officer
) -> Refusal | None:
    """Why the law need not be asked."""
    if item.state is ItemState.DESTROYED:
        return Refusal.ERASED
    if case is not None and by.reference not in case.officers and not by.roles & OVERSEES:
        return Refusal.NOT_ON_THE_CASE
    return Refusal.PURPOSE_UNKNOWN if use is None else None


def _markings(item: Item, everything: Mapping[str, Item]) -> Iterable[Marking]:
    """What was laid on the item and on all that it was made of, by every channel."""
    seen, waiting = {item.reference}, [item]
    while waiting:
        each = waiting.pop()
        yield from (channel.marking for channel in each.channels)
        for reference in each.derived_from:
            if reference not in seen and reference in everything:
                seen.add(reference)
                waiting.append(everything[reference])


def _let(line: _Line, way: WayOut, decision: str) -> Let:
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
        because=REFUSAL_WORDS[let.reason] if let.reason else "",
    )


@transaction.atomic
def _recorded(
    lines: Sequence[_Line],
    way: WayOut,
    recipient: IntendedRecipient | None,
    by: Officer,
    at: datetime,
) -> str:
    """Keep the decision with its items, and its line in the journal; its reference."""
    kind = (recipient.recipient or PARTNER) if recipient else ""
    documents = [_document(line) for line in lines]
    digest = hashlib.sha256(canonical({"items": list(documents)})).hexdigest()
    permitted = sum(line.weighed.permitted for line in lines)
    row = inserted(
        models.Decision,
        LETTERS,
        {
            "way": way,
            "recipient": kind,
            "recipient_code": recipient.code[:60] if recipient else "",
            "decided_for": by.reference,
            "at": at,
            "count": len(lines),
            "permitted": permitted,
            "digest": digest,
        },
    )
    numbers = models.Item.objects.filter(reference__in=[line.reference for line in lines])
    keys = dict(numbers.values_list("reference", "pk"))
    models.DecidedItem.objects.bulk_create(
        models.DecidedItem(decision=row, item_id=keys[line.reference], **_columns(document))
        for line, document in zip(lines, documents, strict=True)
    )
    record(
        "evidence-let-out" if permitted else "evidence-withheld",
        row.reference,
        by=by.acting(Permission.VIEW_EVIDENCE),
        at=at,
        facts=_facts(lines, way, digest),
    )
    return row.reference


def _document(line: _Line) -> dict[str, str | int | bool]:
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


def _columns(document: Mapping[str, str | int | bool]) -> dict[str, Any]:  # Any: columns
    return {name: value for name, value in document.items() if name != "item"}


def _facts(lines: Sequence[_Line], way: WayOut, digest: str) -> dict[str, str]:
    purposes = sorted({line.use.purpose.value for line in lines if line.use})
    facts = {
        "way": way.value,
        "count": str(len(lines)),
        "verdict": most_restrictive(line.weighed.verdict for line in lines).value,
        "purposes": ",".join(purposes),
        "digest": digest,
    }
    return facts | ({"item": lines[0].reference} if len(lines) == 1 else {})
