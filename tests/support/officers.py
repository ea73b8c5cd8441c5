# SPDX-License-Identifier: Apache-2.0
"""Officers of Northland, registered as a node registers them, and how they sign in.

Nobody here exists. `registered(Role.AUDITOR)` has chosen a password and set up an authenticator,
as everybody has who works; the arguments take either away.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.test import Client

from comity.accounts import services
from comity.accounts.officer import OPERATOR, Officer
from comity.accounts.permissions import Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "harbour lantern granite"  # of officers who exist in tests only
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def row_of(officer: Officer) -> object:
    """The table's row, for what only a row can tell."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(reference=officer.reference)


def registered(
    *roles: Role,
    name: str = "",
    own_password: bool = True,
    second_factor: bool = True,
    language: str = "en",
) -> Officer:
    """An officer of this node who holds these roles."""
    made = services.register_officer(
        sign_in_name=name or f"{'-'.join(roles)}"[:60],
        display_name=f"N. {'-'.join(roles).title()}"[:100],
        roles=roles,
        language=language,
        by=OPERATOR,
        at=NOON,
    )
    if own_password:
        services.change_own_password(made.officer.reference, PASSWORD, at=NOON)
    if second_factor:
        from allauth.mfa.totp.internal.auth import TOTP

        TOTP.activate(row_of(made.officer), SECRET)
    return made.officer


def code_now(secret: str = SECRET, steps: int = 0) -> str:
    """What an authenticator shows at this moment."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(client: Client, officer: Officer) -> Client:
    """The officer's browser after a full sign-in, without the steps."""
    from django.conf import settings

    client.force_login(row_of(officer), backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    proved = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [proved]
    session["account_authentication_methods_user"] = str(row_of(officer).pk)
    session.save()
    return client


def token_of(officer: Officer, *roles: Role) -> str:
    """A working token of the officer, with these roles or all that the officer holds."""
    from comity import clock

    return services.issue_token(
        "test", roles=frozenset(roles) or officer.roles, days=7, by=OPERATOR, owner=officer,
        at=clock.now(),
    ).secret  # fmt: skip


def journal_acts() -> list[tuple[str, str, str]]:
    """What the journal has come to: act, subject and actor of every entry."""
    from comity.journal import queries

    return [(e.act, e.subject, e.actor.reference) for e in queries.all_entries()]
