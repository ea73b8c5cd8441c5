# SPDX-License-Identifier: Apache-2.0
"""What the services of evidence have in common: references, locked rows, who acts, what is told.

Acts are gathered and journalled at the end of a transaction, after every row is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.evidence import models
from comity.evidence.queries.keys import UnknownItemError
from comity.journal.entry import Act, Actor
from comity.journal.services import record_several

Row = TypeVar("Row", bound=Model)
EVIDENCE = Actor("EVIDENCE", "integrator")
"""The machine, where it acts by itself: it verifies, it takes in what a partner sent."""


def inserted(table: type[Row], letters: str, columns: Mapping[str, Any]) -> Row:
    """A new row under the next reference of the table. Any: columns of several tables."""
    return inserted_several(table, letters, [columns])[0]


def inserted_several(
    table: type[Row], letters: str, rows: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """New rows under the next references of the table, in their order."""
    next_numbers = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(next_numbers, [table._meta.db_table, len(rows)])
        numbers = sorted(int(number) for (number,) in cursor.fetchall())
    numbered = zip(numbers, rows, strict=True)
    made = [table(pk=n, reference=f"{letters}-{n:05d}", **columns) for n, columns in numbered]
    return table._default_manager.bulk_create(made)


def _locked_item(reference: str, version: int | None = None) -> models.Item:
    """The item's row, locked until the act is done; a version not the present one is refused."""
    row = models.Item.objects.select_for_update().filter(reference=reference).first()
    if row is None:
        raise UnknownItemError(reference=reference)
    if version is not None and version != row.version:
        raise ChangedMeanwhileError(reference=reference, given=version, current=row.version)
    return row


def _locked_items(references: Iterable[str]) -> list[models.Item]:
    """The rows of these items in the order of their references, locked in it until the act is done.

    Raises:
        UnknownItemError: there is no such item.
    """
    wanted = sorted(set(references))
    rows = models.Item.objects.select_for_update().filter(reference__in=wanted)
    found = list(rows.order_by("reference"))
    for reference in wanted if len(found) < len(wanted) else ():
        if all(row.reference != reference for row in found):
            raise UnknownItemError(reference=reference)
    return found


def acting(by: Officer | Actor, permission: Permission) -> Actor:
    """Who acts, as the journal knows one; an officer needs the permission, the machine has it."""
    return by if isinstance(by, Actor) else by.acting(permission)


@dataclass(frozen=True, slots=True)
class Done:
    """An act to be journalled at the end of the transaction."""

    act: str
    subject: str
    facts: Mapping[str, str] = field(default_factory=dict)
    by: Actor = EVIDENCE


def record_all(acts: Iterable[Done], *, at: datetime) -> None:
    """Journal the acts, as the last thing that the transaction does."""
    record_several(Act(done.act, done.subject, done.by, at, facts=done.facts) for done in acts)
