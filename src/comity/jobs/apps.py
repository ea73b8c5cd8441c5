# SPDX-License-Identifier: Apache-2.0
"""The jobs application; its table is the queue's own."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "comity.jobs"
    label = "jobs"
