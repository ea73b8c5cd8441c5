# SPDX-License-Identifier: Apache-2.0
"""The server as a Django application: the frame's templates, tags and static files."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class ServerConfig(AppConfig):
    default = True
    name = "comity.server"
    label = "server"


class ReadOnlyAdminConfig(admin.AdminConfig):
    default = False
    default_site = "comity.server.admin_site.ReadOnlySite"
