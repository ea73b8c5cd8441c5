# SPDX-License-Identifier: Apache-2.0
"""Statements on items, what they say of each item, redactions of them, and packages.

Hashes of leaves stand open, so that proofs survive erasure; salts and values lie sealed under the
item's key. Orders to pack lie sealed under the node's.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

from comity.evidence.models.columns import (
    ADMINISTRATION,
    ARTICLE,
    CASE,
    CODE,
    DIGEST,
    INSTRUMENT,
    REFERENCE,
    known,
)
from comity.evidence.models.items import Item
from comity.evidence.package import PackageKind
from comity.evidence.packing_order import OrderState
from comity.exchange.message_state import Direction


class SealedStatement(models.Model):
    """A statement as it was sealed, ours or a supplier's, byte for byte."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    """Ours, of every statement that we keep."""
    issuer = models.CharField(max_length=ADMINISTRATION)
    named = models.CharField(max_length=REFERENCE)
    """As its issuer calls it."""
    head = models.BinaryField()
    digest = models.CharField(max_length=DIGEST)
    """SHA-256 of the head."""
    signature = models.BinaryField()
    root = models.CharField(max_length=DIGEST)
    at = models.DateTimeField()
    """When its issuer says that it was made."""
    pilot = models.BooleanField()
    message = models.CharField(max_length=REFERENCE, blank=True)
    """Reference of the message that brought it."""
    own = models.BooleanField()
    """Whether it was made here, and so stands in our journal."""
    proofs = models.JSONField(default=list)
    """Proofs that it stands in others' journals, as they came."""

    class Meta:
        ordering = ("pk",)
        triggers = (pgtrigger.Protect(name="statement_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class StatedItem(models.Model):
    """What a statement says of an item, as far as it is known here."""

    statement = models.ForeignKey(SealedStatement, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="stated")
    number = models.PositiveIntegerField()
    """Its place among the statement's items."""
    path = models.JSONField(default=list)
    leaves = models.JSONField(default=list)
    """Name, hash and, where it came withheld, the reason of every leaf."""
    sealed = models.BinaryField(default=b"")
    """Salts, fields, custody and the names of pages, sealed under the item's key."""

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("statement", "item"), name="stated_once"),)

    def __str__(self) -> str:
        return f"{self.statement_id} on {self.item_id}"


class Redaction(models.Model):
    """What is to be withheld of an item when it is handed on."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="redactions")
    withheld = models.JSONField(default=dict)
    """Name of a leaf → code of the reason."""
    made_by = models.CharField(max_length=REFERENCE)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.reference


class Package(models.Model):
    """A package that was made here or came in. Its file is not kept with it."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    named = models.CharField(max_length=REFERENCE)
    """As whoever made it calls it."""
    kind = models.CharField(max_length=CODE)
    direction = models.CharField(max_length=CODE)
    partner = models.CharField(max_length=ADMINISTRATION, blank=True)
    case = models.CharField(max_length=CASE, blank=True)
    purpose = models.CharField(max_length=CODE, blank=True)
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    article = models.CharField(max_length=ARTICLE, blank=True)
    digest = models.CharField(max_length=DIGEST)
    size = models.BigIntegerField()
    made_by = models.CharField(max_length=REFERENCE)
    at = models.DateTimeField()
    message = models.CharField(max_length=REFERENCE, blank=True)
    blob = models.CharField(max_length=DIGEST, blank=True)
    """Where the exchange keeps the file on its way; empty once it was removed."""

    class Meta:
        ordering = ("-pk",)
        constraints = (
            known("kind", PackageKind, "package_kind_is_known"),
            known("direction", Direction, "package_direction_is_known"),
        )
        triggers = (pgtrigger.Protect(name="package_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class PackagedItem(models.Model):
    """An item in a package, and how much of it."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="packed")
    copy = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, related_name="packed_as_copy"
    )
    """The certified copy that went in beside it."""
    number = models.PositiveIntegerField()
    disclosure = models.CharField(max_length=CODE)
    withheld = models.JSONField(default=dict)
    """Code of a reason → how many parts were withheld for it."""

    class Meta:
        ordering = ("package", "number")
        constraints = (
            models.UniqueConstraint(fields=("package", "number"), name="packed_item_number"),
        )

    def __str__(self) -> str:
        return f"{self.package_id}/{self.number}"


class PackingOrder(models.Model):
    """An order to pack a bundle, and the key of its file while that is kept."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    state = models.CharField(max_length=CODE, default=OrderState.WAITING)
    asked_by = models.CharField(max_length=REFERENCE)
    asked_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    sealed = models.BinaryField(default=b"")
    """What is asked for, under the node's key; empty once the file is kept no longer."""
    attempts = models.PositiveIntegerField(default=0)
    """How often it was begun; who began an earlier attempt changes nothing any more."""
    step = models.CharField(max_length=CODE, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    package = models.OneToOneField(
        Package, on_delete=models.PROTECT, null=True, related_name="order"
    )
    copies = models.JSONField(default=list)
    """References of the certified copies that went in."""
    key = models.BinaryField(default=b"")
    """Of the file alone, under the node's; destroyed with the file."""
    blob = models.CharField(max_length=DIGEST, blank=True)
    """Where the file lies among the contents of evidence; empty once it was removed."""
    ended_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)
    """Code, message, remedy and fields of the error that stopped it."""

    class Meta:
        ordering = ("-pk",)
        constraints = (known("state", OrderState, "packing_order_state_is_known"),)

    def __str__(self) -> str:
        return self.reference
