# SPDX-License-Identifier: Apache-2.0
"""Fills the browser tests' node: tables, the register, one officer per role, their sessions.

Runs as a process of the node and prints what it made as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django


def main() -> None:
    """Migrate, register, sign in."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    json.dump(made(), sys.stdout)


def made() -> dict[str, Any]:
    """The officers of Northland, one for each role, and their sessions."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from comity.accounts.permissions import Role
    from comity.clock import now

    settings.ALLOWED_HOSTS.append("testserver")
    sessions = {}
    for number, role in enumerate(Role, start=1):
        # Made directly: registration by an administrator has its own tests.
        row = get_user_model().objects.create(
            reference=f"OFF-T{number:03}",
            sign_in_name=role.value,
            display_name=role.value.replace("-", " ").capitalize(),
            roles=[role.value],
            registered_at=now(),
            second_factor_postponed=True,
        )
        client = Client()
        client.force_login(row, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.session  # as if the password had been given a moment ago
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
        sessions[role.value] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"sessions": sessions}


if __name__ == "__main__":
    main()
