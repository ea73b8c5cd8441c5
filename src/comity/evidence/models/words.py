# SPDX-License-Identifier: Apache-2.0
"""By which words an item is found: a keyed digest of each word of its title, and no word."""

from __future__ import annotations

from django.db import models

from comity.evidence.models.items import Item


class ItemWord(models.Model):
    """That a word of this digest stands in an item's title or marks; gone once it is erased."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="words")
    digest = models.BinaryField(max_length=16)
    """HMAC of the folded word under a key of this node, cut to 16 bytes."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("digest", "item"), name="item_word_is_unique"),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {bytes(self.digest).hex()[:8]}"
