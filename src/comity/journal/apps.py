# SPDX-License-Identifier: Apache-2.0
"""The journal as a Django application."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "comity.journal"
    label = "journal"
