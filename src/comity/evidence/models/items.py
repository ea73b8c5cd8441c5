# SPDX-License-Identifier: Apache-2.0
"""Items, the keys that open them, the channels by which they came, and their case files."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from comity.evidence.item import ItemKind, ItemState, Rank
from comity.evidence.models.columns import (
    ADMINISTRATION,
    CASE,
    CODE,
    DIGEST,
    INSTRUMENT,
    MEDIA_TYPE,
    REFERENCE,
    known,
)
from comity.reference.taxonomy import Purpose


class CaseFile(models.Model):
    """A case file: what its items are used for."""

    reference = models.CharField(max_length=CASE, unique=True)
    purpose = models.CharField(max_length=CODE)
    offences = models.JSONField(default=list)
    officers = models.JSONField(default=list)
    opened_by = models.CharField(max_length=REFERENCE)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("reference",)
        constraints = (known("purpose", Purpose, "case_file_purpose_is_known"),)
        triggers = (pgtrigger.Protect(name="case_file_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class Item(models.Model):
    """An item of evidence. Its description lies sealed under its own key."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    identity = models.UUIDField(unique=True)
    kind = models.CharField(max_length=CODE)
    rank = models.CharField(max_length=CODE)
    state = models.CharField(max_length=CODE, default=ItemState.HELD)
    case_file = models.ForeignKey(
        CaseFile, on_delete=models.PROTECT, null=True, related_name="items"
    )
    sealed = models.BinaryField(default=b"")
    """The description, sealed under the item's key; empty once the key is destroyed."""
    blob = models.CharField(max_length=DIGEST, blank=True)
    media_type = models.CharField(max_length=MEDIA_TYPE, blank=True)
    size = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=DIGEST, blank=True)
    certifiable = models.BooleanField(default=True)
    content_fault = models.CharField(max_length=CODE, blank=True)
    """What the last verification found wrong with the stored content."""
    findable = models.BooleanField(default=False)
    """Whether the words by which it is found were kept."""
    return_by = models.DateField(null=True)
    added_by = models.CharField(max_length=REFERENCE)
    added_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    """When its content and custody were last held against what was recorded."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("case_file", "-id"), name="item_of_case"),
            models.Index(fields=("state", "-id"), name="item_in_state"),
            models.Index(fields=("kind", "-id"), name="item_of_kind"),
            models.Index(fields=("rank", "-id"), name="item_of_rank"),
            models.Index(fields=("verified_at", "id"), name="item_last_verified"),
            models.Index(
                fields=("return_by",), name="item_to_return", condition=Q(return_by__isnull=False)
            ),
            models.Index(fields=("-id",), name="item_withheld", condition=Q(certifiable=False)),
            models.Index(fields=("digest",), name="item_digest"),
        )
        constraints = (
            known("kind", ItemKind, "item_kind_is_known"),
            known("rank", Rank, "item_rank_is_known"),
            known("state", ItemState, "item_state_is_known"),
        )
        triggers = (pgtrigger.Protect(name="item_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class ItemKey(models.Model):
    """The key that opens an item's content and description; destroying the row erases both."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="key")
    sealed = models.BinaryField()
    """32 bytes, sealed with the node's storage key."""

    def __str__(self) -> str:
        return f"key of {self.item_id}"


class StoredContent(models.Model):
    """A content that lies in the store under an item's key: its own, or one made of it."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="stored")
    blob = models.CharField(max_length=DIGEST, unique=True)
    size = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.item_id} {self.size}"


class Channel(models.Model):
    """One way by which an item came, with the marking laid on it then; never changed."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="channels")
    number = models.PositiveIntegerField()
    supplier = models.CharField(max_length=ADMINISTRATION, blank=True)
    supplied_on = models.DateField(null=True)
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    form = models.CharField(max_length=CODE, blank=True)
    requested_on = models.DateField(null=True)
    message = models.CharField(max_length=REFERENCE, blank=True)
    marking = models.JSONField(default=dict)
    """`handling.marking` as a document; restrictions in words lie in `sealed`."""
    sealed = models.BinaryField(default=b"")

    class Meta:
        ordering = ("item", "number")
        indexes = (
            models.Index(
                fields=("supplier", "-item"), name="channel_of_supplier", condition=~Q(supplier="")
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="channel_number_is_unique"),
        )

    def __str__(self) -> str:
        return f"{self.item_id}/{self.number}"


class Derivation(models.Model):
    """That an item was made from another one."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="inputs")
    source = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="outcomes")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("item", "source"), name="derivation_is_unique"),
        )

    def __str__(self) -> str:
        return f"{self.item_id} from {self.source_id}"


class Claim(models.Model):
    """What one author says of one field of an item's description."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="claims")
    field = models.CharField(max_length=CODE)
    sealed = models.BinaryField()
    author = models.CharField(max_length=REFERENCE)
    at = models.DateTimeField()

    class Meta:
        ordering = ("item", "at", "pk")

    def __str__(self) -> str:
        return f"{self.item_id} {self.field}"
