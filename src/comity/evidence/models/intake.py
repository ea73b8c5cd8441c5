# SPDX-License-Identifier: Apache-2.0
"""What was found of a file when it was taken in, and the pictures that were made of its pages.

Findings are codes, counts and types. Pictures lie in the store under the item's own key.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.evidence.models.columns import DIGEST, known
from comity.evidence.models.items import Item
from comity.evidence.previewing import Obstacle


class Examination(models.Model):
    """What intake found of an item's content."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="examination")
    at = models.DateTimeField()
    findings = models.JSONField(default=list)
    other_types = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"examination of {self.item_id}"


class PageImage(models.Model):
    """A page of an item as it was drawn once, or why it could not be."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="page_images")
    page = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=0)
    dpi = models.PositiveIntegerField()
    longest_edge = models.PositiveIntegerField()
    """In pixels; 0 for a page drawn whole at its dpi."""
    blob = models.CharField(max_length=DIGEST, blank=True)
    obstacle = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("item", "page")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "page", "dpi", "longest_edge"), name="page_image_is_unique"
            ),
            known("obstacle", ("", *Obstacle), "page_image_obstacle_is_known"),
            models.CheckConstraint(
                condition=Q(blob="") ^ Q(obstacle=""), name="page_image_is_drawn_or_not"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} page {self.page}"
