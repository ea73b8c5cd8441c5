# SPDX-License-Identifier: Apache-2.0
"""Holds, destruction lists, subjects, corrections, flags, and the registers of what was given out.

What a person wrote lies in `sealed`: under the item's key, the subject's, or the node's where there
is neither. Nothing here is ever removed but a subject's key and who a subject's items were.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from comity.evidence.lifetime import (
    DestructionGround,
    DisclosedTo,
    EntryOutcome,
    FlagCode,
    HoldGround,
    ListState,
)
from comity.evidence.models.columns import (
    ADMINISTRATION,
    ARTICLE,
    CODE,
    DIGEST,
    INSTRUMENT,
    REFERENCE,
    known,
)
from comity.evidence.models.items import CaseFile, Channel, Item
from comity.evidence.models.uses import Statement, statement_constraints


class LegalHold(models.Model):
    """A legal hold on one item, or on everything in one case file."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="holds")
    case_file = models.ForeignKey(
        CaseFile, on_delete=models.PROTECT, null=True, related_name="holds"
    )
    ground = models.CharField(max_length=CODE)
    sealed = models.BinaryField(default=b"")
    """Why, in words, under the node's key."""
    placed_by = models.CharField(max_length=REFERENCE)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=REFERENCE, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            known("ground", HoldGround, "legal_hold_ground_is_known"),
            models.CheckConstraint(
                condition=Q(item__isnull=True) ^ Q(case_file__isnull=True),
                name="legal_hold_is_on_one_thing",
            ),
        )
        triggers = (pgtrigger.Protect(name="legal_hold_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class Subject(models.Model):
    """A person whom items are about; destroying `sealed_key` leaves a reference and no more."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    sealed_key = models.BinaryField(default=b"")
    """32 bytes, sealed with the node's storage key; empty once erased."""
    sealed = models.BinaryField(default=b"")
    """What identifies the person, under the person's own key; empty once erased."""
    made_by = models.CharField(max_length=REFERENCE)
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        triggers = (pgtrigger.Protect(name="subject_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class SubjectItem(models.Model):
    """That an item is about a person."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="links")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="subjects")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject", "item"), name="subject_item_is_unique"),
        )

    def __str__(self) -> str:
        return f"{self.subject_id} in {self.item_id}"


class DestructionList(models.Model):
    """A destruction list: drafted by one person, decided by another."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    state = models.CharField(max_length=CODE, default=ListState.DRAFTED)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, related_name="erasures"
    )
    recall = models.CharField(max_length=REFERENCE, blank=True)
    """Reference of the recall that it answers; empty for none."""
    drafted_by = models.CharField(max_length=REFERENCE)
    drafted_at = models.DateTimeField()
    decided_by = models.CharField(max_length=REFERENCE, blank=True)
    decided_at = models.DateTimeField(null=True)
    certificate = models.BinaryField(default=b"")
    """The sealed JSON that says what was destroyed; no content, no name."""
    certificate_seal = models.BinaryField(default=b"")
    certificate_pdf = models.BinaryField(default=b"")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-pk",)
        constraints = (known("state", ListState, "destruction_list_state_is_known"),)
        triggers = (pgtrigger.Protect(name="destruction_list_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class DestructionEntry(models.Model):
    """One line of a destruction list."""

    list = models.ForeignKey(DestructionList, on_delete=models.PROTECT, related_name="entries")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="destructions")
    ground = models.CharField(max_length=CODE)
    outcome = models.CharField(max_length=CODE, default=EntryOutcome.PENDING)
    hold = models.CharField(max_length=REFERENCE, blank=True)
    digest = models.CharField(max_length=DIGEST, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("list", "item"), name="destruction_entry_is_unique"),
            known("ground", DestructionGround, "destruction_entry_ground_is_known"),
            known("outcome", EntryOutcome, "destruction_entry_outcome_is_known"),
        )
        triggers = (pgtrigger.Protect(name="destruction_entry_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.list_id} {self.item_id}"


class Correction(Statement):
    """What a supplier says is right instead, told once to each holder."""

    fields = models.JSONField(default=list)
    """Names of the fields that it speaks of; what it says of them lies in `sealed`."""
    replacement = models.UUIDField(null=True)
    """Identity of the item that takes its place; it comes in a package of its own."""
    on = models.DateField()

    class Meta:
        ordering = ("-pk",)
        constraints = statement_constraints("correction")
        triggers = (pgtrigger.Protect(name="correction_stays", operation=pgtrigger.Delete),)


class Flag(models.Model):
    """Something on an item that a person must look at again."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="flags")
    code = models.CharField(max_length=CODE)
    source = models.CharField(max_length=REFERENCE)
    at = models.DateTimeField()
    cleared_by = models.CharField(max_length=REFERENCE, blank=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("item", "code", "source"), name="flag_is_raised_once"),
            known("code", FlagCode, "flag_code_is_known"),
        )
        triggers = (pgtrigger.Protect(name="flag_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.code}"


class Narrowing(models.Model):
    """A stricter marking that a supplier laid on a channel afterwards; it joins the channel's."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="narrowings")
    source = models.CharField(max_length=REFERENCE)
    """Reference of the recall that demanded it."""
    marking = models.JSONField(default=dict)
    """`handling.marking` as a document; restrictions in words lie in `sealed`."""
    sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("channel", "source"), name="narrowing_is_made_once"),
        )
        triggers = (pgtrigger.Protect(name="narrowing_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.channel_id} {self.source}"


class Disclosure(models.Model):
    """That an item was given out; whoever holds a copy is found here."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="disclosures")
    to = models.CharField(max_length=CODE)
    recipient = models.CharField(max_length=CODE, blank=True)
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    article = models.CharField(max_length=ARTICLE, blank=True)
    source = models.CharField(max_length=REFERENCE)
    message = models.CharField(max_length=REFERENCE, blank=True)
    on = models.DateField()
    sealed = models.BinaryField(default=b"")
    """To whom exactly and what was given, in words, under the item's key."""
    recorded_by = models.CharField(max_length=REFERENCE)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("item", "to", "recipient", "source"), name="disclosure_is_recorded_once"
            ),
            known("to", DisclosedTo, "disclosure_recipient_is_known"),
        )
        triggers = (pgtrigger.Protect(name="disclosure_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class Assurance(models.Model):
    """An assurance of confidence and purpose limits, and its breach where there was one."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    partner = models.CharField(max_length=ADMINISTRATION)
    ours = models.BooleanField()
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="assurances")
    given_on = models.DateField()
    sealed = models.BinaryField(default=b"")
    recorded_by = models.CharField(max_length=REFERENCE)
    recorded_at = models.DateTimeField()
    breached_on = models.DateField(null=True)
    sealed_breach = models.BinaryField(default=b"")
    breach_recorded_by = models.CharField(max_length=REFERENCE, blank=True)
    breach_recorded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("partner", "ours"), name="assurance_of_partner"),)
        triggers = (pgtrigger.Protect(name="assurance_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference
