# SPDX-License-Identifier: Apache-2.0
"""What was decided at the door out, item by item; what a person decided; and the ceilings set."""

from __future__ import annotations

import pgtrigger
from django.db import models

from comity.agreements.question import Proceeding, Recipient
from comity.agreements.verdict import Verdict
from comity.evidence.models.columns import (
    ADMINISTRATION,
    CODE,
    DIGEST,
    INSTRUMENT,
    REFERENCE,
    known,
)
from comity.evidence.models.items import Channel, Item
from comity.evidence.way_out import PARTNER, Refusal, WayOut
from comity.reference.taxonomy import Purpose


class Decision(models.Model):
    """One decision on letting items out by one way; never changed."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    way = models.CharField(max_length=CODE)
    recipient = models.CharField(max_length=CODE, blank=True)
    recipient_code = models.CharField(max_length=CODE, blank=True)
    decided_for = models.CharField(max_length=REFERENCE)
    """Reference of the officer who was to have the items."""
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    permitted = models.PositiveIntegerField()
    digest = models.CharField(max_length=DIGEST)
    """SHA-256 over the lines of its items, as the journal has it."""

    class Meta:
        ordering = ("-pk",)
        constraints = (
            known("way", WayOut, "decision_way_is_known"),
            known("recipient", ("", *Recipient, PARTNER), "decision_recipient_is_known"),
        )
        triggers = (
            pgtrigger.Protect(
                name="decision_stands", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return self.reference


class DecidedItem(models.Model):
    """What one decision said of one item."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="decided")
    permitted = models.BooleanField()
    verdict = models.CharField(max_length=CODE)
    reason = models.CharField(max_length=CODE, blank=True)
    channel = models.PositiveIntegerField(default=0)
    """Number of the channel relied on; 0 for none."""
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    purpose = models.CharField(max_length=CODE, blank=True)
    proceeding = models.CharField(max_length=CODE, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            known("verdict", Verdict, "decided_item_verdict_is_known"),
            known("reason", ("", *Refusal), "decided_item_reason_is_known"),
            known("purpose", ("", *Purpose), "decided_item_purpose_is_known"),
        )
        triggers = (
            pgtrigger.Protect(
                name="decided_item_stands", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision_id} {self.item_id}"


class PersonDecision(models.Model):
    """What a person decided where the law leaves the matter to one."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="person_decisions")
    purpose = models.CharField(max_length=CODE)
    proceeding = models.CharField(max_length=CODE)
    recipient = models.CharField(max_length=CODE, blank=True)
    recipient_code = models.CharField(max_length=CODE, blank=True)
    permitted = models.BooleanField()
    sealed = models.BinaryField(default=b"")
    """Why, in words, under the item's key."""
    decided_by = models.CharField(max_length=REFERENCE)
    decided_at = models.DateTimeField()
    until = models.DateField(null=True)
    withdrawn_by = models.CharField(max_length=REFERENCE, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            known("purpose", Purpose, "person_decision_purpose_is_known"),
            known("proceeding", Proceeding, "person_decision_proceeding_is_known"),
            known("recipient", ("", *Recipient, PARTNER), "person_decision_recipient_is_known"),
        )
        triggers = (pgtrigger.Protect(name="person_decision_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class HandlingCeiling(models.Model):
    """A ceiling as it was set on a day; the latest row of a partner, or of the desk, counts."""

    partner = models.CharField(max_length=ADMINISTRATION, blank=True)
    """Empty for the desk itself."""
    ceiling = models.JSONField()
    set_by = models.CharField(max_length=REFERENCE)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("partner", "-id"), name="ceiling_of_partner"),)
        triggers = (
            pgtrigger.Protect(name="ceiling_stands", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.partner or 'desk'} {self.pk}"


class WithdrawnChannel(models.Model):
    """That nothing may rest any more on what came by a channel; the item stays."""

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="withdrawal")
    source = models.CharField(max_length=REFERENCE, blank=True)
    """Reference of the recall that demanded it, where one did."""
    on = models.DateField()
    withdrawn_by = models.CharField(max_length=REFERENCE)
    at = models.DateTimeField()

    class Meta:
        triggers = (
            pgtrigger.Protect(
                name="channel_withdrawal_stands", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel_id} {self.source}"
