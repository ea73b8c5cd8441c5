# SPDX-License-Identifier: Apache-2.0
"""What the services have in common: references, locked rows, and one order of locks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model

from comity.accounts.administration import ChangedMeanwhileError
from comity.newsfeed.records import UnknownNewsRecordError

Row = TypeVar("Row", bound=Model)
Result = TypeVar("Result")
TRIES = 3
_PROPOSING = int.from_bytes(b"comity-n")


def inserted(table: type[Row], letters: str, columns: Mapping[str, Any]) -> Row:
    """A new row under the next reference of the table. Any: columns of several tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table._meta.db_table])
        number = int(cursor.fetchone()[0])
    row = table(pk=number, reference=f"{letters}-{number:05d}", **columns)
    row.save(force_insert=True)
    return row


def locked(table: type[Row], kind: str, version: int | None, *, called: str, **named: str) -> Row:
    """The row, locked until the act is done; a version that is not the present one is refused."""
    row = table._default_manager.select_for_update().filter(**named).first()
    if row is None:
        raise UnknownNewsRecordError(kind=kind, reference=called)
    now = getattr(row, "version", None)
    if version is not None and version != now:
        raise ChangedMeanwhileError(reference=called, given=version, current=now)
    return row


def moved(row: Any, **columns: Any) -> None:
    """Write these columns and the next version. Any: rows of several tables."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*columns, "version"])


def one_at_a_time() -> None:
    """Wait until nobody else proposes or decides, and let nobody until this transaction ends.

    Taken before the row of a proposal and before the head of the journal, always in this order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PROPOSING])


def in_its_own_transaction(act: Callable[[], Result]) -> Result:
    """Do the act in a transaction; again when another one was a moment faster."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return act()
        except (IntegrityError, OperationalError):
            if not left:
                raise
    raise AssertionError("unreachable")
