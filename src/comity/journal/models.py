# SPDX-License-Identifier: Apache-2.0
"""The journal's tables as Django reads them. They are made by `sql/`, append-only, and written
only through `services`; Django neither makes nor empties them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One link of the chain."""

    sequence = models.BigIntegerField(primary_key=True)
    identifier = models.UUIDField(unique=True)
    at = models.DateTimeField()
    actor = models.TextField()
    role = models.TextField()
    act = models.TextField()
    subject = models.TextField()
    instrument = models.TextField()
    article = models.TextField()
    facts = models.JSONField()
    digest = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_entry"
        ordering: ClassVar = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.act} {self.subject}"


class Checkpoint(models.Model):
    """A signed tree head."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "journal_checkpoint"
        ordering: ClassVar = ["size"]

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class Subtree(models.Model):
    """The hash of a complete subtree of the Merkle tree."""

    pk = models.CompositePrimaryKey("level", "position")
    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_subtree"

    def __str__(self) -> str:
        return f"subtree {self.level}/{self.position}"
