# SPDX-License-Identifier: Apache-2.0
"""The server as a Django application: the frame's templates, tags and static files."""

from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "comity.server"
    label = "server"
