# SPDX-License-Identifier: Apache-2.0
"""A read-only view of evidence's tables, for whoever looks after the machine.

Nothing can be added, changed or deleted here: a write that skips the services skips the journal.
Columns that are sealed, keys and documents are left out; what stays is references, codes, days.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import BinaryField, Field, ForeignKey, JSONField, Model, TextField
from django.http import HttpRequest

from comity.evidence import models

LEFT_OUT = (BinaryField, JSONField, TextField)
MOST_COLUMNS = 8


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # Django has no such parameter
    """A table that is only looked at."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def shown_columns(table: type[Model]) -> list[str]:
    """The columns of a table that hold references, codes, days and numbers."""
    return [field.name for field in _columns(table) if not isinstance(field, LEFT_OUT)]


def _columns(table: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in table._meta.get_fields() if isinstance(field, Field)]


def _view_of(table: type[Model]) -> type[ReadOnly]:
    shown = shown_columns(table)
    joined = [field.name for field in _columns(table) if isinstance(field, ForeignKey)]
    columns = {
        "list_display": shown[1 : MOST_COLUMNS + 1],
        "list_select_related": joined or False,
        "fields": shown[1:],
        "list_per_page": 50,
    }
    return type(f"{table.__name__}Admin", (ReadOnly,), columns)


for name in models.__all__:
    admin.site.register(getattr(models, name), _view_of(getattr(models, name)))
