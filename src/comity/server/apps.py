# SPDX-License-Identifier: Apache-2.0
"""The server as an application: brings the frame's templates, static files and checks."""

from __future__ import annotations

from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "comity.server"
    label = "server"
