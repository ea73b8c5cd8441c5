# SPDX-License-Identifier: Apache-2.0
"""The desk as a Django application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "comity.desk"
    label = "desk"
