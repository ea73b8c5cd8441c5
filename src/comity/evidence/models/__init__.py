# SPDX-License-Identifier: Apache-2.0
"""The tables of evidence, by concern: columns and constraints; every write goes through services.

What a person wrote stands in `sealed` columns alone, encrypted with the item's or the node's key.
"""

from __future__ import annotations

from comity.evidence.models.items import (
    CaseFile,
    Channel,
    Claim,
    Derivation,
    Item,
    ItemKey,
)

__all__ = ["CaseFile", "Channel", "Claim", "Derivation", "Item", "ItemKey"]
