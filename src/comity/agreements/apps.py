# SPDX-License-Identifier: Apache-2.0
"""The agreements application: what the administration adds to the shipped register."""

from __future__ import annotations

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "comity.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
