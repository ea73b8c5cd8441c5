# SPDX-License-Identifier: Apache-2.0
"""Uses of items in proceedings, and what two administrations said to each other about them.

What a person wrote lies in `sealed`: under the item's key where we hold the item, so that erasing
the item erases it, and under the node's key where we hold none of that identity.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

from comity.agreements.question import Proceeding, Recipient
from comity.evidence.models.columns import (
    ADMINISTRATION,
    ARTICLE,
    CODE,
    INSTRUMENT,
    REFERENCE,
    known,
)
from comity.evidence.models.items import Item
from comity.evidence.use import ConsentState
from comity.evidence.use_messages import Occasion, RulingOutcome
from comity.exchange.message_state import Direction
from comity.reference.taxonomy import Purpose


class Use(models.Model):
    """A use of an item in a proceeding; never changed."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="uses")
    purpose = models.CharField(max_length=CODE)
    proceeding = models.CharField(max_length=CODE)
    on = models.DateField()
    supplier = models.CharField(max_length=ADMINISTRATION, blank=True)
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    article = models.CharField(max_length=ARTICLE, blank=True)
    verdict = models.CharField(max_length=CODE)
    sealed = models.BinaryField(default=b"")
    """The court or authority, as its officer wrote it, under the item's key."""
    recorded_by = models.CharField(max_length=REFERENCE)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            known("purpose", Purpose, "use_purpose_is_known"),
            known("proceeding", Proceeding, "use_proceeding_is_known"),
        )
        triggers = (pgtrigger.Protect(name="use_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class Statement(models.Model):
    """What one administration tells or asks another about an item; ours or theirs."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    direction = models.CharField(max_length=3)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    """None where we hold no item of this identity."""
    identity = models.UUIDField()
    partner = models.CharField(max_length=ADMINISTRATION)
    message = models.CharField(max_length=REFERENCE, blank=True)
    identifier = models.UUIDField()
    """Of the envelope that carried it."""
    sealed = models.BinaryField(default=b"")
    under_item = models.BooleanField(default=False)
    """Whether `sealed` opens with the item's key, and not with the node's."""
    recorded_by = models.CharField(max_length=REFERENCE)
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference


def statement_constraints(name: str) -> tuple[models.BaseConstraint, ...]:
    """What holds of every table of statements: told once in each direction, by a known side."""
    return (
        models.UniqueConstraint(
            fields=("direction", "partner", "identifier"), name=f"{name}_is_told_once"
        ),
        known("direction", Direction, f"{name}_direction_is_known"),
    )


class UseNotice(Statement):
    """A notice that an item is used or passed on."""

    occasion = models.CharField(max_length=CODE)
    purpose = models.CharField(max_length=CODE)
    proceeding = models.CharField(max_length=CODE)
    recipient = models.CharField(max_length=CODE, blank=True)
    recipient_code = models.CharField(max_length=CODE, blank=True)
    on = models.DateField()
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    article = models.CharField(max_length=ARTICLE, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_as = models.CharField(max_length=CODE, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("identity", "direction"), name="notice_of_item"),)
        constraints = (
            *statement_constraints("use_notice"),
            known("occasion", Occasion, "use_notice_occasion_is_known"),
            known("purpose", Purpose, "use_notice_purpose_is_known"),
            known("recipient", ("", *Recipient), "use_notice_recipient_is_known"),
        )
        triggers = (pgtrigger.Protect(name="use_notice_stays", operation=pgtrigger.Delete),)


class Consent(Statement):
    """A request for consent, and its answer."""

    occasion = models.CharField(max_length=CODE)
    purpose = models.CharField(max_length=CODE)
    proceeding = models.CharField(max_length=CODE)
    recipient = models.CharField(max_length=CODE, blank=True)
    recipient_code = models.CharField(max_length=CODE, blank=True)
    wanted_until = models.DateField(null=True)
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    article = models.CharField(max_length=ARTICLE, blank=True)
    state = models.CharField(max_length=CODE, default=ConsentState.ASKED)
    until = models.DateField(null=True)
    sealed_conditions = models.BinaryField(default=b"")
    answer_message = models.CharField(max_length=REFERENCE, blank=True)
    answered_by = models.CharField(max_length=REFERENCE, blank=True)
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("identity", "direction"), name="consent_of_item"),)
        constraints = (
            *statement_constraints("consent"),
            known("state", ConsentState, "consent_state_is_known"),
            known("occasion", Occasion, "consent_occasion_is_known"),
            known("purpose", Purpose, "consent_purpose_is_known"),
            known("recipient", ("", *Recipient), "consent_recipient_is_known"),
        )
        triggers = (pgtrigger.Protect(name="consent_stays", operation=pgtrigger.Delete),)


class CourtRuling(Statement):
    """A court's ruling on an item."""

    use = models.ForeignKey(Use, on_delete=models.PROTECT, null=True, related_name="rulings")
    outcome = models.CharField(max_length=CODE)
    proceeding = models.CharField(max_length=CODE)
    on = models.DateField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            *statement_constraints("court_ruling"),
            known("outcome", RulingOutcome, "court_ruling_outcome_is_known"),
        )
        triggers = (pgtrigger.Protect(name="court_ruling_stays", operation=pgtrigger.Delete),)
