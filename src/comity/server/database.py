# SPDX-License-Identifier: Apache-2.0
"""How the node reaches its database: embedded over a socket, or the server of DATABASE_URL.

Pages and jobs connect as the application role, which may not alter the journal; only
migrations connect as the owner. No framework here.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from comity.server.environment import Environment
from comity.server.postgres import socket_folder

DATABASE = "comity"
OWNER = "comity_owner"
APPLICATION = "comity_application"


def connection_of_url(url: str) -> dict[str, Any]:
    """Django's words for the parts of a database address."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }


def connection(environment: Environment, *, owner: bool = False) -> dict[str, Any]:
    """Where and as whom to connect: the application role, or the owner of the tables."""
    if environment.embedded:
        user = OWNER if owner else APPLICATION
        host = str(socket_folder(environment.home))
        return {
            "NAME": DATABASE,
            "USER": user,
            "PASSWORD": "",
            "HOST": host,
            "PORT": "",
            "OPTIONS": {},
        }
    url = environment.owner_database_url if owner else ""
    return connection_of_url(url or environment.database_url)


def django_database(environment: Environment) -> dict[str, Any]:
    """The value of Django's DATABASES["default"]."""
    parts = connection(environment)
    options = {**parts["OPTIONS"], "application_name": "comity"}
    if environment.database_pool:
        most = environment.database_pool
        options["pool"] = {"min_size": 1, "max_size": most, "timeout": 10, "max_idle": 300}
    return {
        **parts,
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
