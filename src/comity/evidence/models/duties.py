# SPDX-License-Identifier: Apache-2.0
"""Duties that follow from acts on items, each with its day, its article and how it ended."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from comity.agreements.assessment import Debtor
from comity.evidence.models.columns import (
    ADMINISTRATION,
    ARTICLE,
    CODE,
    INSTRUMENT,
    REFERENCE,
    known,
)
from comity.evidence.models.items import Item
from comity.evidence.obligation import LIVE, DutyState


class Duty(models.Model):
    """One duty: opened once, and ended at most once."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="duties")
    code = models.CharField(max_length=CODE)
    debtor = models.CharField(max_length=CODE)
    ours = models.BooleanField()
    counterpart = models.CharField(max_length=ADMINISTRATION, blank=True)
    due_on = models.DateField(null=True)
    treaty_deadline = models.BooleanField(default=False)
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    article = models.CharField(max_length=ARTICLE, blank=True)
    discharge = models.CharField(max_length=CODE)
    state = models.CharField(max_length=CODE, default=DutyState.OPEN)
    opened_on = models.DateField()
    source = models.CharField(max_length=REFERENCE)
    discharged_by = models.CharField(max_length=REFERENCE, blank=True)
    discharged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (
            models.Index(
                fields=("due_on", "id"),
                name="duty_falls_due",
                condition=Q(state__in=sorted(str(state) for state in LIVE)),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("item", "code", "source"), name="duty_is_opened_once"),
            known("state", DutyState, "duty_state_is_known"),
            known("debtor", Debtor, "duty_debtor_is_known"),
        )
        triggers = (pgtrigger.Protect(name="duty_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference
