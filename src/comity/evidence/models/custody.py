# SPDX-License-Identifier: Apache-2.0
"""Custody of items, hand-overs under way, and the alarms that both raise."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import CustodyAct
from comity.evidence.hand_over import HandOverState
from comity.evidence.models.columns import ADMINISTRATION, CODE, DIGEST, REFERENCE, known
from comity.evidence.models.items import Item


class CustodyEvent(models.Model):
    """One act in an item's custody, as it was chained; never changed, never removed."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="custody")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=CODE)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=REFERENCE)
    role = models.CharField(max_length=CODE)
    authority = models.CharField(max_length=ADMINISTRATION, blank=True)
    purpose = models.CharField(max_length=CODE, blank=True)
    counterpart = models.CharField(max_length=REFERENCE, blank=True)
    digest_before = models.CharField(max_length=DIGEST, blank=True)
    digest_after = models.CharField(max_length=DIGEST, blank=True)
    outcome = models.CharField(max_length=DIGEST, blank=True)
    words_digest = models.CharField(max_length=DIGEST, blank=True)
    sealed = models.BinaryField(default=b"")
    """The words and their salt, sealed under the item's key."""
    previous = models.CharField(max_length=DIGEST)
    digest = models.CharField(max_length=DIGEST)

    class Meta:
        ordering = ("item", "number")
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="custody_number_is_unique"),
            known("act", CustodyAct, "custody_act_is_known"),
        )
        triggers = (
            pgtrigger.Protect(name="custody_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.number} {self.act}"


class HandOver(models.Model):
    """An item on its way from one hand to another, until the other side answers."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="hand_overs")
    """None where another administration hands over what has no record here, or not yet."""
    identity = models.UUIDField(null=True)
    """Of the item, where another administration is on the other side."""
    what = models.CharField(max_length=CODE, blank=True)
    """The kind of thing, as who offers it says."""
    state = models.CharField(max_length=CODE, default=HandOverState.PROPOSED)
    giver = models.CharField(max_length=REFERENCE)
    giver_role = models.CharField(max_length=CODE, blank=True)
    officer = models.CharField(max_length=REFERENCE, blank=True)
    """The officer of this node to whom it goes; empty where it goes to an administration."""
    administration = models.CharField(max_length=ADMINISTRATION, blank=True)
    purpose = models.CharField(max_length=CODE, blank=True)
    for_good = models.BooleanField(default=False)
    """Whether it goes back to whom it belongs to, rather than on."""
    on = models.DateField(null=True)
    """The day on which it was handed to its carrier."""
    sealed = models.BinaryField(default=b"")
    """What the giver wrote."""
    under_item = models.BooleanField(default=True)
    """Whether what is sealed opens with the item's key, and not with the node's."""
    sealed_taken = models.BinaryField(default=b"")
    """What the taker wrote, until the item's record is here; under the node's key."""
    proposed_at = models.DateTimeField()
    answered_by = models.CharField(max_length=REFERENCE, blank=True)
    answered_role = models.CharField(max_length=CODE, blank=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=CODE, blank=True)
    message = models.CharField(max_length=REFERENCE, blank=True)
    """Reference of the message by which the other administration asks or was asked."""
    kind = models.CharField(max_length=CODE, blank=True)
    """The kind of that message; its answer has the same."""
    identifier = models.UUIDField(null=True)
    """Of the envelope that carried it."""
    told = models.CharField(max_length=REFERENCE, blank=True)
    """Reference of the last message by which we told the other administration of it."""
    problem = models.CharField(max_length=CODE, blank=True)
    """Why that message did not reach them; empty where nothing is known against it."""
    incoming = models.BooleanField(default=False)
    """Whether another administration hands it over to us."""
    their_reference = models.CharField(max_length=REFERENCE, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            known("state", HandOverState, "hand_over_state_is_known"),
            models.UniqueConstraint(
                fields=("item",),
                name="one_hand_over_at_a_time",
                condition=Q(state=HandOverState.PROPOSED.value),
            ),
            models.CheckConstraint(
                condition=Q(officer="") ^ Q(administration=""), name="hand_over_has_one_taker"
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False) | Q(identity__isnull=False),
                name="hand_over_has_an_item",
            ),
            models.UniqueConstraint(
                fields=("incoming", "administration", "identifier"), name="hand_over_is_told_once"
            ),
        )
        triggers = (pgtrigger.Protect(name="hand_over_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class Alarm(models.Model):
    """Something about an item that a person must look at."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    kind = models.CharField(max_length=CODE)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="alarms")
    facts = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    repeated = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=REFERENCE, blank=True)
    sealed = models.BinaryField(default=b"")
    """Why it was closed, sealed under the node's key."""

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=("-id",), name="alarm_of_evidence_open", condition=Q(closed_at__isnull=True)
            ),
        )
        constraints = (known("kind", AlarmKind, "alarm_of_evidence_is_known"),)

    def __str__(self) -> str:
        return self.reference
