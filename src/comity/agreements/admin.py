# SPDX-License-Identifier: Apache-2.0
"""A read-only view of the overlay's tables, for whoever looks after the machine.

Nothing can be added, changed or deleted here: a write that skips the services skips the journal.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from comity.agreements import models


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # Django has no such parameter
    """A table that is only looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Confirmation)
class ConfirmationAdmin(ReadOnly):
    list_display = ("reference", "instrument", "subject", "state", "review_by", "version")
    list_filter = ("state", "subject")


@admin.register(models.PartnerStatement)
class PartnerStatementAdmin(ReadOnly):
    list_display = ("confirmation", "stance", "partner", "made_on")


@admin.register(models.StandingRuling)
class StandingRulingAdmin(ReadOnly):
    list_display = ("reference", "instrument", "form", "purpose", "verdict", "state")
    list_filter = ("state",)


@admin.register(models.Attestation)
class AttestationAdmin(ReadOnly):
    list_display = ("reference", "party_one", "party_other", "valid_from", "valid_until")


@admin.register(models.Proposal)
class ProposalAdmin(ReadOnly):
    list_display = ("reference", "kind", "instrument", "state", "origin", "version")
    list_filter = ("state", "kind")


@admin.register(models.LocalEntry)
class LocalEntryAdmin(ReadOnly):
    list_display = ("proposal", "kind", "instrument", "added_at")


@admin.register(models.Assessment)
class AssessmentAdmin(ReadOnly):
    list_display = ("reference", "kind", "verdict", "governing", "assessed_at")
    list_filter = ("verdict", "kind")
