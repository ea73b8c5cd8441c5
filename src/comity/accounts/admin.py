# SPDX-License-Identifier: Apache-2.0
"""A read-only view of the accounts' tables, for whoever looks after the machine.

Nothing can be added, changed or deleted here: a write that skips the services skips the journal.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from comity.accounts import models


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # Django has no such parameter
    """A table that is only looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Officer)
class OfficerAdmin(ReadOnly):
    list_display = ("reference", "sign_in_name", "is_active", "registered_at", "version")
    exclude = ("password",)


@admin.register(models.RecoveryRequest)
class RecoveryAdmin(ReadOnly):
    list_display = ("reference", "officer", "state", "requested_at", "closed_at")


@admin.register(models.ApiToken)
class ApiTokenAdmin(ReadOnly):
    list_display = ("reference", "owner", "expires_at", "last_used_at", "revoked_at")
    exclude = ("digest",)
