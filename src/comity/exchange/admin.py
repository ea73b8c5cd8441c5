# SPDX-License-Identifier: Apache-2.0
"""A read-only view of the exchange's tables, for whoever looks after the machine.

Nothing can be added, changed or deleted here: a write that skips the services skips the journal.
Sealed columns and signed documents are left out.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from comity.exchange import models


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # Django has no such parameter
    """A table that is only looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Partner)
class PartnerAdmin(ReadOnly):
    list_display = ("code", "state", "binding", "wire", "card_version", "fingerprint", "version")
    list_filter = ("state", "binding")
    exclude = ("card", "suspended_reason")


@admin.register(models.Way)
class WayAdmin(ReadOnly):
    list_display = ("partner", "failures", "problem", "not_before", "reached_at", "heard_at")


@admin.register(models.PartnerKey)
class PartnerKeyAdmin(ReadOnly):
    list_display = ("partner", "use", "key_id", "valid_from", "valid_until", "revoked_at")
    list_filter = ("use",)


@admin.register(models.OwnKey)
class OwnKeyAdmin(ReadOnly):
    list_display = ("use", "key_id", "valid_from", "valid_until", "revoked_at")
    list_filter = ("use",)


@admin.register(models.Message)
class MessageAdmin(ReadOnly):
    list_display = ("reference", "direction", "partner", "kind", "state", "problem", "recorded_at")
    list_filter = ("direction", "state", "kind")
    exclude = ("sealed", "law", "their_law")
    show_full_result_count = False


@admin.register(models.Evidence)
class EvidenceAdmin(ReadOnly):
    list_display = ("message", "kind", "by", "at", "reason", "to_tell", "told_at")
    list_filter = ("kind", "to_tell")
    exclude = ("document",)
    show_full_result_count = False


@admin.register(models.Alarm)
class AlarmAdmin(ReadOnly):
    list_display = ("reference", "kind", "partner", "raised_at", "repeated", "closed_at")
    list_filter = ("kind",)
    exclude = ("proof", "closed_reason")
