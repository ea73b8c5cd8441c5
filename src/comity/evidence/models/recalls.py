# SPDX-License-Identifier: Apache-2.0
"""Recalls that we made or that reached us, and what every holder answered."""

from __future__ import annotations

import pgtrigger
from django.db import models

from comity.evidence.models.columns import ADMINISTRATION, CODE, REFERENCE, known
from comity.evidence.models.items import Item
from comity.evidence.recall import Demand, Ground, Outcome


class Recall(models.Model):
    """One recall, the same in all administrations by its `recall`."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    recall = models.UUIDField()
    identity = models.UUIDField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="recalls")
    demand = models.CharField(max_length=CODE)
    ground = models.CharField(max_length=CODE)
    origin = models.CharField(max_length=ADMINISTRATION)
    asked_by = models.CharField(max_length=ADMINISTRATION, blank=True)
    """The partner who asked us; empty where we made it."""
    answer_by = models.DateField()
    message = models.CharField(max_length=REFERENCE, blank=True)
    identifier = models.UUIDField(null=True)
    """Of the envelope that brought it; answers reply to it."""
    sealed = models.BinaryField(default=b"")
    """The demand as a document, under the item's key or the node's."""
    under_item = models.BooleanField(default=False)
    outcome = models.CharField(max_length=CODE, default=Outcome.PENDING)
    """Of our own copy; of one that we made it says nothing."""
    held_until = models.DateField(null=True)
    decided_by = models.CharField(max_length=REFERENCE, blank=True)
    decided_at = models.DateTimeField(null=True)
    answers_sent = models.PositiveIntegerField(default=0)
    timed_out_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=REFERENCE)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("identity",), name="recall_of_item"),)
        constraints = (
            models.UniqueConstraint(fields=("recall", "asked_by"), name="recall_is_kept_once"),
            known("demand", Demand, "recall_demand_is_known"),
            known("ground", Ground, "recall_ground_is_known"),
            known("outcome", Outcome, "recall_outcome_is_known"),
        )
        triggers = (pgtrigger.Protect(name="recall_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class RecallHolder(models.Model):
    """Somebody to whom we gave the item, and what they answered for all below them."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="holders")
    partner = models.CharField(max_length=ADMINISTRATION)
    message = models.CharField(max_length=REFERENCE, blank=True)
    identifier = models.UUIDField()
    """Of the envelope by which we asked; answers reply to it."""
    asked_at = models.DateTimeField()
    answer = models.JSONField(null=True)
    """The copies as the partner's latest answer reports them."""
    answer_number = models.PositiveIntegerField(default=0)
    answer_message = models.CharField(max_length=REFERENCE, blank=True)
    answered_at = models.DateTimeField(null=True)
    verified = models.JSONField(default=list)
    """Administrations below whose own signatures in the answer were verified here."""

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("recall", "partner"), name="recall_is_asked_once"),
        )
        triggers = (pgtrigger.Protect(name="recall_holder_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.recall_id} {self.partner}"
