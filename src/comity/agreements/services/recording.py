# SPDX-License-Identifier: Apache-2.0
"""What every act of the overlay has in common: a reference, a version, a state, a second person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.queries.kept import KIND_NAMES
from comity.agreements.records import (
    STATE_WORDS,
    ReasonMissingError,
    UnknownRecordError,
    WrongStateError,
)
from comity.journal.entry import Actor
from comity.journal.facts import Form

Row = TypeVar("Row", bound=Model)


def _next_reference(table: type[Model], letters: str) -> tuple[int, str]:
    """The next number of a table's own sequence, and the reference made of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table._meta.db_table])
        number = int(cursor.fetchone()[0])
    return number, f"{letters}-{number:05d}"


def _inserted(table: type[Row], letters: str, columns: Mapping[str, Any]) -> Row:
    """A new row under the next reference. Any: columns of several tables."""
    number, reference = _next_reference(table, letters)
    row = table(pk=number, reference=reference, **columns)
    row.save(force_insert=True)
    return row


def _locked(table: type[Row], letters: str, reference: str, version: int | None) -> Row:
    """The row, locked until the act is done; a version that is not the present one is refused."""
    row = table._default_manager.select_for_update().filter(reference=reference).first()
    if row is None:
        raise UnknownRecordError(kind=KIND_NAMES[letters], reference=reference)
    now = getattr(row, "version", None)
    if version is not None and version != now:
        raise ChangedMeanwhileError(reference=reference, given=version, current=now)
    return row


def _moved(row: Any, **columns: Any) -> None:
    """Write these columns and the next version. Any: rows of several tables."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*columns, "version"])


def _require_state(row: Any, act: str, *states: str) -> None:
    if row.state not in states:
        raise WrongStateError(
            act=act,
            reference=row.reference,
            state=STATE_WORDS[row.state],
            needed=STATE_WORDS[states[0]],
        )


def _require_reason(reason: str, act: str, reference: str) -> str:
    if not reason.strip():
        raise ReasonMissingError(act=act, reference=reference)
    return reason.strip()


def _acting(by: Officer, *permissions: Permission) -> Actor:
    """The officer in the first role that carries one of the permissions, or a refusal."""
    held = next((p for p in permissions if by.may(p)), permissions[0])
    return by.acting(held)


def _article(article: str) -> str:
    """The article where it has the form of one; a journal entry takes no other words."""
    return article if Form.ARTICLE.value.fullmatch(article) else ""
