# SPDX-License-Identifier: Apache-2.0
"""What statements say of an item, with salts and values: for packing, and for nothing that leaves.

Values lie sealed under the item's key. Once it is destroyed the hashes alone are left, and the
statement still proves of every other item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comity.evidence import models
from comity.evidence.queries.keys import ItemErasedError, item_keys, opened_key, words_in
from comity.evidence.services import keeping
from comity.evidence.statement import ItemLeaves, Leaf

STATED = "stated leaves"
"""What salts and values are sealed for."""


@dataclass(frozen=True, slots=True)
class Values:
    """What lies sealed of one item's leaves."""

    salts: Mapping[str, str]
    fields: Mapping[str, Any]
    custody: tuple[Mapping[str, Any], ...] = ()
    """The events that the statement certifies, as far as they are known here."""
    pages: Mapping[int, str] = field(default_factory=dict)
    """Number of a page → the name of its picture in the item's store."""

    def as_dict(self) -> dict[str, Any]:
        """The values as they are sealed."""
        return {
            "salts": dict(self.salts),
            "fields": dict(self.fields),
            "custody": list(self.custody),
            "pages": {str(number): blob for number, blob in self.pages.items()},
        }


@dataclass(frozen=True, slots=True)
class Stated:
    """What one statement says of one item."""

    statement: str
    """Our reference of it."""
    named: str
    issuer: str
    head: bytes
    signature: bytes
    own: bool
    leaves: ItemLeaves
    values: Values


def stated_inside(reference: str) -> tuple[Stated, ...]:
    """Every statement on an item, the oldest first.

    Raises:
        ItemErasedError: its key was destroyed.
    """
    return every_inside((reference,))[reference]


def latest_inside(references: Sequence[str]) -> dict[str, tuple[Stated, ...]]:
    """For each item the statements that a package carries: suppliers' own, and our latest one."""
    found = {}
    for reference, every in every_inside(references).items():
        own = [each for each in every if each.own]
        theirs = [each for each in every if not each.own]
        found[reference] = (*theirs[-1:], *own[-1:])
    return found


def every_inside(references: Sequence[str]) -> dict[str, tuple[Stated, ...]]:
    """Every statement on each of these items, the oldest first, read at once."""
    rows = models.StatedItem.objects.filter(item__reference__in=references)
    found: dict[str, tuple[Stated, ...]] = dict.fromkeys(references, ())
    for row in rows.select_related("statement", "item__key"):
        key = getattr(row.item, "key", None)
        if key is None:
            raise ItemErasedError(reference=row.item.reference)
        found[row.item.reference] += (_stated(row, opened_key(key.sealed)),)
    return found


def _keep_stated(
    statement: models.SealedStatement, item: models.Item, leaves: ItemLeaves, values: Values
) -> None:
    """Keep what a statement says of an item; the item's key must still be there."""
    _keep_all_stated(statement, [(item, leaves, values)])


def _keep_all_stated(
    statement: models.SealedStatement, each: Sequence[tuple[models.Item, ItemLeaves, Values]]
) -> None:
    """The same of every item of a statement."""
    keys = item_keys([item.reference for item, _, _ in each])
    models.StatedItem.objects.bulk_create(
        models.StatedItem(
            statement=statement,
            item=item,
            number=leaves.number,
            path=list(leaves.path),
            leaves=[[leaf.name, leaf.hash, leaf.reason] for leaf in leaves.leaves],
            sealed=keeping.seal_words(keys[item.reference], values.as_dict(), STATED),
        )
        for item, leaves, values in each
    )


def _stated(row: models.StatedItem, key: bytes) -> Stated:
    found = words_in(key, row.sealed, STATED)
    pages = {int(number): blob for number, blob in found["pages"].items()}
    values = Values(found["salts"], found["fields"], tuple(found["custody"]), pages)
    leaves = tuple(
        Leaf(name, salt=values.salts.get(name, ""), hash=hashed, reason=reason)
        for name, hashed, reason in row.leaves
    )
    statement = row.statement
    return Stated(
        statement=statement.reference,
        named=statement.named,
        issuer=statement.issuer,
        head=bytes(statement.head),
        signature=bytes(statement.signature),
        own=statement.own,
        leaves=ItemLeaves(str(row.item.identity), row.number, leaves, tuple(row.path)),
        values=values,
    )
