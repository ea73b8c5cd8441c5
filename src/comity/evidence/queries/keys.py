# SPDX-License-Identifier: Apache-2.0
"""The key of an item, and the words that lie sealed under it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from comity.catalogues import N_
from comity.errors import ConflictError, NotFoundError
from comity.evidence import models
from comity.sealing.short_secrets import unseal_bytes
from comity.storage.services import unseal_record

ITEM_KEY = "item key"
DISCLOSURE = "item disclosure"
DESCRIPTION, CLAIM, RESTRICTIONS = "item description", "item claim", "item restrictions"
CUSTODY = "custody words"


class UnknownItemError(NotFoundError):
    """There is no such item, or none that may be seen."""

    code = "unknown-item"
    message = N_("There is no item {reference}.")
    remedy = N_("List the items with `comity evidence list`.")


class ItemErasedError(ConflictError):
    """The item's key was destroyed, and with it what it sealed."""

    code = "item-erased"
    message = N_("The content and the description of {reference} were erased.")
    remedy = N_("What was recorded of it stays: its custody, its certificates and their proofs.")


def item_key(reference: str) -> bytes:
    """The key of an item.

    Raises:
        ItemErasedError: it was destroyed. UnknownItemError: there is no such item.
    """
    sealed = models.ItemKey.objects.filter(item__reference=reference).values_list("sealed").first()
    if sealed is None:
        if not models.Item.objects.filter(reference=reference).exists():
            raise UnknownItemError(reference=reference)
        raise ItemErasedError(reference=reference)
    return opened_key(sealed[0])


def item_keys(references: Sequence[str]) -> dict[str, bytes]:
    """The keys of these items, read at once.

    Raises:
        ItemErasedError: that of one of them was destroyed.
    """
    rows = models.ItemKey.objects.filter(item__reference__in=references)
    found = {
        one: opened_key(sealed) for one, sealed in rows.values_list("item__reference", "sealed")
    }
    for reference in references:
        if reference not in found:
            raise ItemErasedError(reference=reference)
    return found


def opened_key(sealed: bytes | memoryview) -> bytes:
    """The key that a row of the table holds."""
    return unseal_record(bytes(sealed), ITEM_KEY)


def words_in(key: bytes, sealed: bytes | memoryview, purpose: str) -> Any:
    """What a person wrote, read again. Any: whatever was sealed."""
    return json.loads(unseal_bytes(bytes(sealed), key=key, purpose=purpose))
