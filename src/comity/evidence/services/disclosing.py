# SPDX-License-Identifier: Apache-2.0
"""Writing the registers: what was given out to whom, which assurances were given and breached.

Whoever lets an item out (a package, a certified copy) records it here in the same transaction;
who holds a copy is found by it when the item is corrected or recalled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import ConflictError
from comity.evidence import models
from comity.evidence.lifetime import Assurance, DisclosedTo
from comity.evidence.queries.registers import (
    ASSURANCE,
    UnknownAssuranceError,
    _as_assurance,
)
from comity.evidence.services.rows import _locked_item, inserted, inserted_several
from comity.journal.entry import Actor
from comity.journal.services import record
from comity.storage.services import seal_record

LETTERS, ASSURANCE_LETTERS = "DSC", "ASR"


class BreachKnownError(ConflictError):
    """The breach was recorded before."""

    code = "assurance-breach-known"
    message = N_("The breach of {reference} was recorded already, on {on}.")
    remedy = N_("Record a further breach as a note in the case file.")


@transaction.atomic
def record_disclosure(
    items: Sequence[str],
    to: DisclosedTo,
    recipient: str,
    *,
    source: str,
    by: Actor,
    at: datetime,
    instrument: str = "",
    article: str = "",
    message: str = "",
    on: date | None = None,
    sealed: bytes = b"",
) -> tuple[str, ...]:
    """Enter into the register that these items were given out; their references in it.

    The same source recorded twice is recorded once. What is `sealed` under the key of the one item
    says to whom exactly. The act itself is journalled by its caller.
    """
    same = models.Disclosure.objects.filter(to=to, recipient=recipient, source=source)
    known = same.filter(item__reference__in=items).values_list("item__reference", "reference")
    entered = dict(known)
    rows = models.Item.objects.filter(reference__in=set(items) - set(entered)).only("reference")
    columns = {
        "to": to,
        "recipient": recipient[:60],
        "instrument": instrument[:100],
        "article": article[:60],
        "source": source,
        "message": message,
        "on": on or at.date(),
        "sealed": sealed,
        "recorded_by": by.reference,
        "recorded_at": at,
    }
    fresh = {row.reference: {"item": row, **columns} for row in rows}
    wanted = [reference for reference in dict.fromkeys(items) if reference not in entered]
    made = inserted_several(models.Disclosure, LETTERS, [fresh[each] for each in wanted])
    entered |= dict(zip(wanted, (row.reference for row in made), strict=True))
    return tuple(entered[reference] for reference in items)


@transaction.atomic
def record_assurance(
    partner: str,
    text: str = "",
    *,
    ours: bool,
    by: Officer,
    at: datetime,
    given_on: date | None = None,
    instrument: str = "",
    item: str = "",
) -> Assurance:
    """Enter an assurance of confidence and purpose limits into the register."""
    actor = by.acting(Permission.RELEASE_EVIDENCE)
    words = text.strip()
    columns = {
        "partner": partner,
        "ours": ours,
        "instrument": instrument[:100],
        "item": _locked_item(item) if item else None,
        "given_on": given_on or at.date(),
        "sealed": seal_record(words.encode(), ASSURANCE) if words else b"",
        "recorded_by": actor.reference,
        "recorded_at": at,
    }
    row = inserted(models.Assurance, ASSURANCE_LETTERS, columns)
    facts = {"party": partner, "on": row.given_on.isoformat()}
    record("assurance-recorded", row.reference, by=actor, at=at, facts=facts)
    return _as_assurance(row)


@transaction.atomic
def record_breach(
    reference: str, on: date, text: str = "", *, by: Officer, at: datetime
) -> Assurance:
    """Enter that an assurance was broken; whoever releases to that partner next is told.

    Raises:
        UnknownAssuranceError, BreachKnownError: why it was not entered.
    """
    actor = by.acting(Permission.RELEASE_EVIDENCE)
    rows = models.Assurance.objects.select_for_update(of=("self",)).select_related("item")
    row = rows.filter(reference=reference).first()
    if row is None:
        raise UnknownAssuranceError(reference=reference)
    if row.breached_on is not None:
        raise BreachKnownError(reference=reference, on=row.breached_on.isoformat())
    words = text.strip()
    row.breached_on, row.breach_recorded_by = on, actor.reference
    row.breach_recorded_at = at
    row.sealed_breach = seal_record(words.encode(), ASSURANCE) if words else b""
    row.save()
    facts = {"party": row.partner, "on": on.isoformat()}
    record("assurance-breached", reference, by=actor, at=at, facts=facts)
    return _as_assurance(row)
