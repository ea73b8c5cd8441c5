# SPDX-License-Identifier: Apache-2.0
"""A read-only view of the newsfeed's tables, for whoever looks after the machine.

Nothing can be added, changed or deleted here: a write that skips the services skips the journal.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from comity.newsfeed import models


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # Django has no such parameter
    """A table that is only looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.NewsSource)
class NewsSourceAdmin(ReadOnly):
    list_display = ("code", "title", "administration", "active", "read_at", "failures")
    list_filter = ("active",)


@admin.register(models.Release)
class ReleaseAdmin(ReadOnly):
    list_display = ("reference", "source", "edition", "title", "published", "received_at")
    exclude = ("search",)


@admin.register(models.Reading)
class ReadingAdmin(ReadOnly):
    list_display = ("release", "rules_edition", "read_at")


@admin.register(models.Card)
class CardAdmin(ReadOnly):
    list_display = ("reference", "kind", "instrument", "proposal_id", "made_at", "vanished_in")
    list_filter = ("kind",)


@admin.register(models.FurtherEvidence)
class FurtherEvidenceAdmin(ReadOnly):
    list_display = ("card", "release", "joined_at")


@admin.register(models.PublicChange)
class PublicChangeAdmin(ReadOnly):
    list_display = ("reference", "proposal_id", "instrument", "published_at", "taken_back_at")
