# SPDX-License-Identifier: Apache-2.0
"""Flags: what a person must look at again on an item, and on everything that was made from it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.evidence import models
from comity.evidence.lifetime import FlagCode
from comity.journal.services import record


def _raise_flag(item: models.Item, code: FlagCode, source: str, *, at: datetime) -> None:
    """Flag an item for a cause, once; in the caller's transaction."""
    models.Flag.objects.get_or_create(item=item, code=code, source=source, defaults={"at": at})


def _flag_made_from(
    item: models.Item, code: FlagCode, source: str, *, at: datetime
) -> tuple[str, ...]:
    """Flag everything that was made from an item, however far; their references."""
    seen, waiting = {item.pk}, [item.pk]
    flagged = []
    while waiting:
        rows = models.Derivation.objects.select_related("item").filter(source_id__in=waiting)
        waiting = []
        for made in (row.item for row in rows):
            if made.pk in seen:
                continue
            seen.add(made.pk)
            waiting.append(made.pk)
            _raise_flag(made, code, source, at=at)
            flagged.append(made.reference)
    return tuple(sorted(flagged))


@transaction.atomic
def clear_flag(item: str, code: FlagCode, source: str, *, by: Officer, at: datetime) -> bool:
    """Say that a flag was looked at; whether there was one."""
    actor = by.acting(Permission.KEEP_EVIDENCE)
    rows = models.Flag.objects.filter(
        item__reference=item, code=code, source=source, cleared_at__isnull=True
    )
    if not rows.update(cleared_by=actor.reference, cleared_at=at):
        return False
    facts = {"kind": code.value, "request": source}
    record("item-flag-cleared", item, by=actor, at=at, facts=facts)
    return True
