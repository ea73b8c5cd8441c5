# SPDX-License-Identifier: Apache-2.0
"""The register of certified copies: a row for each number, in order and without holes."""

from __future__ import annotations

import pgtrigger
from django.db import models

from comity.evidence.copy_register import CopyState
from comity.evidence.models.columns import ARTICLE, CODE, DIGEST, INSTRUMENT, REFERENCE, known
from comity.evidence.models.items import Item

NUMBER = 40


class CertifiedCopy(models.Model):
    """One number, and what became of it; never removed. Its key is the number's last part."""

    number = models.CharField(max_length=NUMBER, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="certified_copies")
    copy = models.OneToOneField(
        Item, on_delete=models.PROTECT, null=True, related_name="certificate"
    )
    profile = models.CharField(max_length=CODE)
    languages = models.JSONField(default=list)
    state = models.CharField(max_length=CODE, default=CopyState.PREPARED)
    prepared_by = models.CharField(max_length=REFERENCE)
    prepared_at = models.DateTimeField()
    final_by = models.CharField(max_length=REFERENCE, blank=True)
    final_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)
    pages_digest = models.CharField(max_length=DIGEST, blank=True)
    digest = models.CharField(max_length=DIGEST, blank=True)
    pilot = models.BooleanField(default=False)
    decision = models.CharField(max_length=REFERENCE, blank=True)
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    article = models.CharField(max_length=ARTICLE, blank=True)
    sealed = models.BinaryField(default=b"")
    """Who signs, and how the copy is to be called, sealed under the copied item's key."""

    class Meta:
        ordering = ("-pk",)
        constraints = (known("state", CopyState, "certified_copy_state_is_known"),)
        triggers = (pgtrigger.Protect(name="certified_copy_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.number
