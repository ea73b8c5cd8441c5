# SPDX-License-Identifier: Apache-2.0
"""The newsfeed application: releases kept, proposals made of them, changes published."""

from __future__ import annotations

from django.apps import AppConfig


class NewsfeedConfig(AppConfig):
    name = "comity.newsfeed"
    label = "newsfeed"
    default_auto_field = "django.db.models.BigAutoField"
