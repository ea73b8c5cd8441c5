# SPDX-License-Identifier: Apache-2.0
"""Evidence as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "comity.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
