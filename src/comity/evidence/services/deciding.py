# SPDX-License-Identifier: Apache-2.0
"""A person's decision where the law leaves a use to one: recorded with its reason, for one act.

It counts for this item, this purpose and proceeding, and this recipient alone, and it settles
nothing that the law itself says: neither a prohibition, nor a consent or a notice that is due.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.question import Proceeding
from comity.agreements.verdict import VERDICT_WORDS, Verdict
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError
from comity.evidence import models
from comity.evidence.queries.decisions import decide, recipient_kind
from comity.evidence.queries.keys import ItemErasedError
from comity.evidence.services.keeping import seal_for_item, unseal_of_item
from comity.evidence.services.rows import _locked_item, inserted
from comity.evidence.way_out import IntendedRecipient, IntendedUse, WayOut
from comity.journal.services import record
from comity.reference.taxonomy import Purpose

LETTERS = "PDC"
REASON = "person decision"
LONGEST_REASON = 4000


class NothingToDecideError(ConflictError):
    """The law does not leave the matter to a person."""

    code = "nothing-to-decide"
    message = N_("The use of {item} for {purpose} is not left to a person: {verdict}.")
    remedy = N_("Read what may be done with it: `comity evidence conditions {item}`.")


class ReasonMissingError(InvalidInputError):
    """A decision was given without its reason."""

    code = "use-decision-reason-missing"
    message = N_("A decision on {item} needs its reason, in at most {most} letters.")
    remedy = N_("Say why; whoever reviews the decision reads it.")


class UnknownPersonDecisionError(NotFoundError):
    """No decision of a person has this reference, or it was withdrawn."""

    code = "unknown-person-decision"
    message = N_("There is no decision {reference} that stands.")
    remedy = N_("The item's page lists the decisions on it.")


@dataclass(frozen=True, slots=True)
class PersonsDecision:
    """What a person decided."""

    reference: str
    item: str
    purpose: Purpose
    proceeding: Proceeding
    recipient: str
    recipient_code: str
    permitted: bool
    reason: str
    """Empty once the item was erased."""
    decided_by: str
    decided_at: datetime
    until: date | None = None
    withdrawn_at: datetime | None = None


@transaction.atomic
def decide_on_use(
    item: str,
    use: IntendedUse,
    *,
    permitted: bool,
    reason: str,
    by: Officer,
    at: datetime,
    recipient: IntendedRecipient | None = None,
    until: date | None = None,
) -> PersonsDecision:
    """Decide on one act with an item; it counts from now on, until the day named if one is.

    Raises:
        PermissionMissingError: the officer does not decide on uses.
        ReasonMissingError: no reason was given.
        NothingToDecideError: the law says yes or no by itself, or asks for a notice or a consent.
    """
    actor = by.acting(Permission.DECIDE_ON_USE)
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise ReasonMissingError(item=item, most=LONGEST_REASON)
    row = _locked_item(item)
    _require_open(item, use, recipient, by, at)
    made = inserted(
        models.PersonDecision,
        LETTERS,
        {
            "item": row,
            "purpose": use.purpose,
            "proceeding": use.proceeding,
            "recipient": recipient_kind(recipient),
            "recipient_code": recipient.code[:60] if recipient else "",
            "permitted": permitted,
            "sealed": seal_for_item(item, json.dumps({"reason": words}).encode(), REASON),
            "decided_by": by.reference,
            "decided_at": at,
            "until": until,
        },
    )
    facts = {
        "item": item,
        "purpose": use.purpose.value,
        "outcome": "permitted" if permitted else "refused",
        "until": until.isoformat() if until else "",
    }
    record("evidence-person-decided", made.reference, by=actor, at=at, facts=facts)
    return _value(made, item, words)


@transaction.atomic
def withdraw_decision(reference: str, *, by: Officer, at: datetime) -> None:
    """Let a decision count no longer; what was let out by it stays out.

    Raises:
        UnknownPersonDecisionError: there is none that stands.
    """
    actor = by.acting(Permission.DECIDE_ON_USE)
    rows = models.PersonDecision.objects.select_for_update().filter(withdrawn_at=None)
    row = rows.filter(reference=reference).first()
    if row is None:
        raise UnknownPersonDecisionError(reference=reference)
    row.withdrawn_by, row.withdrawn_at = by.reference, at
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record("evidence-decision-withdrawn", reference, by=actor, at=at)


def decisions_on(item: str) -> tuple[PersonsDecision, ...]:
    """Every decision that persons took on an item, the latest first."""
    rows = models.PersonDecision.objects.filter(item__reference=item)
    return tuple(_value(row, item, _reason(item, row)) for row in rows)


def _require_open(
    item: str,
    use: IntendedUse,
    recipient: IntendedRecipient | None,
    by: Officer,
    at: datetime,
) -> None:
    """Raise unless the law, as things stand and before any person's word, leaves it to a person."""
    (decided,) = decide((item,), WayOut.EXPORT, by=by, at=at, use=use, recipient=recipient)
    weighed = decided.weighed
    if weighed.verdict is not Verdict.PERSON_MUST_DECIDE and not weighed.by_person:
        verdict = VERDICT_WORDS[weighed.verdict]
        raise NothingToDecideError(item=item, purpose=use.purpose.value, verdict=verdict)


def _reason(item: str, row: models.PersonDecision) -> str:
    try:
        opened: Mapping[str, Any] = json.loads(unseal_of_item(item, bytes(row.sealed), REASON))
    except ItemErasedError:
        return ""
    return str(opened["reason"])


def _value(row: models.PersonDecision, item: str, reason: str) -> PersonsDecision:
    return PersonsDecision(
        reference=row.reference,
        item=item,
        purpose=Purpose(row.purpose),
        proceeding=Proceeding(row.proceeding),
        recipient=row.recipient,
        recipient_code=row.recipient_code,
        permitted=row.permitted,
        reason=reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        until=row.until,
        withdrawn_at=row.withdrawn_at,
    )
